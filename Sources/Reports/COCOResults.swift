import Datasets
import Findings
import Foundation
import Outputs

/// COCO's results format, which pycocotools scores: image_id, category_id, bbox, score.
public struct COCOResults: Sendable {
    private let imageIDs: [String: Int]

    /// - Parameter dataset: Names the images: an input is the image of the same file stem.
    public init(dataset: Dataset) {
        self.init(imageIDs: Dictionary(dataset.images.map { (Self.stem($0.fileName), $0.id) }) { first, _ in first })
    }

    /// - Parameter imageIDs: COCO's `image_id` by file stem.
    public init(imageIDs: [String: Int]) { self.imageIDs = imageIDs }

    /// - Returns: The JSON array, and the paths of images that the dataset does not have, whose findings are left out.
    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    public func document(_ images: [ImageFindings]) throws -> (json: Data, unknown: [String]) {
        var entries: [Entry] = []
        var unknown: [String] = []
        for image in images {
            guard let imageID = imageIDs[Self.stem(image.reference.path)] else {
                unknown.append(image.reference.path)
                continue
            }
            entries += image.findings.map { Entry(imageID: imageID, finding: $0) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return (try encoder.encode(entries) + Data("\n".utf8), unknown)
        } catch {
            throw ReportError(.cannotEncode, "a score or a box is not a finite number")
        }
    }

    private static func stem(_ path: String) -> String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }

    private struct Entry: Encodable {
        var imageID: Int
        var categoryID: Int
        var bbox: [Double]
        /// Not rounded to four places: ties would change the order that average precision is made of.
        var score: Double

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case categoryID = "category_id"
            case bbox, score
        }

        init(imageID: Int, finding: Finding) {
            self.imageID = imageID
            categoryID = finding.findingClass.id
            bbox = Rounding.box(finding.boundingBox)
            score = finding.score
        }
    }
}
