import Datasets
import Findings
import Foundation
import Outputs

/// COCO's results format, which pycocotools scores: image_id, category_id, bbox, score; and file_name beside, since where files are called
/// by numbers an image_id alone could mean another image.
public struct COCOResults: Sendable {
    private let names: ImageNames
    private let images: [(name: String, id: Int)]

    /// - Parameter dataset: Names the images: an input is the image whose name its path fits, whatever its suffix.
    public init(dataset: Dataset) { self.init(dataset.images.map { ($0.fileName, $0.id) }) }

    /// - Parameter images: COCO's `image_id` of each image by its name.
    public init(_ images: [(name: String, id: Int)]) {
        names = ImageNames(images.map(\.name))
        self.images = images
    }

    /// - Returns: The JSON array, and the images whose findings are left out, with the reason.
    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    public func document(_ outcomes: [ImageFindings]) throws -> (json: Data, leftOut: [(path: String, reason: String)]) {
        var entries: [Entry] = []
        var leftOut: [(path: String, reason: String)] = []
        for image in outcomes {
            let path = image.reference.name
            // Of a relative path the folder that it begins in tells two images of one name apart.
            let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
            switch names.match(whole) {
            case .one(let index):
                entries += image.findings.map { Entry(imageID: images[index].id, fileName: images[index].name, finding: $0) }
            case .none: leftOut.append((path, "not an image of the dataset"))
            case .several: leftOut.append((path, "several images of the dataset could be this one"))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return (try encoder.encode(entries) + Data("\n".utf8), leftOut)
        } catch {
            throw ReportError(.cannotEncode, "a score or a box is not a finite number")
        }
    }

    private struct Entry: Encodable {
        var imageID: Int
        var fileName: String
        var categoryID: Int
        var bbox: [Double]
        /// Not rounded to four places: ties would change the order that average precision is made of.
        var score: Double

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case fileName = "file_name"
            case categoryID = "category_id"
            case bbox, score
        }

        init(imageID: Int, fileName: String, finding: Finding) {
            self.imageID = imageID
            self.fileName = fileName
            categoryID = finding.findingClass.id
            bbox = Rounding.box(finding.boundingBox)
            score = finding.score
        }
    }
}
