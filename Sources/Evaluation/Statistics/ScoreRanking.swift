/// Scores sorted once, so that how well they rank images can be told again and again, for one draw of the images after another.
///
/// An image may count several times or not at all (`PatientBootstrap`): every figure takes the multiplicity of each image.
public struct ScoreRanking: Sendable {
    /// One image of known truth.
    private struct Entry: Sendable {
        /// Position among the images.
        var image: Int
        var isPositive: Bool
        /// Whether the next entry has a lower score.
        var endsTie: Bool
    }

    /// By falling score.
    private let entries: [Entry]
    private let scores: [Double]
    private let once: [Int]

    /// Images with the finding.
    public let positives: Int
    /// Images known to be without it.
    public let negatives: Int

    /// - Parameters:
    ///   - scores: One an image; higher means that the finding is likelier.
    ///   - truths: Whether the image has the finding; an image of unknown truth (`nil`) is left out.
    /// - Throws: `EvaluationError` where the lists differ in length or a score is not a number.
    /// - Complexity: O(n log n).
    public init(scores: [Double], truths: [Bool?]) throws(EvaluationError) {
        guard scores.count == truths.count else {
            throw EvaluationError(.mismatch, "\(scores.count) scores for \(truths.count) images")
        }
        if let bad = scores.firstIndex(where: \.isNaN) {
            throw EvaluationError(.badScore, "the score of image \(bad + 1) of \(scores.count) is not a number")
        }
        let order = scores.indices.filter { truths[$0] != nil }.sorted { (scores[$1], $0) < (scores[$0], $1) }
        entries = order.enumerated().map { place, image in
            let next = place + 1 < order.count ? order[place + 1] : nil
            return Entry(
                image: image, isPositive: truths[image] == true, endsTie: next.map { scores[$0] != scores[image] } ?? true)
        }
        positives = entries.count { $0.isPositive }
        negatives = entries.count - positives
        self.scores = scores
        once = Array(repeating: 1, count: scores.count)
    }

    /// Area under the ROC curve: how often an image with the finding scores higher than one without, ties counted half (Mann and
    /// Whitney 1947; Hanley and McNeil, Radiology 1982).
    /// - Parameter multiplicities: How often each image counts; `nil` is once.
    /// - Returns: `nil` where there is no image with the finding or none without it, or not one multiplicity an image.
    /// - Complexity: O(n).
    public func areaUnderROC(_ multiplicities: [Int]? = nil) -> Double? {
        var (found, passed, area) = (0.0, 0.0, 0.0)
        forEachTie(multiplicities) { positives, negatives, _ in
            area += negatives * (found + positives / 2)
            found += positives
            passed += negatives
        }
        return found > 0 && passed > 0 ? area / (found * passed) : nil
    }

    /// Area under the precision-recall curve as average precision: the precision at every score, weighted by the recall gained there,
    /// without interpolation (Davis and Goadrich, ICML 2006; scikit-learn's `average_precision_score`).
    /// - Parameter multiplicities: How often each image counts; `nil` is once.
    /// - Returns: `nil` where there is no image with the finding or none without it, or not one multiplicity an image.
    /// - Complexity: O(n).
    public func averagePrecision(_ multiplicities: [Int]? = nil) -> Double? {
        var (found, passed, sum) = (0.0, 0.0, 0.0)
        forEachTie(multiplicities) { positives, negatives, _ in
            found += positives
            passed += negatives
            if positives > 0 { sum += positives * (found / (found + passed)) }
        }
        return found > 0 && passed > 0 ? sum / found : nil
    }

    /// The ROC and the precision-recall curve at every score there is, the highest first.
    /// - Returns: Empty where there is no image with the finding or none without it.
    public func curve() -> [RankingPoint] {
        guard positives > 0, negatives > 0 else { return [] }
        var (found, passed, points) = (0.0, 0.0, [RankingPoint]())
        forEachTie(nil) { foundHere, passedHere, image in
            found += foundHere
            passed += passedHere
            points.append(
                RankingPoint(
                    threshold: scores[image], sensitivity: found / Double(positives), falsePositiveRate: passed / Double(negatives),
                    precision: found / (found + passed)))
        }
        return points
    }

    /// Calls `body` for every score from the highest down, with how many images with and without the finding have it and one of them.
    @inline(__always)
    private func forEachTie(_ multiplicities: [Int]?, _ body: (_ positives: Double, _ negatives: Double, _ image: Int) -> Void) {
        let multiplicities = multiplicities ?? once
        guard multiplicities.count == once.count else { return }
        var (positives, negatives) = (0.0, 0.0)
        for entry in entries {
            let times = Double(multiplicities[entry.image])
            if entry.isPositive { positives += times } else { negatives += times }
            guard entry.endsTie else { continue }
            body(positives, negatives, entry.image)
            (positives, negatives) = (0, 0)
        }
    }
}
