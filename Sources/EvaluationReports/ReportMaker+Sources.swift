import Datasets
import Evaluation
import Findings

extension ReportMaker {
    /// Each source by itself: its images, and of them for each finding those that it is complete for.
    var sourceFigures: [EvaluationReport.SourceFigures]? {
        guard let coverage = input.coverage else { return nil }
        return input.sources.map { source in
            let own = input.images.indices.filter { input.images[$0].sources.contains(source) }
            let images = own.map {
                EvaluatedImage(
                    input.images[$0], findingClasses: input.findingClasses, detections: input.detections[$0], coverage: coverage,
                    source: source)
            }
            let evaluation = DetectionEvaluation(images: images, classCount: labels.count)
            let findings = labels.indices.map { index -> EvaluationReport.SourceFigures.Finding? in
                let scored = images.count { !$0.unscored.contains(index) }
                guard scored > 0 else { return nil }
                return EvaluationReport.SourceFigures.Finding(
                    ap50: evaluation.averagePrecision(class: index, iou: 0.5), n: evaluation.truthCount(class: index), images: scored)
            }
            return EvaluationReport.SourceFigures(source: source, images: own.count, findings: byLabel(findings))
        }
    }

    /// Of the images on which false boxes are counted.
    var findingCoverage: [String: EvaluationReport.FindingCoverage]? {
        guard input.coverage != nil else { return nil }
        return byLabel(
            labels.indices.map { index in
                let scored = searched.images.count { !$0.unscored.contains(index) }
                return EvaluationReport.FindingCoverage(images: scored, leftOut: searched.images.count - scored)
            })
    }

    /// That findings are not scored everywhere.
    var sourceWarnings: [EvaluationReport.Warning] {
        guard let coverage = findingCoverage else { return [] }
        let words = labels.compactMap { label in coverage[label].map { "\(label) \($0.images) (\($0.leftOut) left out)" } }
        return [
            .init(
                .note,
                "each finding is scored on the images of sources that are complete for it, for what is not known is not absent: "
                    + words.joined(separator: ", "))
        ]
    }
}
