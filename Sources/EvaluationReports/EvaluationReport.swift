import Evaluation
import Findings
import Foundation
import Models

/// All figures of a detector on images of known truth: what `pleura evaluate --json` writes, schema 1, and what its page shows.
///
/// `Documentation/Evaluation.md` explains every key. A figure that cannot be told is `null` or left out, never zero.
public struct EvaluationReport: Codable, Hashable, Sendable {
    /// Counts up when a key changes its meaning; new keys do not change it.
    public var schema = 1
    public var notice = Notice.researchUseOnly
    /// Day in UTC, `YYYY-MM-DD`.
    public var created = ModelCard.today()
    /// What was scored.
    public var subject = Subject()
    /// The name of the dataset.
    public var dataset = ""
    /// Which images, and how many boxes, images and patients the figures of boxes are of.
    public var split: String
    /// Of the figures of boxes.
    public var images: Int
    public var boxes: Int
    public var patients: Int
    /// How each group of figures is computed, and on which images, by the group's key.
    public var protocols: [String: String]
    /// What a reader of the figures must know.
    public var warnings: [Warning] = []
    public var draws: Int
    public var seed: UInt64
    /// Where confusion, RSNA's figure, subgroups and examples are taken.
    public var scoreThreshold: Double

    public var map50: ReportedFigure
    public var map: ReportedFigure
    public var map40: ReportedFigure
    public var perClass: [String: ClassFigures]
    /// The same over images without a box too.
    public var searchedImages: SearchedImages
    /// The twelve of pycocotools, by its own short names.
    public var coco: [String: ReportedFigure]
    public var voc: VOC
    public var rsna: RSNA
    /// By threshold and label: the share of boxes that is found. Wang 2017's T(IoU), and T(IoBB).
    public var localisationIoU: [String: [String: Double]]
    public var localisationIoBB: [String: [String: Double]]
    /// By threshold: the mean over classes.
    public var localisationIoUMean: [String: ReportedFigure]
    public var localisationIoBBMean: [String: ReportedFigure]
    /// By threshold and label: false boxes an image at which those shares are had.
    public var localisationIoUFalseBoxes: [String: [String: Double]]
    public var localisationIoBBFalseBoxes: [String: [String: Double]]
    public var froc: FreeResponse
    /// LUNA16's competition performance metric: the mean of `froc`.
    public var cpm: ReportedFigure
    public var chestXDet10: FreeResponse
    /// By part: `all`, and each view there is.
    public var imageLevel: [String: ImageLevel]
    public var calibration: [CalibrationFigures]
    public var confusion: Confusion
    public var tide: ErrorKinds
    public var controls: [ControlFigures]
    public var subgroups: [Subgroups]
    public var operatingPoints: [ModelCard.OperatingPoint]
    /// What `--write-card` puts into the model's card.
    public var calibrations: [ModelCard.Calibration]
    public var examples: [Example]
    public var curves: Curves
    /// For each source the figures of the findings that it is complete for, on its images; `nil` where there are no sources.
    public var sources: [SourceFigures]?
    /// For each finding on how many images it was scored and on how many not; `nil` where there are no sources.
    public var coverage: [String: FindingCoverage]?

    private enum CodingKeys: String, CodingKey {
        case schema, notice, created, dataset, split, images, boxes, patients, protocols, warnings, draws, seed, map50, map, map40
        case coco, voc, rsna, froc, cpm, calibration, confusion, tide, controls, subgroups, calibrations, examples, curves
        case sources, coverage
        case subject = "model"
        case scoreThreshold = "score_threshold"
        case perClass = "per_class"
        case searchedImages = "searched_images"
        case localisationIoU = "localisation_iou"
        case localisationIoBB = "localisation_iobb"
        case localisationIoUMean = "localisation_iou_mean"
        case localisationIoBBMean = "localisation_iobb_mean"
        case localisationIoUFalseBoxes = "localisation_iou_false_boxes_per_image"
        case localisationIoBBFalseBoxes = "localisation_iobb_false_boxes_per_image"
        case chestXDet10 = "chestx_det10"
        case imageLevel = "image_level"
        case operatingPoints = "operating_points"
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

    /// - Throws: `EvaluationError` where it is no report of this schema.
    public init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(EvaluationReport.self, from: json)
        } catch {
            throw EvaluationError(.malformed, "not the JSON of pleura evaluate")
        }
        guard schema == 1 else { throw EvaluationError(.malformed, "a report of schema \(schema), which is not known here") }
    }
}
