import Tensors

/// How pictures and feature maps [N, C, H, W] lie in memory while a network learns (LibTorch's memory format). The results are the same,
/// but for rounding.
public enum MemoryFormat: String, Codable, CaseIterable, Hashable, Sendable {
    /// A channel after another.
    case channelsFirst = "channels-first"
    /// A pixel after another, its channels beside each other, which the kernels of convolutions on newer processors and GPUs prefer.
    case channelsLast = "channels-last"
}

extension Tensor {
    /// [N, C, H, W], in this memory format. A network whose input and weights have one keeps it to its end.
    public func laidOut(_ memoryFormat: MemoryFormat) throws -> Tensor {
        memoryFormat == .channelsLast && shape.count == 4 ? try channelsLast() : self
    }
}
