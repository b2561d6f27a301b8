/// Scores and whether what they were given to is true: boxes that lie on a finding or not, images that have it or not.
public struct CalibrationSample: Hashable, Sendable {
    public let scores: [Double]
    public let outcomes: [Bool]
    /// The position of the image each belongs to, by which a draw of the bootstrap says how often it counts.
    public let images: [Int]

    /// - Parameter images: `nil` where there is one score an image, in the order of the images.
    /// - Throws: `EvaluationError` where the lists differ in length or a score is not a finite number.
    public init(scores: [Double], outcomes: [Bool], images: [Int]? = nil) throws(EvaluationError) {
        let images = images ?? Array(scores.indices)
        guard scores.count == outcomes.count, scores.count == images.count else {
            throw EvaluationError(.mismatch, "\(scores.count) scores, \(outcomes.count) outcomes, \(images.count) images of theirs")
        }
        if let bad = scores.firstIndex(where: { !$0.isFinite }) {
            throw EvaluationError(.badScore, "score \(bad + 1) of \(scores.count) is not a finite number")
        }
        self.scores = scores
        self.outcomes = outcomes
        self.images = images
    }

    public var positives: Int { outcomes.count { $0 } }

    /// How often entry `index` counts; not at all where its image was given no weight.
    func times(_ index: Int, _ weights: [Int]?) -> Double {
        guard let weights else { return 1 }
        return weights.indices.contains(images[index]) ? Double(weights[images[index]]) : 0
    }

    /// What a curve can be fitted to has both kinds.
    func checkBothKinds() throws(EvaluationError) {
        guard positives > 0, positives < outcomes.count else {
            throw EvaluationError(.tooLittle, "\(positives) of \(outcomes.count) are true: a calibration needs true and false ones")
        }
    }
}
