import Findings
import Foundation
import Outputs

/// The JSON of `pleura detect --json`, schema 1: a contract with other programs (`Documentation` has it in full).
///
/// An image's keys stand in alphabetical order, absent values are left out, `findings` and `warnings` are always there.
public enum FindingsJSON {
    /// Counts up when a key changes its meaning; new keys do not change it.
    public static let schema = 1

    /// The whole document, one image a line.
    /// - Parameter notice: What the model's domain has people told; always says that it is for research use only.
    /// - Parameter hasOutlines: Whether lungs, heart and clavicles are written as polygons, where they were looked for.
    /// - Parameter scans: CT series that were read for nodules, an object each (`ScanJSON`); where there are any, `scan_model` and `scans` stand
    ///   behind the images.
    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    public static func document(
        model: ModelIdentity, images: [ImageFindings], notice: String = Notice.researchUseOnly, hasOutlines: Bool = false,
        scans: [String] = [], scanModel: ModelIdentity? = nil
    ) throws -> Data {
        let named = try scanModel.map { ",\n\"scan_model\": \(try text($0))" } ?? ""
        let further = scans.isEmpty ? "" : "\(named),\n\"scans\": [\n\(scans.joined(separator: ",\n"))\n]"
        let lines = try images.map { try entry($0, hasOutlines: hasOutlines) }.joined(separator: separator)
        return Data((try beginning(model: model, notice: notice) + lines + "\n]\(further)}\n").utf8)
    }

    /// What stands before the first image.
    package static func beginning(model: ModelIdentity, notice: String) throws -> String {
        """
        {"schema": \(schema),
        "notice": \(try text(notice)),
        "model": \(try text(model)),
        "images": [

        """
    }

    /// Between two images.
    package static let separator = ",\n"
    /// Behind the last one.
    package static let end = "\n]}\n"

    /// One image, on one line.
    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    package static func entry(_ image: ImageFindings, hasOutlines: Bool) throws -> String {
        try text(ImageEntry(image, hasOutlines: hasOutlines))
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw ReportError(.cannotEncode, "a score or a box is not a finite number")
        }
    }

    private struct ImageEntry: Encodable {
        var image: String
        var frame: Int?
        var sopInstanceUID: String?
        var width: Int?
        var height: Int?
        var findings: [FindingEntry]
        var imageScores: [String: Double]?
        var warnings: [String]
        /// One for each warning; left out where there are none.
        var warningCodes: [String]?
        /// Left out where nothing lies outside its limit.
        var quality: [QualityEntry]?
        var anatomy: AnatomyEntry?
        var error: String?
        var errorCode: String?

        enum CodingKeys: String, CodingKey {
            case image, frame, width, height, findings, warnings, quality, anatomy, error
            case sopInstanceUID = "sop_instance_uid"
            case imageScores = "image_scores"
            case warningCodes = "warning_codes"
            case errorCode = "error_code"
        }

        init(_ image: ImageFindings, hasOutlines: Bool) {
            self.image = image.reference.name
            frame = image.reference.frame
            sopInstanceUID = image.reference.sopInstanceUID
            width = image.width > 0 ? image.width : nil
            height = image.height > 0 ? image.height : nil
            findings = image.findings.map(FindingEntry.init)
            imageScores = image.imageScores?.mapValues(Rounding.score)
            warnings = image.warnings.map(\.description)
            warningCodes = image.warnings.isEmpty ? nil : image.warnings.map(\.code.rawValue)
            quality = image.quality.isEmpty ? nil : image.quality.map(QualityEntry.init)
            anatomy = image.anatomy.map { AnatomyEntry($0, hasOutlines: hasOutlines) }
            error = image.error?.description
            errorCode = image.error?.code
        }
    }

    private struct QualityEntry: Encodable {
        var code: String
        var value: Double
        var limit: Double
        var level: String
        /// True where the model saw it put right; else left out.
        var mended: Bool?
        var sentence: String

        init(_ quality: ImageQuality) {
            (code, level, sentence) = (quality.code.rawValue, quality.level.rawValue, quality.description)
            (value, limit) = (Rounding.score(quality.value), Rounding.score(quality.limit))
            mended = quality.isMended ? true : nil
        }
    }

    private struct FindingEntry: Encodable {
        var id: String
        var label: String
        var score: Double
        /// Left out where the model's card has no calibration of the finding.
        var probability: Double?
        /// x, y, width, height in pixels of the original image.
        var box: [Double]
        /// The id of a surer finding in the same place; left out where the finding stands for itself.
        var alternativeTo: String?
        /// Where in the chest, by masks.
        var place: AnatomyEntry.Place?
        /// True where the model has learnt the finding from few boxes; else left out.
        var experimental: Bool?

        enum CodingKeys: String, CodingKey {
            case id, label, score, probability, box, place, experimental
            case alternativeTo = "alternative_to"
        }

        init(_ finding: Finding) {
            id = finding.id
            label = finding.findingClass.name
            score = Rounding.score(finding.score)
            probability = finding.probability.map(Rounding.score)
            box = Rounding.box(finding.boundingBox)
            alternativeTo = finding.alternativeTo
            place = finding.place.map(AnatomyEntry.Place.init)
            experimental = finding.findingClass.isExperimental ? true : nil
        }
    }
}
