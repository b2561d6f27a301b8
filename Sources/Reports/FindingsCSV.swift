import Basics
import Findings
import Foundation
import Outputs

/// One line a finding: path, frame, label, score, box in pixels of the original image, number within the image, and the number of the surer
/// finding in the same place of which it is another reading, as RFC 4180 writes CSV. Where a model calls some finding experimental, a
/// column says which; where some image lies outside a limit of quality, one behind it has the codes of those, divided by spaces; where lungs
/// and heart were looked for, the last columns say where each finding lies, and the image's cardiothoracic ratio.
public enum FindingsCSV {
    public static let header = OwnFile.findingsColumns

    /// The whole table; lines end in CR LF, as the RFC asks.
    public static func table(_ images: [ImageFindings]) -> Data {
        let marks = images.contains { $0.findings.contains(where: \.findingClass.isExperimental) }
        let hasQuality = images.contains { !$0.quality.isEmpty && !$0.findings.isEmpty }
        let hasPlaces = images.contains { $0.anatomy != nil }
        let further = (marks ? [OwnFile.experimentalColumn] : []) + (hasQuality ? [OwnFile.qualityColumn] : [])
        var text = line(header + further + (hasPlaces ? OwnFile.placeColumns : []))
        for image in images {
            for finding in image.findings {
                let box = Rounding.box(finding.boundingBox).map(Rounding.text)
                let score = Rounding.text(Rounding.score(finding.score))
                text += line(
                    [image.reference.name, image.reference.frame.map(String.init) ?? "", finding.findingClass.name, score] + box
                        + [finding.id, finding.alternativeTo ?? ""]
                        + (marks ? [finding.findingClass.isExperimental ? "true" : "false"] : [])
                        + (hasQuality ? [image.quality.map(\.code.rawValue).joined(separator: " ")] : [])
                        + (hasPlaces ? place(of: finding, on: image) : []))
            }
        }
        return Data(text.utf8)
    }

    private static func place(of finding: Finding, on image: ImageFindings) -> [String] {
        let ratio = image.anatomy?.ratio
        return [
            finding.place?.side?.rawValue ?? "", finding.place?.zone?.rawValue ?? "", finding.place?.region?.rawValue ?? "",
            ratio.map { Rounding.text(Rounding.score($0.value)) } ?? "", ratio.map { Rounding.text(Rounding.score($0.error)) } ?? "",
        ]
    }

    private static func line(_ fields: [String]) -> String { fields.map(CSVField.quoted).joined(separator: ",") + "\r\n" }
}
