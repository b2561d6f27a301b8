import Foundation

/// An axis with its numbers settled: from where to where, and which numbers stand beside it.
struct AxisScale: Hashable, Sendable {
    struct Tick: Hashable, Sendable {
        var value: Double
        /// Empty for a mark without a number.
        var label: String
    }

    let scale: ChartAxis.Scale
    let lower: Double
    let upper: Double
    let isReversed: Bool
    let ticks: [Tick]

    /// - Parameters:
    ///   - count: How many numbers there is room for.
    ///   - isTight: Whether the axis ends where the data do; else it leaves a little air.
    init(_ axis: ChartAxis, extent: ValueExtent, count: Int, isTight: Bool) {
        scale = axis.scale
        isReversed = axis.isReversed
        (lower, upper) = Self.ends(axis, extent, isTight: isTight)
        var found: [Tick] = []
        // One number alone does not say how long an axis is.
        for count in max(1, min(50, count))...max(6, min(50, count)) where found.count(where: { !$0.label.isEmpty }) < 2 {
            found =
                scale == .linear
                ? AxisTicks.linear(from: lower, to: upper, count: count, isWhole: axis.isWhole)
                : AxisTicks.logarithmic(from: lower, to: upper, count: count)
        }
        ticks = found
    }

    /// Where a value stands between the ends, 0 at the left or bottom and 1 at the right or top; values outside stand at most a hundred lengths away.
    func share(_ value: Double) -> Double {
        let share: Double
        switch scale {
        case .linear: share = (value - lower) / (upper - lower)
        case .logarithmic: share = (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
        }
        return max(-100, min(100, isReversed ? 1 - share : share))
    }

    private static func ends(_ axis: ChartAxis, _ extent: ValueExtent, isTight: Bool) -> (Double, Double) {
        let drawable = axis.range.flatMap { range -> (Double, Double)? in
            let ends = [range.lowerBound, range.upperBound]
            return ends.allSatisfy { ValueExtent.isDrawable($0, axis.scale) } ? (ends[0], ends[1]) : nil
        }
        if let drawable { return widened(drawable.0, drawable.1, axis.scale) }
        guard !extent.isEmpty else { return axis.scale == .linear ? (0, 1) : (0.1, 1) }
        var (lower, upper) = (extent.least, extent.greatest)
        if axis.scale == .linear {
            // Zero is worth seeing where it is near.
            if lower > 0, lower < 0.35 * upper, !isTight { lower = 0 }
            let air = isTight ? 0 : 0.05 * (upper - lower)
            if lower != 0 { lower -= air }
            if upper != 0 { upper += air }
        } else if !isTight {
            let air = pow(upper / lower, 0.04)
            (lower, upper) = (lower / air, upper * air)
        }
        return widened(lower, upper, axis.scale)
    }

    /// Never so near to each other that there is nothing between them.
    private static func widened(_ lower: Double, _ upper: Double, _ scale: ChartAxis.Scale) -> (Double, Double) {
        switch scale {
        case .linear:
            let least = max(abs(lower), abs(upper)) * 1e-9
            guard upper - lower <= least else { return (lower, upper) }
            let half = lower == 0 ? 0.5 : abs(lower) * 0.1
            return (lower - half, upper + half)
        case .logarithmic:
            return upper / lower > 1.000_001 ? (lower, upper) : (lower / 2, upper * 2)
        }
    }
}
