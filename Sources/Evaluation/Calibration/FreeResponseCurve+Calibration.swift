extension FreeResponseCurve {
    /// The scores of boxes beside whether they lie on the finding, to see or fit how they become probabilities. A box that finds again
    /// what one of a higher score found is left out.
    /// - Throws: `EvaluationError` where a score is not finite.
    public func calibrationSample() throws(EvaluationError) -> CalibrationSample {
        try CalibrationSample(scores: events.map(\.score), outcomes: events.map { $0.found > 0 }, images: events.map { Int($0.image) })
    }
}
