import Datasets
import Findings
import Foundation
import Outputs

/// A dataset's statistics for programs: `pleura dataset stats --json`.
public enum StatisticsJSON {
    /// Counts up when a key changes its meaning; new keys do not change it.
    public static let schema = 1

    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    public static func document(_ statistics: DatasetStatistics) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        do {
            return try encoder.encode(Document(statistics)) + Data("\n".utf8)
        } catch {
            throw ReportError(.cannotEncode, "a number is not finite")
        }
    }

    private struct Document: Encodable {
        var schema = StatisticsJSON.schema
        var notice = Notice.researchUseOnly
        var images: Int
        var patients: Int
        var boxes: Int
        var imagesWithoutBoxes: Int
        var normalImages: Int
        var findings: [Finding]
        var parts: [PartCounts]
        var folds: [PartCounts]
        var together: [[Int]]
        var boxesPerImage: [Int]
        var imagesPerPatient: [Int]
        var imageSizes: [Size]
        var bits: [String: Int]
        var unreadable: Int
        var views: [String: Int]
        var patientsBySex: [String: Int]
        var age: Spread?
        var agesByTens: [Int]
        var boxesByReader: [String: Int]
        var imageLabels: [String: Int]

        enum CodingKeys: String, CodingKey {
            case schema, notice, images, patients, boxes, findings, parts, folds, together, bits, unreadable, views, age
            case imagesWithoutBoxes = "images_without_boxes"
            case normalImages = "normal_images"
            case boxesPerImage = "images_by_box_count"
            case imagesPerPatient = "patients_by_image_count"
            case imageSizes = "image_sizes"
            case patientsBySex = "patients_by_sex"
            case agesByTens = "images_by_age_in_tens"
            case boxesByReader = "boxes_by_reader"
            case imageLabels = "image_labels"
        }

        init(_ statistics: DatasetStatistics) {
            func counts(_ counts: [DatasetStatistics.Count]) -> [String: Int] {
                Dictionary(counts.map { ($0.name, $0.count) }, uniquingKeysWith: +)
            }
            images = statistics.all.images
            patients = statistics.all.patients
            boxes = statistics.all.boxes
            imagesWithoutBoxes = statistics.all.imagesWithoutBoxes
            normalImages = statistics.normalImages
            findings = statistics.findings.map(Finding.init)
            parts = statistics.parts
            folds = statistics.folds
            together = statistics.together
            boxesPerImage = statistics.boxesPerImage
            imagesPerPatient = statistics.imagesPerPatient
            imageSizes = statistics.sizes.map { Size(width: $0.width, height: $0.height, images: $0.count) }
            bits = counts(statistics.bits)
            unreadable = statistics.unreadable
            views = counts(statistics.views)
            patientsBySex = counts(statistics.sexes)
            age = statistics.age.map(Spread.init)
            agesByTens = statistics.agesByTens
            boxesByReader = counts(statistics.readers)
            imageLabels = counts(statistics.labels)
        }
    }

    private struct Size: Encodable {
        var width: Int
        var height: Int
        var images: Int
    }

    private struct Spread: Encodable {
        var least: Double
        var lower: Double
        var median: Double
        var upper: Double
        var greatest: Double

        /// Rounded to a millionth: no more of it means anything, and a golden file must not hang on the last bit.
        init(_ quartiles: Quartiles) {
            func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
            least = rounded(quartiles.least)
            lower = rounded(quartiles.lower)
            median = rounded(quartiles.median)
            upper = rounded(quartiles.upper)
            greatest = rounded(quartiles.greatest)
        }
    }

    private struct Finding: Encodable {
        var id: Int
        var name: String
        var boxes: Int
        var images: Int
        var patients: Int
        var labelledImages: Int
        var width: Spread?
        var height: Spread?
        var areaShare: Spread?
        var small: Int
        var medium: Int
        var large: Int
        /// 32 rows of 32 values.
        var coverage: [[Double]]

        enum CodingKeys: String, CodingKey {
            case id, name, boxes, images, patients, width, height, small, medium, large, coverage
            case labelledImages = "labelled_images"
            case areaShare = "area_share"
        }

        init(_ finding: FindingStatistics) {
            id = finding.findingClass.id
            name = finding.findingClass.name
            boxes = finding.boxes
            images = finding.images
            patients = finding.patients
            labelledImages = finding.labelledImages
            width = finding.width.map(Spread.init)
            height = finding.height.map(Spread.init)
            areaShare = finding.areaShare.map(Spread.init)
            small = finding.small
            medium = finding.medium
            large = finding.large
            let values = finding.places.coverage.map(Rounding.score)
            coverage = stride(from: 0, to: values.count, by: PlaceMap.side).map { Array(values[$0..<$0 + PlaceMap.side]) }
        }
    }
}
