/// Wang 2017's localisation: what share of the boxes is hit at rising overlaps, T(IoU) or T(IoBB), and at how many false boxes an image.
/// Made once by `DetectionEvaluation.localisation`; every draw of the images is then a walk over it.
///
/// Its authors scored one heat map a finding on images known to have it; a detector has scores, so which of its boxes count is said by
/// `rule`, for each finding and overlap by itself.
public struct Localisation: Sendable {
    /// Those of its tables of T(IoU).
    public static let overlapThresholds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]

    public let measure: OverlapMeasure
    public let thresholds: [Double]
    public let rule: ScoreRule
    /// By threshold and class.
    public let curves: [[FreeResponseCurve]]
    let imageCount: Int

    /// One class at one of `thresholds` (by position): the share of its boxes that is hit, the false boxes an image, and the score
    /// threshold; `nil` where there is no such threshold or class.
    public func point(threshold: Int, class index: Int, weights: [Int]? = nil) -> FreeResponsePoint? {
        guard curves.indices.contains(threshold), curves[threshold].indices.contains(index) else { return nil }
        return curves[threshold][index].point(rule, weights: weights)
    }

    /// The mean of the classes' shares at each threshold.
    public func means(weights: [Int]? = nil) -> [MeanOverClasses] {
        let weights = ImageWeights(weights, count: imageCount)
        return curves.map { classes in MeanOverClasses(classes.map { $0.point(rule, weights).sensitivity }) }
    }
}
