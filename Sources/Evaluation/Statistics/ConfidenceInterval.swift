/// A measured figure and how far chance may have moved it.
public struct ConfidenceInterval: Codable, Hashable, Sendable {
    /// The figure of the images as they are.
    public var value: Double
    /// Lower end of the interval; `nil` where there was too little to draw from.
    public var low: Double?
    public var high: Double?

    public init(value: Double, low: Double? = nil, high: Double? = nil) {
        self.value = value
        self.low = low
        self.high = high
    }

    /// Whether `number` lies outside; `nil` where there are no ends.
    public func excludes(_ number: Double) -> Bool? {
        guard let low, let high else { return nil }
        return number < low || number > high
    }
}
