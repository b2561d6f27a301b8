import Findings

/// Whole images ranked by how likely they show each finding, and any finding at all.
public struct ImageLevelEvaluation: Sendable {
    /// In the order of the label map's classes.
    public let findings: [ScoreRanking]
    /// Any abnormality: an image's score is its highest of any finding, or, where the model scores whole images, the probability that it
    /// has at least one of them if they come independently of each other (noisy-or: Pearl 1988).
    public let any: ScoreRanking
    /// By finding and image.
    private let scores: [[Double]]
    private let truths: [ImageTruth]

    /// - Parameters:
    ///   - images: With the detector's boxes. An image's score for a finding is that of its highest box; without one it comes last.
    ///   - truths: One an image.
    ///   - imageScores: One score a class for each image where the model says them of the whole image; `nil` where it does not.
    /// - Throws: `EvaluationError` where the lists do not belong together or an image's own score is not a number. Boxes whose score is
    ///   not a finite number, or of a class that is not there, are left out, as in every figure of boxes.
    public init(
        images: [EvaluatedImage], truths: [ImageTruth], classCount: Int, imageScores: [[Double]?]? = nil
    ) throws(EvaluationError) {
        let classCount = max(0, classCount)
        guard truths.count == images.count, imageScores.map({ $0.count == images.count }) ?? true else {
            throw EvaluationError(.mismatch, "there are not as many truths or scores as images (\(images.count))")
        }
        guard truths.allSatisfy({ $0.findings.count == classCount }) else {
            throw EvaluationError(.mismatch, "an image's truth is not of the label map's \(classCount) classes")
        }
        guard (imageScores ?? []).allSatisfy({ $0.map { $0.count == classCount } ?? true }) else {
            throw EvaluationError(.mismatch, "an image's scores are not of the label map's \(classCount) classes")
        }
        func isScored(_ detection: Detection) -> Bool { detection.score.isFinite && (0..<classCount).contains(detection.classIndex) }
        // Below every box there is, and a probability of zero where scores are probabilities: scores of other tools may be negative.
        let lowest = images.lazy.flatMap(\.detections).filter(isScored).map(\.score).min() ?? 0
        let none = lowest < 0 ? lowest.nextDown : 0
        let scoresOfImage = images.indices.map { index in
            if let given = imageScores?[index] { return given }
            var highest = Array(repeating: none, count: classCount)
            for detection in images[index].detections where isScored(detection) {
                highest[detection.classIndex] = max(highest[detection.classIndex], detection.score)
            }
            return highest
        }
        let scores = (0..<classCount).map { finding in scoresOfImage.map { $0[finding] } }
        var findings: [ScoreRanking] = []
        for finding in 0..<classCount {
            findings.append(try ScoreRanking(scores: scores[finding], truths: truths.map { $0.findings[finding] }))
        }
        self.findings = findings
        self.scores = scores
        self.truths = truths
        let anyScores = zip(images.indices, scoresOfImage).map { index, scores in
            imageScores?[index] == nil ? scores.max() ?? 0 : 1 - scores.reduce(1) { $0 * (1 - $1) }
        }
        any = try ScoreRanking(scores: anyScores, truths: truths.map(\.isAbnormal))
    }

    /// The scores of a finding beside its truth, to see or fit how they become probabilities; images of unknown truth are left out.
    /// - Throws: `EvaluationError` where there is no such finding or a score is not finite.
    public func calibrationSample(class index: Int) throws(EvaluationError) -> CalibrationSample {
        guard scores.indices.contains(index) else { throw EvaluationError(.missing, "there is no class \(index)") }
        let known = truths.indices.filter { truths[$0].findings[index] != nil }
        return try CalibrationSample(
            scores: known.map { scores[index][$0] }, outcomes: known.map { truths[$0].findings[index] == true }, images: known)
    }

    /// Every finding's figures, in the order of the label map's classes, and those of any abnormality, in one pass over the draws.
    /// - Parameter bootstrap: Over the patients of the images.
    public func figures(
        bootstrap: PatientBootstrap, level: Double = 0.95
    ) -> (findings: [ImageLevelFigure], any: ImageLevelFigure) {
        let intervals = bootstrap.intervals(level: level) { multiplicities in
            (findings + [any]).flatMap { [$0.areaUnderROC(multiplicities), $0.averagePrecision(multiplicities)] }
        }
        func figure(_ ranking: ScoreRanking, _ place: Int) -> ImageLevelFigure {
            ImageLevelFigure(
                positives: ranking.positives, negatives: ranking.negatives, auroc: intervals[2 * place],
                averagePrecision: intervals[2 * place + 1])
        }
        return (findings.enumerated().map { figure($1, $0) }, figure(any, findings.count))
    }
}
