/// A convolution's weights as 8-bit integers, symmetric, with a scale for each output channel: w ≈ integer · scale[channel].
///
/// The largest weight of a channel becomes 127 or -127; -128 is not used, so that a weight and its negative are the same but for the sign.
public struct QuantisedWeights: Hashable, Sendable {
    /// [O, I / groups, kernel height, kernel width].
    public let shape: [Int]
    /// Row-major.
    public let values: [Int8]
    /// [O], above zero.
    public let scales: [Float]

    /// - Returns: `nil` where there is no output channel, or a weight is not finite.
    public init?(_ weights: NumericArray) {
        guard let channels = weights.shape.first, channels > 0, weights.values.allSatisfy(\.isFinite) else { return nil }
        shape = weights.shape
        let perChannel = weights.values.count / channels
        var (values, scales) = ([Int8](), [Float]())
        values.reserveCapacity(weights.values.count)
        for channel in 0..<channels {
            let row = weights.values[channel * perChannel..<(channel + 1) * perChannel]
            let largest = row.reduce(0) { max($0, abs($1)) }
            // A channel of zeros stays one.
            let scale = largest / 127 > 1e-30 ? largest / 127 : 1
            scales.append(scale)
            for weight in row { values.append(Int8(min(max((weight / scale).rounded(.toNearestOrEven), -127), 127))) }
        }
        (self.values, self.scales) = (values, scales)
    }

    /// The weights that the integers stand for.
    public var dequantised: NumericArray {
        let perChannel = values.count / scales.count
        return NumericArray(shape: shape, values: values.enumerated().map { Float($1) * scales[$0 / perChannel] })
    }
}
