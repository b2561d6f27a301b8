/// How many pixels of an image have each grey, from 0 to the image's maximum.
public struct GreyHistogram: Hashable, Sendable {
    /// Pixels of each grey.
    public let counts: [UInt32]
    /// All pixels.
    public let total: Int

    init(counts: [UInt32]) {
        self.counts = counts
        total = counts.reduce(0) { $0 + Int($1) }
    }

    /// The largest grey there can be.
    var maximum: Int { counts.count - 1 }

    /// The smallest grey with at least `percent` of the pixels at or below it.
    public func percentile(_ percent: Double) -> Int {
        let wanted = max(1, Int((percent / 100 * Double(total)).rounded(.up)))
        var seen = 0
        for (grey, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= wanted { return grey }
        }
        return maximum
    }

    /// What each grey becomes where the grey between two percentiles is stretched over the full range.
    /// - Returns: `maximum` + 1 values; `nil` for a flat image, which stays as it is.
    func windowed(low: Double, high: Double) -> [UInt16]? {
        let (bottom, top) = (percentile(low), percentile(high))
        guard top > bottom else { return nil }
        let scale = Double(maximum) / Double(top - bottom)
        return (0...maximum).map { UInt16((Double(min(max($0, bottom), top) - bottom) * scale).rounded()) }
    }

    /// The same as a curve for `PixelImage.resampled`.
    public func windowCurve(low: Double, high: Double) -> GreyCurve? {
        windowed(low: low, high: high).map { GreyCurve(values: $0.map(Float.init)) }
    }
}

/// What each grey of an image, from 0 to its maximum, is turned into.
public struct GreyCurve: Hashable, Sendable {
    /// One value a grey.
    public let values: [Float]
}
