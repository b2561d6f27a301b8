import Evaluation

extension FreeResponseCurve {
    /// The points at which the sensitivity rises, and the last one, for drawing.
    /// - Parameter most: False boxes an image beyond which nothing is told.
    func steps(upTo most: Double) -> [EvaluationReport.FreeResponseStep] {
        var steps: [EvaluationReport.FreeResponseStep] = []
        var last: EvaluationReport.FreeResponseStep?
        for point in points() {
            guard let sensitivity = point.sensitivity, let rate = point.falseBoxesPerImage, let score = point.scoreThreshold, rate <= most
            else { break }
            let step = EvaluationReport.FreeResponseStep(falseBoxesPerImage: rate, sensitivity: sensitivity, score: score)
            if sensitivity > (steps.last?.sensitivity ?? 0) { steps.append(step) }
            last = step
        }
        if let last, last != steps.last { steps.append(last) }
        return steps
    }
}
