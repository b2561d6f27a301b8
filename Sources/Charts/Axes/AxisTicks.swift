import Foundation

/// Which numbers stand beside an axis: multiples of 1, 2 or 5 times a power of ten (after Heckbert, "Nice Numbers for Graph Labels",
/// Graphics Gems, 1990, but only those inside).
enum AxisTicks {
    static func linear(from lower: Double, to upper: Double, count: Int, isWhole: Bool = false) -> [AxisScale.Tick] {
        guard upper > lower, (upper - lower).isFinite, count > 0 else { return [] }
        var step = niceStep(atLeast: (upper - lower) / Double(count))
        if isWhole { step = max(1, step) }
        // A hair more on both sides, since 0.3 / 0.1 is not quite 3.
        let first = (lower / step - 1e-6).rounded(.up)
        let last = (upper / step + 1e-6).rounded(.down)
        guard last >= first, last - first < 1_000 else { return [] }
        let values = (0...Int(last - first)).map { (first + Double($0)) * step }
        let labels = AxisNumbers.labels(values, step: step)
        return zip(values, labels).map { AxisScale.Tick(value: $0, label: $1) }
    }

    /// 1, 2 or 5 times a power of ten.
    static func niceStep(atLeast step: Double) -> Double {
        guard step > 0, step.isFinite else { return 1 }
        let power = pow(10, floor(log10(step)))
        for factor in [1.0, 2, 5] where factor * power >= step * 0.999_999 { return factor * power }
        return 10 * power
    }

    /// Powers of ten; between them 2 and 5 where there is room, else marks without numbers.
    static func logarithmic(from lower: Double, to upper: Double, count: Int) -> [AxisScale.Tick] {
        guard lower > 0, upper > lower, upper.isFinite else { return [] }
        let (first, last) = (Int(floor(log10(lower) + 1e-9)), Int(ceil(log10(upper) - 1e-9)))
        let decades = log10(upper) - log10(lower)
        // Within half a power of ten the axis is all but linear.
        if decades < 0.5 { return linear(from: lower, to: upper, count: count) }
        let stride = max(1, Int((Double(last - first) / Double(count)).rounded(.up)))
        let numbered: Set<Int> =
            stride > 1 ? [1] : Double(count) >= decades * 6 ? Set(1...9) : Double(count) >= decades * 3 ? [1, 2, 5] : [1]
        var ticks: [AxisScale.Tick] = []
        for exponent in first...max(first, last) {
            for factor in 1...9 {
                let value = Double(factor) * pow(10, Double(exponent))
                guard value >= lower * 0.999_999, value <= upper * 1.000_001 else { continue }
                let hasNumber = numbered.contains(factor) && (exponent - first) % stride == 0
                guard hasNumber || (stride == 1 && decades <= 6) else { continue }
                ticks.append(AxisScale.Tick(value: value, label: hasNumber ? AxisNumbers.short(value) : ""))
            }
        }
        return ticks
    }
}
