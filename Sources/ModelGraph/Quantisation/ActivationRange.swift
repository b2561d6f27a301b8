/// The numbers that the 256 steps of an 8-bit activation reach from and to; zero is always one of the steps, for convolutions pad with it.
public struct ActivationRange: Hashable, Sendable {
    /// 0 or less.
    public let low: Float
    /// 0 or more.
    public let high: Float

    /// The smallest range with zero that holds both; one that is not finite counts as zero.
    public init(low: Float, high: Float) {
        self.low = low.isFinite ? min(low, 0) : 0
        self.high = high.isFinite ? max(high, 0) : 0
    }

    /// What one step stands for.
    public var scale: Float {
        let step = (high - low) / 255
        // A tensor that was always zero: any step will do, but none of zero, by which the engine would divide.
        return step.isFinite && step > 1e-12 ? step : 1 / 255
    }

    /// The step that stands for zero.
    public var zeroPoint: UInt8 { UInt8(min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)) }
}
