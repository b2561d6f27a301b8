import Foundation
import Radiographs

extension QualityLimits {
    /// With fewer images there is nothing to learn limits from.
    public static let leastImages = 32
    private static let leastChildren = 30
    private static let componentCount = 8
    /// Limits come from images that the learnt part has not seen: it is learnt so many times, each without one part of them.
    private static let parts = 4
    /// A greater share of ridge makes smoother weights; chosen on NIH's boxed images, measured on its normal ones.
    private static let (uprightRidge, childRidge) = (0.1, 10.0)
    /// A picture with fewer steps of grey shows nothing.
    private static let leastGreySpan = 8.0
    /// No border below is worth leaving out, and no window above worth stretching.
    private static let (leastBorder, mostWindow) = (0.02, 0.5)
    /// Exposure: what the literature allows of pixels at one end of the scale.
    private static let leastClipped = 0.05

    /// Learns from a model's own images: frontal, upright, most of them of ordinary quality. Images of one patient should be neighbours.
    /// - Parameters:
    ///   - ages: In years, one an image, where they are known.
    ///   - share: Of these images that each limit may turn away, 0...0.5.
    /// - Returns: `nil` of fewer than `leastImages` images that show something.
    public static func fit(images: [PixelImage], ages: [Double?] = [], share: Double = 0.01) -> QualityLimits? {
        fit(looks: images.map { QualityLook($0) }, ages: ages, share: share)
    }

    /// Learns from images that come one after another, so that no more than one need be in memory.
    /// - Parameter images: `nil` of one that cannot be read.
    public static func fit(
        count: Int, ages: [Double?] = [], share: Double = 0.01, images: (Int) -> PixelImage?
    ) -> QualityLimits? {
        var (looks, known) = ([QualityLook](), [Double?]())
        for index in 0..<count {
            guard let image = images(index) else { continue }
            looks.append(QualityLook(image))
            known.append(ages.indices.contains(index) ? ages[index] : nil)
        }
        return fit(looks: looks, ages: known, share: share)
    }

    private static func fit(looks all: [QualityLook], ages: [Double?], share: Double) -> QualityLimits? {
        let usable = all.indices.filter { all[$0].ranks != nil }
        guard usable.count >= leastImages else { return nil }
        let looks = usable.map { all[$0] }
        let ages = usable.map { ages.indices.contains($0) ? ages[$0] : nil }
        let share = min(max(share, 0), 0.5)
        var values: [Measure: [Double]] = [:]
        var adults: [Double] = []
        for part in 0..<parts {
            let range = part * looks.count / parts..<(part + 1) * looks.count / parts
            let rest = looks.indices.filter { !range.contains($0) }
            let learnt = learn(rest.map { looks[$0] }, ages: rest.map { ages[$0] })
            for index in range {
                for (measure, value) in learnt.measures(looks[index]) {
                    if measure == .child {
                        if let age = ages[index], age >= childAge { adults.append(value) }
                    } else {
                        values[measure, default: []].append(value)
                    }
                }
            }
        }
        if !adults.isEmpty { values[.child] = adults }
        var limits = learn(looks, ages: ages)
        limits.share = share
        for (measure, values) in values { limits.limits[measure] = Self.limits(of: measure, values.sorted(), share) }
        if limits.limits[.child] == nil { limits.childWeights = nil }
        return limits.rounded
    }

    private static func learn(_ looks: [QualityLook], ages: [Double?]) -> QualityLimits {
        let ranks = looks.compactMap(\.ranks)
        let (count, size) = (Double(ranks.count), QualityLook.side * QualityLook.side)
        // An inverted reading is the negative of its image with the negative of its target: each row stands for two.
        let rows = ranks.flatMap { cells in
            (0..<4).map { (x: QualityLook.turned(cells, quarterTurns: $0), target: $0 == 0 ? 1.0 : 0, weight: 2.0) }
        }
        let upright = QualityLearning.ridge(rows, ridge: uprightRidge * 8 * count / Double(size))
        var mean = [Double](repeating: 0, count: size)
        for cells in ranks { for index in 0..<size { mean[index] += cells[index] / count } }
        var limits = QualityLimits(
            limits: [:], images: looks.count, share: 0, upright: upright, meanRanks: mean,
            components: QualityLearning.principalComponents(ranks, mean: mean, count: componentCount))
        limits.childWeights = childWeights(ranks, ages: ages)
        return limits
    }

    private static func childWeights(_ ranks: [[Double]], ages: [Double?]) -> [Double]? {
        let known = zip(ranks, ages).compactMap { cells, age in age.map { (cells: cells, isChild: $0 < childAge) } }
        let (children, all) = (Double(known.count { $0.isChild }), Double(known.count))
        // A fit without one part of the images has three quarters of them.
        guard children >= Double(leastChildren) * 0.6, children < all else { return nil }
        let rows = known.map { one in
            (
                x: one.cells + [constant], target: one.isChild ? 1.0 : -1,
                weight: one.isChild ? all / children / 2 : all / (all - children) / 2
            )
        }
        return QualityLearning.ridge(rows, ridge: childRidge * all / Double(rows[0].x.count))
    }

    /// All measures of an image, as if it were upright and of the right polarity where that is known.
    func measures(_ look: QualityLook) -> [Measure: Double] {
        var measures: [Measure: Double] = [
            .windowShare: look.windowShare, .borderShare: look.borderShare, .clippedLow: look.clipped.low, .clippedHigh: look.clipped.high,
            .mean: look.mean, .detail: look.detail, .greySpan: look.greySpan,
        ]
        guard let ranks = look.ranks else { return measures }
        let readings = readings(ranks)
        (measures[.inversion], measures[.turning]) = (Self.inversion(readings), Self.turning(readings, isInverted: false))
        measures[.distance] = distance(ranks)
        measures[.symmetry] = QualityLook.symmetry(ranks)
        measures[.doubling] = doubling(look, whole: readings[0])
        measures[.child] = childLikeness(ranks)
        return measures
    }

    static func inversion(_ readings: [Double]) -> Double {
        (readings[4...].max() ?? 0) - (readings[..<4].max() ?? 0)
    }

    static func turning(_ readings: [Double], isInverted: Bool) -> Double {
        let own = isInverted ? Array(readings[4...]) : Array(readings[..<4])
        return (own[1...].max() ?? 0) - own[0]
    }

    /// - Parameter values: Of the images, rising.
    private static func limits(of measure: Measure, _ values: [Double], _ share: Double) -> Limits {
        func quantile(_ share: Double) -> Double {
            let place = share * Double(values.count - 1)
            let (low, part) = (Int(place.rounded(.down)), place - place.rounded(.down))
            return values[low] + part * (values[min(low + 1, values.count - 1)] - values[low])
        }
        // Few images do not reach as far as many would: a twentieth of the way from the middle is added.
        let middle = quantile(0.5)
        func widened(_ value: Double) -> Double { value + 0.05 * (value - middle) }
        let (low, high, top) = (widened(quantile(share)), widened(quantile(1 - share)), values.last ?? 0)
        switch measure {
        case .greySpan: return Limits(low: leastGreySpan)
        case .windowShare: return Limits(low: min(low, mostWindow))
        case .borderShare: return Limits(high: max(high, leastBorder))
        case .clippedLow, .clippedHigh: return Limits(high: max(high, leastClipped))
        // Two ends: half of the share at each.
        case .mean, .detail: return Limits(low: widened(quantile(share / 2)), high: widened(quantile(1 - share / 2)))
        case .inversion, .turning: return Limits(high: max(high, 0))
        case .distance: return Limits(high: high, refusal: max(widened(top), high * 1.25))
        case .symmetry: return Limits(low: low)
        // No findings are sought on two films, so a tenth of the share: one strange image among the model's own must not set the limit.
        case .doubling: return Limits(high: max(quantile(1 - share / 10), 0.1))
        case .child: return Limits(high: high)
        }
    }
}
