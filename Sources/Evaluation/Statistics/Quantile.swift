/// Quantiles, linear between the two nearest values, as numpy has them by default (Hyndman and Fan, The American Statistician 1996, type 7).
enum Quantile {
    /// - Parameters:
    ///   - sorted: Rising.
    ///   - share: In 0...1; 0.5 is the median.
    /// - Returns: `nil` of nothing.
    static func of(_ sorted: [Double], _ share: Double) -> Double? {
        guard let last = sorted.indices.last else { return nil }
        let place = min(max(share, 0), 1) * Double(last)
        let below = min(Int(place), last)
        let above = min(below + 1, last)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
