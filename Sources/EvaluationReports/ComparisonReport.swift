import Evaluation
import Findings
import Foundation
import Models

/// Two detectors on the same images: what `pleura evaluate --compare` writes, schema 1.
///
/// Every difference is the second less the first, drawn in pairs.
public struct ComparisonReport: Codable, Hashable, Sendable {
    /// One figure of both.
    public struct Figure: Codable, Hashable, Sendable {
        /// Such as `map50`, or `ap50 Mass`.
        public var name: String
        public var comparison: PairedComparison
        /// Patients that would show the difference there is, with a probability of 0.8 at the level of 0.05; `nil` where it is none.
        public var patientsNeeded: Int?
        /// The smallest difference that as many patients as were tested show with a probability of 0.8.
        public var smallestDifferenceShown: Double?

        private enum CodingKeys: String, CodingKey {
            case name, comparison
            case patientsNeeded = "patients_needed"
            case smallestDifferenceShown = "smallest_difference_shown"
        }
    }

    public var schema = 1
    public var notice = Notice.researchUseOnly
    public var created = ModelCard.today()
    public var first = EvaluationReport.Subject()
    public var second = EvaluationReport.Subject()
    public var dataset = ""
    public var split: String
    public var images: Int
    public var boxes: Int
    public var patients: Int
    public var draws: Int
    public var seed: UInt64
    public var protocols: [String: String]
    public var warnings: [EvaluationReport.Warning] = []
    public var figures: [Figure]

    /// - Parameters:
    ///   - first: One detector's detections of the images.
    ///   - second: The other's, of the same images in the same order.
    /// - Throws: `EvaluationError` where there is no box to find, or the images are not the same.
    public init(_ first: EvaluationInput, _ second: EvaluationInput, settings: EvaluationSettings = EvaluationSettings()) throws {
        guard first.images == second.images, first.findingClasses == second.findingClasses else {
            throw EvaluationError(.mismatch, "the two are not about the same images and findings")
        }
        let one = try ReportMaker(first, settings), other = try ReportMaker(second, settings)
        split = one.split
        images = one.placed.images.count
        boxes = one.placed.boxCount
        patients = one.placed.bootstrap.patientCount
        draws = one.placed.bootstrap.draws
        seed = settings.seed
        protocols = one.protocols.filter {
            ["intervals", "map50", "map", "map40", "localisation_iou", "froc", "image_level"].contains($0.key)
        }
        protocols["comparison"] =
            "second less first, both figures from the same draw of patients; p is two-sided, twice the share of draws on the rarer side of "
            + "zero; patients needed for a power of 0.8 at a level of 0.05"

        let boxFigures =
            ["map50", "map", "map40"] + one.labels.map { "ap50 \($0)" }
            + Localisation.overlapThresholds.map { "localisation_iou \($0)" }
        let headlines = (one.placed.headline, other.placed.headline)
        let onPlaced = one.placed.bootstrap.compare(
            { Self.boxes(headlines.0.figures(weights: $0)) }, { Self.boxes(headlines.1.figures(weights: $0)) })
        let frocs = (one.searched.headline.froc, other.searched.headline.froc)
        let onSearched = one.searched.bootstrap.compare({ frocs.0.score(weights: $0).value }, { frocs.1.score(weights: $0).value })
        let rankings = (try one.anyRanking(), try other.anyRanking())
        let onAll = one.bootstrap.compare({ rankings.0.areaUnderROC($0) }, { rankings.1.areaUnderROC($0) })
        figures = zip(boxFigures + ["cpm", "auroc any abnormality"], onPlaced + [onSearched, onAll]).compactMap { name, comparison in
            comparison.map { comparison in
                let power = comparison.powerAnalysis
                return Figure(
                    name: name, comparison: comparison, patientsNeeded: power?.patients(toShow: comparison.difference.value),
                    smallestDifferenceShown: power?.smallestDifference(patients: comparison.patients))
            }
        }
        warnings = one.warnings.filter { $0.severity == .note }
        for (maker, name) in [(one, "first"), (other, "second")] {
            warnings += maker.warnings.filter { $0.severity == .danger }.map { .init(.danger, "the \(name): \($0.text)") }
        }
    }

    private static func boxes(_ figures: HeadlineFigures) -> [Double?] {
        [figures.map50.value, figures.map.value, figures.map40.value] + figures.averagePrecision50
            + figures.localisation.map { MeanOverClasses($0).value }
    }

    private enum CodingKeys: String, CodingKey {
        case schema, notice, created, first, second, dataset, split, images, boxes, patients, draws, seed, protocols, warnings, figures
    }

    /// Indented, with sorted keys.
    /// - Throws: `EvaluationError` of code `cannotWrite` where a number is not finite.
    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            do {
                return try encoder.encode(self) + Data("\n".utf8)
            } catch {
                throw EvaluationError(.cannotWrite, "a figure is not a finite number")
            }
        }
    }
}
