import Tensors

/// How pictures and feature maps [N, C, H, W] lie in memory while a network learns. The results are the same, but for rounding.
public enum PictureLayout: String, Codable, CaseIterable, Hashable, Sendable {
    /// A channel after another.
    case channelsFirst = "channels-first"
    /// A pixel after another, its channels beside each other, which the kernels of convolutions on newer processors and GPUs prefer.
    case channelsLast = "channels-last"
}

extension Tensor {
    /// [N, C, H, W], laid out so. A network whose input and weights lie in a layout keeps it to its end.
    public func laidOut(_ layout: PictureLayout) throws -> Tensor {
        layout == .channelsLast && shape.count == 4 ? try channelsLast() : self
    }
}
