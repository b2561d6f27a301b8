import Tensors

/// Cross-entropy and Dice of masks (Milletari et al., 3DV 2016): the one is right everywhere, the other counts a small structure as much as
/// a large one.
public struct SegmentationLoss {
    /// Added to both halves of Dice's fraction, in pixels: a structure that is not there, and not said, costs nothing.
    public static let smoothing = 1.0

    public init() {}

    /// Sums over images; divided by `count` they are means.
    public struct Parts {
        public let total: Tensor
        /// Mean cross-entropy of a pixel and a structure.
        public let entropy: Tensor
        /// Mean over structures of 1 - Dice.
        public let dice: Tensor
    }

    /// - Parameters:
    ///   - logits: [N, C, H, W].
    ///   - targets: [N, C, H, W] in 0...1: how much of a pixel the structure covers.
    ///   - count: What sums over images are divided by, also those of other parts of the step.
    public func callAsFunction(_ logits: Tensor, targets: Tensor, count: Double) throws -> Parts {
        let logits = try logits.asFloat()
        let shape = logits.shape
        let (structures, pixels) = (Double(shape[1]), Double(shape[2] * shape[3]))
        let entropy = try logits.binaryCrossEntropy(targets: targets).sum() * (1 / (structures * pixels * count))
        let said = try logits.sigmoid()
        let common = try (said * targets).sum(axes: [2, 3]) * 2 + Self.smoothing
        let both = try said.sum(axes: [2, 3]) + targets.sum(axes: [2, 3]) + Self.smoothing
        let dice = try ((common / both) * -1 + 1).sum() * (1 / (structures * count))
        return Parts(total: try entropy + dice, entropy: entropy, dice: dice)
    }
}
