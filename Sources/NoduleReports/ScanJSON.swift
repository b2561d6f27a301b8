import Findings
import Foundation
import NoduleDetection
import Nodules
import Outputs
import Reports
import Volumes

/// A scan as it stands under `scans` in the JSON of `pleura detect`. Places are millimetres LPS; absent values are left out.
public enum ScanJSON {
    /// One line.
    /// - Throws: `ReportError` where a number is not finite.
    public static func text(_ scan: ScanFindings) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(Entry(scan)), as: UTF8.self)
        } catch {
            throw ReportError(.cannotEncode, "a place or a size is not a finite number")
        }
    }

    private struct Entry: Encodable {
        var scan: String
        var seriesInstanceUID: String?
        var frameOfReferenceUID: String?
        /// Slices that the volume was made of.
        var slices: Int?
        /// Columns, rows and slices.
        var size: [Int]?
        /// From column to column, row to row and slice to slice.
        var spacing: [Double]?
        /// Litres.
        var lungs: [String: Double]?
        var candidates: Int?
        var threshold: Double?
        var nodules: [NoduleEntry]
        /// What was done to the slices.
        var decisions: [VolumeRecord.Decision]
        var remarks: [String]
        var error: String?
        var errorCode: String?

        enum CodingKeys: String, CodingKey {
            case scan, slices, size, candidates, threshold, nodules, decisions, remarks, error
            case seriesInstanceUID = "series_instance_uid"
            case frameOfReferenceUID = "frame_of_reference_uid"
            case spacing = "spacing_mm"
            case lungs = "lungs_l"
            case errorCode = "error_code"
        }

        init(_ found: ScanFindings) {
            scan = found.name
            seriesInstanceUID = found.seriesInstanceUID
            frameOfReferenceUID = found.record?.frameOfReferenceUID
            slices = found.record?.slicesUsed
            size = found.geometry.map { [$0.width, $0.height, $0.depth] }
            spacing = found.geometry.map { Numbers.list($0.spacing, Rounding.score) }
            if let reading = found.reading {
                lungs = ["right": Rounding.pixels(reading.rightLung), "left": Rounding.pixels(reading.leftLung)]
                candidates = reading.candidates
                threshold = reading.threshold
            }
            nodules = (found.reading?.nodules ?? []).map(NoduleEntry.init)
            decisions = found.record?.decisions ?? []
            remarks = found.reading?.remarks ?? []
            error = found.error?.description
            errorCode = found.error?.code
        }
    }

    private struct NoduleEntry: Encodable {
        var id: String
        var score: Double?
        var center: [Double]
        /// Mean of long and short axis.
        var diameter: Double
        var longAxis: Double
        var shortAxis: Double
        var volume: Double
        var equivalentDiameter: Double
        var kind: String?
        var density: Double?
        var solidDiameter: Double?
        var solidVolume: Double?
        var side: String?
        var third: String?
        var pleuraDistance: Double?
        var slice: SlicePlace?
        var sizeClasses: [SizeClassEntry]
        /// Guidelines whose classes by diameter and by volume differ.
        var differing: [String]?
        /// Why there are none.
        var reason: String?
        var remarks: [String]

        enum CodingKeys: String, CodingKey {
            case id, score, kind, side, third, slice, remarks
            case center = "center_mm"
            case diameter = "diameter_mm"
            case longAxis = "long_axis_mm"
            case shortAxis = "short_axis_mm"
            case volume = "volume_mm3"
            case equivalentDiameter = "equivalent_diameter_mm"
            case density = "mean_hu"
            case solidDiameter = "solid_diameter_mm"
            case solidVolume = "solid_volume_mm3"
            case pleuraDistance = "pleura_distance_mm"
            case sizeClasses = "size_classes"
            case differing = "size_classes_differ"
            case reason = "size_class_reason"
        }

        init(_ found: FoundNodule) {
            let nodule = found.nodule
            id = found.identifier
            score = nodule.score.map(Rounding.score)
            center = Numbers.list(nodule.centre, Rounding.pixels)
            (diameter, longAxis, shortAxis) = (nodule.meanDiameter, nodule.longAxis, nodule.shortAxis)
            volume = Numbers.tenth(nodule.volume)
            equivalentDiameter = nodule.equivalentDiameter
            (kind, density) = (nodule.kind?.rawValue, nodule.meanDensity)
            (solidDiameter, solidVolume) = (nodule.solidMeanDiameter, nodule.solidVolume.map(Numbers.tenth))
            (side, third) = (nodule.side?.rawValue, nodule.third?.rawValue)
            pleuraDistance = nodule.pleuraDistance
            slice = nodule.slicePlace.map { place in
                var place = place
                (place.column, place.row) = (Rounding.pixels(place.column), Rounding.pixels(place.row))
                return place
            }
            sizeClasses = found.sizeClasses.classes.map(SizeClassEntry.init)
            let different = found.sizeClasses.differing.map(\.rawValue)
            differing = different.isEmpty ? nil : different
            reason = found.sizeClasses.reason
            remarks = nodule.remarks
        }
    }

    private struct SizeClassEntry: Encodable {
        var guideline: String
        var basis: String
        var size: String
        var category: String?
        /// To whom the guideline applies: no picture says it.
        var applies: String

        init(_ found: SizeClass) {
            (guideline, basis, size, category) = (found.guideline.rawValue, found.basis.rawValue, found.size, found.category)
            applies = SizeClass.condition(found.guideline)
        }
    }
}

extension FoundNodule {
    /// Unique in its scan.
    public var identifier: String { "N\(number)" }
}

enum Numbers {
    static func list(_ point: SIMD3<Double>, _ round: (Double) -> Double) -> [Double] { [point.x, point.y, point.z].map(round) }
    static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
