import Evaluation
import Findings

extension ReportMaker {
    /// Which images, in one line.
    var split: String {
        var text = "\(input.split): \(placed.description)"
        if placed.positions != searched.positions {
            text += "; false boxes counted on \(searched.images.count) images of \(searched.bootstrap.patientCount) patients"
        }
        return text
    }

    private var onPlaced: String {
        settings.boxImages == .boxed
            ? "images with a box (\(placed.images.count))" : "images with a box or without any finding (\(placed.images.count))"
    }

    private var onSearched: String { "images with a box or without any finding (\(searched.images.count))" }

    var protocols: [String: String] {
        let threshold = Self.short(scoreThreshold)
        return [
            "intervals": settings.draws > 0
                ? "95 percent, the percentiles of \(settings.draws) draws of the patients with replacement, seed \(settings.seed)"
                : "none were drawn",
            "map50": "COCO average precision at IoU 0.50, at most 100 boxes of a finding an image, 101 recalls, mean over findings with "
                + "boxes; \(onPlaced)",
            "map": "COCO average precision, mean over IoU 0.50 to 0.95 by 0.05 and over findings with boxes; \(onPlaced)",
            "map40": "VinBigData: VOC 2010 average precision at IoU 0.4, mean over findings with boxes; \(onPlaced)",
            "searched_images": "as map50, map and map40, but images without a box count, and every box on them is false; \(onSearched)",
            "coco": "the twelve figures of pycocotools' summarize; sizes are in pixels of the original image; \(onPlaced)",
            "voc": "Pascal VOC 2010 average precision at IoU 0.5, area under the precision made monotone, every detection; \(onPlaced)",
            "rsna": "RSNA 2018: true / (true + false + missed) boxes of an image, mean over IoU 0.40 to 0.75 by 0.05, boxes of score "
                + "\(threshold) and more; mean over images with a box drawn or said; \(onSearched)",
            "localisation_iou": "Wang 2017: share of boxes whose overlap with a box of the finding is above the threshold, at the lowest "
                + "score with at most 1 false box of the finding an image; \(onPlaced)",
            "localisation_iobb": "as T(IoU), with the overlap over the detected box in place of the union; \(onPlaced)",
            "froc": "share of boxes found at IoU 0.5 by false boxes of the finding an image, mean over findings; CPM is the mean over the "
                + "rates; \(onSearched)",
            "chestx_det10": "recall at 0.05, 0.1 and 0.2 false boxes of the finding an image at IoU 0.5, a box found twice being false "
                + "once; \(onSearched)",
            "image_level":
                (input.imageScores == nil
                ? "an image's score is that of its highest box, for any abnormality of any finding"
                : "an image's scores are those that the model gives it, for any abnormality one less the product of the chances of none")
                + "; area under the ROC curve, ties "
                + "half, and average precision without interpolation; a finding is there where it is boxed or said of the whole image; "
                + "all \(images.count) images",
            "calibration":
                "boxes are true where they are the first on a box at IoU 0.5 (\(onSearched)), images where they show the finding "
                + "(all \(images.count)); fitted curves are judged on other patients than they were fitted on (5 groups); error over 10 "
                + "bins of equal width",
            "confusion": "boxes of score \(threshold) and more, IoU 0.5; the right name first, then the right place under a wrong name; "
                + onPlaced,
            "tide": "TIDE (Bolya 2020) with the overlaps 0.5 and 0.1: mean average precision gained if the errors of a kind were set "
                + "right; \(onPlaced)",
            "controls": "boxes that never saw the image, learnt from patients that are not scored by them, under the protocols above; for "
                + "T(IoU) all of their boxes count, though two usual boxes make more than one false box an image",
            "subgroups": "each part against all others together; flagged where the interval of the gap leaves zero out, which one gap in "
                + "twenty does by chance",
            "operating_points": "IoU 0.5; the lowest score with at most so many false boxes of the finding on 100 images; \(onSearched)",
            "examples":
                "boxes of score \(threshold) and more at IoU 0.5: the false ones of highest score, the missed ones nothing came near",
        ]
    }

    /// What the figures lack.
    var warnings: [EvaluationReport.Warning] {
        var warnings: [EvaluationReport.Warning] = sourceWarnings
        let absent = labels.indices.filter { placed.evaluation.truthCount(class: $0) == 0 }.map { labels[$0] }
        if !absent.isEmpty {
            warnings.append(
                .init(
                    .note,
                    "no box of \(absent.joined(separator: ", ")) is drawn on these images: the figures are absent, not zero, and means "
                        + "are over \(labels.count - absent.count) of \(labels.count) findings"))
        }
        let few = labels.indices.filter { (1..<10).contains(placed.evaluation.truthCount(class: $0)) }
        if !few.isEmpty {
            let names = few.map { "\(labels[$0]) (\(placed.evaluation.truthCount(class: $0)))" }
            warnings.append(.init(.note, "fewer than ten boxes: \(names.joined(separator: ", ")); their figures say little"))
        }
        if !input.detections.contains(where: { !$0.isEmpty }) {
            warnings.append(.init(.danger, "there are no detections at all: every box counts as missed"))
        }
        if searched.evaluation.leftOut > 0 {
            warnings.append(.init(.note, "\(searched.evaluation.leftOut) boxes without a finite score or place are left out"))
        }
        if bootstrap.patientCount < 2 {
            warnings.append(.init(.note, "one patient: there is nothing to draw from, so no figure has an interval"))
        }
        return warnings
    }

    /// A score as it is told: three digits that matter.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0, abs(value) < 1e6 else { return "\(value)" }
        var scale = 1000.0
        while abs(value) * scale < 100, scale < 1e9 { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }
}
