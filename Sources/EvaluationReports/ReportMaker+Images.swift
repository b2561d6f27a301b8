import Evaluation
import Findings

extension ReportMaker {
    /// Over all images, and within each view of which there are abnormal and normal ones.
    func imageLevel() throws(EvaluationError) -> [String: EvaluationReport.ImageLevel] {
        var parts = ["all": try imageLevel(of: Array(images.indices))]
        let views = input.images.map { ImageAttribute.view.value($0)?.uppercased() }
        let known = Set(views.compactMap { $0 })
        guard known.count > 1, known.count <= 12 else { return parts }
        for view in known where view != "ALL" {
            parts[view] = try imageLevel(of: images.indices.filter { views[$0] == view })
        }
        // Lying patients are sicker: what AP alone tells is what a score must beat.
        let truths = self.truths
        let alone = try ScoreRanking(
            scores: views.map { $0 == "AP" ? 1 : 0 }, truths: zip(views, truths).map { $0 == nil ? nil : $1.isAbnormal })
        if known.contains("AP"), alone.positives > 0, alone.negatives > 0 {
            let intervals = bootstrap.intervals { [alone.areaUnderROC($0), alone.averagePrecision($0)] }
            parts["all"]?.viewAlone = ImageLevelFigure(
                positives: alone.positives, negatives: alone.negatives, auroc: intervals[0], averagePrecision: intervals[1])
        }
        return parts
    }

    private var truths: [ImageTruth] {
        input.images.map { image in
            input.coverage.map { ImageTruth(image, findingClasses: input.findingClasses, coverage: $0) }
                ?? ImageTruth(image, findingClasses: input.findingClasses)
        }
    }

    private func evaluation(of positions: [Int]) throws(EvaluationError) -> ImageLevelEvaluation {
        let truths = self.truths
        return try ImageLevelEvaluation(
            images: positions.map { images[$0] }, truths: positions.map { truths[$0] }, classCount: labels.count,
            imageScores: input.imageScores.map { scores in positions.map { scores[$0] } })
    }

    private func imageLevel(of positions: [Int]) throws(EvaluationError) -> EvaluationReport.ImageLevel {
        let draws = PatientBootstrap(patients: positions.map { images[$0].patient }, draws: settings.draws, seed: settings.seed)
        let figures = try evaluation(of: positions).figures(bootstrap: draws)
        return EvaluationReport.ImageLevel(any: figures.any, findings: byLabel(figures.findings))
    }

    /// Scores of whole images beside the truth, one sample a finding.
    func imageSamples() -> [CalibrationSample?] {
        guard let evaluation = try? evaluation(of: Array(images.indices)) else { return labels.map { _ in nil } }
        return labels.indices.map { try? evaluation.calibrationSample(class: $0) }
    }

    /// Whether an image shows anything at all, ranked by its highest score.
    func anyRanking() throws(EvaluationError) -> ScoreRanking { try evaluation(of: Array(images.indices)).any }
}
