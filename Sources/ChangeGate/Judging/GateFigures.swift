import Datasets
import Evaluation
import EvaluationReports
import Findings

/// What a gate measures of one model on the reference set, for any draw of its patients: all is matched once.
struct GateFigures: Sendable {
    /// Boxes found, of those to be found.
    struct Found: Hashable, Sendable {
        var found = 0
        var truth = 0
        var share: Double? { truth > 0 ? Double(found) / Double(truth) : nil }
    }

    private let any: ScoreRanking
    private let curves: [FreeResponseCurve]
    private let pooled: FreeResponseCurve
    private let settings: GateSettings
    /// How many images are abnormal, and normal.
    var positives: Int { any.positives }
    var negatives: Int { any.negatives }

    init(_ input: EvaluationInput, settings: GateSettings) throws {
        self.settings = settings
        let images = zip(input.images, input.detections).map {
            EvaluatedImage($0, findingClasses: input.findingClasses, detections: $1, coverage: input.coverage)
        }
        let truths = input.images.map { image in
            input.coverage.map { ImageTruth(image, findingClasses: input.findingClasses, coverage: $0) }
                ?? ImageTruth(image, findingClasses: input.findingClasses)
        }
        let count = input.findingClasses.count
        any = try ImageLevelEvaluation(images: images, truths: truths, classCount: count, imageScores: input.imageScores).any
        let froc = DetectionEvaluation(images: images, classCount: count)
            .froc(iou: settings.overlap, rates: [settings.falseBoxesPerImage], rule: .above)
        (curves, pooled) = (froc.curves, froc.pooled())
    }

    func area(_ weights: [Int]?) -> Double? { any.areaUnderROC(weights) }

    /// The lowest score with at most so many false boxes an image.
    func threshold(_ weights: [Int]?) -> Double {
        pooled.point(.falseBoxesPerImage(settings.falseBoxesPerImage), weights: weights).scoreThreshold ?? .infinity
    }

    /// All findings together.
    func found(from threshold: Double, _ weights: [Int]?) -> Found { Self.found(pooled, threshold, weights) }

    func found(of finding: Int, from threshold: Double, _ weights: [Int]?) -> Found { Self.found(curves[finding], threshold, weights) }

    private static func found(_ curve: FreeResponseCurve, _ threshold: Double, _ weights: [Int]?) -> Found {
        let point = curve.point(.score(threshold), weights: weights)
        return Found(found: point.found, truth: point.truth)
    }
}
