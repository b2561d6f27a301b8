import Basics
import Foundation
import NoduleDetection
import Nodules
import Outputs
import Reports
import Volumes

/// One line a nodule, as RFC 4180 writes CSV. `seriesuid`, `coordX`, `coordY`, `coordZ` and `probability` are called as in LUNA16's lists of marks, so that the
/// table is one.
public enum NodulesCSV {
    public static let header = OwnFile.noduleColumns

    public static func table(_ scans: [ScanFindings]) -> Data {
        var text = line(header)
        for scan in scans {
            for found in scan.reading?.nodules ?? [] {
                let nodule = found.nodule
                let numbers = [
                    nodule.centre.x, nodule.centre.y, nodule.centre.z,
                ].map { Rounding.text(Rounding.pixels($0)) }
                let sizes = [
                    nodule.meanDiameter, nodule.longAxis, nodule.shortAxis, Numbers.tenth(nodule.volume), nodule.equivalentDiameter,
                ].map(Rounding.text)
                let slice = nodule.slicePlace
                text += line(
                    [scan.name, scan.seriesInstanceUID ?? ""] + numbers
                        + [nodule.score.map { Rounding.text(Rounding.score($0)) } ?? "", found.identifier] + sizes
                        + [
                            nodule.kind?.rawValue ?? "", nodule.side?.rawValue ?? "", nodule.third?.rawValue ?? "",
                            nodule.pleuraDistance.map(Rounding.text) ?? "", slice?.sopInstanceUID ?? "",
                            slice.map { Rounding.text(Rounding.pixels($0.column)) } ?? "",
                            slice.map { Rounding.text(Rounding.pixels($0.row)) } ?? "",
                        ])
            }
        }
        return Data(text.utf8)
    }

    private static func line(_ fields: [String]) -> String { fields.map(CSVField.quoted).joined(separator: ",") + "\r\n" }
}
