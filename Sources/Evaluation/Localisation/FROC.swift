/// Free-response figures: what share of the boxes is found at given numbers of false boxes an image, class by class. Made once by
/// `DetectionEvaluation.froc`; every draw of the images is then a walk over it.
///
/// At each rate it is the sensitivity of the lowest score threshold whose false boxes an image, over all images with and without truth,
/// are at most that many; nothing is interpolated, and equal scores are taken together.
public struct FROC: Sendable {
    /// LUNA16's false boxes an image; the mean of the sensitivities at these is its competition performance metric (CPM).
    public static let luna16Rates = [0.125, 0.25, 0.5, 1, 2, 4, 8]
    /// Those of the ChestX-Det10 challenge.
    public static let chestXDet10Rates = [0.05, 0.1, 0.2]

    /// False boxes of a class an image.
    public let rates: [Double]
    /// One a class.
    public let curves: [FreeResponseCurve]
    let imageCount: Int

    /// The sensitivity of one class at each rate; `nil` where it has no box that must be found, empty where there is no such class.
    public func sensitivities(class index: Int, weights: [Int]? = nil) -> [Double?] {
        guard curves.indices.contains(index) else { return [] }
        return sensitivities(curves[index], ImageWeights(weights, count: imageCount))
    }

    /// The mean over classes at each rate.
    public func sensitivities(weights: [Int]? = nil) -> [MeanOverClasses] {
        let weights = ImageWeights(weights, count: imageCount)
        let classes = curves.map { sensitivities($0, weights) }
        return rates.indices.map { rate in MeanOverClasses(classes.map { $0[rate] }) }
    }

    /// One class's mean over the rates: at LUNA16's rates its CPM.
    public func score(class index: Int, weights: [Int]? = nil) -> Double? { mean(sensitivities(class: index, weights: weights)) }

    /// The mean over the rates and classes.
    public func score(weights: [Int]? = nil) -> MeanOverClasses {
        let weights = ImageWeights(weights, count: imageCount)
        return MeanOverClasses(curves.map { mean(sensitivities($0, weights)) })
    }

    /// All classes' detections under one score threshold, a detection being right only for its own class.
    public func pooled() -> FreeResponseCurve { .pooled(curves, imageCount: imageCount) }

    func sensitivities(_ curve: FreeResponseCurve, _ weights: ImageWeights) -> [Double?] {
        curve.points(falseBoxesPerImage: rates, weights).map(\.sensitivity)
    }

    private func mean(_ values: [Double?]) -> Double? {
        let there = values.compactMap { $0 }
        return there.isEmpty ? nil : there.reduce(0, +) / Double(there.count)
    }
}
