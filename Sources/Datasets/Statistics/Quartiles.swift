/// Five numbers of a distribution.
public struct Quartiles: Hashable, Sendable {
    public var least: Double
    public var lower: Double
    public var median: Double
    public var upper: Double
    public var greatest: Double

    /// Linear interpolation between the values around a place, as numpy's default and type 7 of Hyndman and Fan (1996).
    /// - Returns: `nil` without values.
    public init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let low = Int(place)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
        }
        (least, lower, median, upper, greatest) = (first, quantile(0.25), quantile(0.5), quantile(0.75), last)
    }
}
