import Tensors

/// Runs a network with LibTorch.
public final class TorchExecutor: Executor {
    /// Which statistics batch normalisation goes by while training.
    public enum Normalisation {
        /// The batch's, which move the running ones.
        case batch
        /// The running ones, which stay: for batches too small to have statistics worth the name (as detectors are fine-tuned since
        /// Ren et al., 2015). The scale and shift are learnt.
        case frozen
        /// Those of the batches of all processes together.
        case synchronised(over: any ProcessGroup)
    }

    /// Normalise as `normalisation` says; else by the running statistics.
    public var isTraining: Bool
    public var normalisation: Normalisation
    /// Share of a batch in the running statistics.
    public var momentum: Double
    private let device: Device
    private var constants: [String: Tensor] = [:]

    public init(isTraining: Bool, normalisation: Normalisation = .batch, momentum: Double = 0.03, device: Device = .cpu) {
        self.isTraining = isTraining
        self.normalisation = normalisation
        self.momentum = momentum
        self.device = device
    }

    public func size(of x: Tensor) -> (height: Int, width: Int) {
        let shape = x.shape
        return (shape[2], shape[3])
    }

    public func convolution(_ x: Tensor, _ layer: Convolution) throws -> Tensor {
        let (height, width) = size(of: x)
        let padding = layer.padding(height: height, width: width)
        let even = padding.left == padding.right && padding.top == padding.bottom && padding.left == padding.top
        let padded = even ? x : try x.zeroPadded(left: padding.left, right: padding.right, top: padding.top, bottom: padding.bottom)
        func convolved(_ input: Tensor) throws -> Tensor {
            try input.convolution(
                weight: layer.weight.tensor, bias: layer.bias?.tensor, stride: layer.stride, padding: even ? padding.left : 0,
                groups: layer.groups)
        }
        guard isTraining, layer.isSlowIn16Bits, device == .cpu, Engine.isAutocast(on: device) else { return try convolved(padded) }
        return try Engine.withoutAutocast(device: device) { try convolved(padded.asFloat()).asBFloat16() }
    }

    public func batchNormalisation(_ x: Tensor, _ layer: BatchNormalisation) throws -> Tensor {
        var usesBatch = isTraining && !layer.runningMean.isFrozen
        if usesBatch {
            switch normalisation {
            case .batch: break
            case .frozen: usesBatch = false
            case .synchronised(let group):
                if group.count > 1 { return try layer.synchronised(x, over: group, momentum: momentum) }
            }
        }
        // One number a channel has no variance: the running one would be no number from then on.
        let shape = x.shape
        if shape[0] * shape[2] * shape[3] < 2 { usesBatch = false }
        return try x.batchNormalised(
            weight: layer.weight.tensor, bias: layer.bias.tensor, runningMean: layer.runningMean.tensor,
            runningVariance: layer.runningVariance.tensor, training: usesBatch, momentum: momentum, epsilon: layer.epsilon)
    }

    public func relu(_ x: Tensor) throws -> Tensor { try x.relu() }
    public func clamp(_ x: Tensor, _ low: Double, _ high: Double) throws -> Tensor { try x.clamped(low, high) }
    public func reluConsuming(_ x: Tensor) throws -> Tensor { try x.reluInPlace() }
    public func clampConsuming(_ x: Tensor, _ low: Double, _ high: Double) throws -> Tensor { try x.clampedInPlace(low, high) }
    public func hardSwish(_ x: Tensor) throws -> Tensor { try x.hardSwish() }
    public func hardSigmoid(_ x: Tensor) throws -> Tensor { try x.hardSigmoid() }
    public func sigmoid(_ x: Tensor) throws -> Tensor { try x.sigmoid() }
    public func exponential(_ x: Tensor) throws -> Tensor { try x.exponential() }
    public func squareRoot(_ x: Tensor) throws -> Tensor { try x.squareRoot() }
    public func maxPool(_ x: Tensor) throws -> Tensor { try x.maxPooled(kernel: 3, stride: 2, padding: 1) }
    public func doubled(_ x: Tensor) throws -> Tensor {
        let (height, width) = size(of: x)
        return try x.upsampledNearest(height: 2 * height, width: 2 * width)
    }
    public func value(of parameter: Parameter) throws -> Tensor { parameter.tensor }
    public func globalAverage(_ x: Tensor) throws -> Tensor { try x.mean(axes: [2, 3], keepAxes: true) }
    public func rowAverage(_ x: Tensor) throws -> Tensor { try x.mean(axes: [3], keepAxes: true) }
    public func transposed(_ x: Tensor) throws -> Tensor { try x.permuted([0, 1, 3, 2]) }
    public func rows(_ x: Tensor, _ range: Range<Int>) throws -> Tensor {
        try x.sliced(axis: 2, from: range.lowerBound, to: range.upperBound)
    }
    public func channelMaximum(_ x: Tensor) throws -> Tensor { try x.maxima(axes: [1], keepAxes: true) }
    public func places(_ x: Tensor) throws -> Tensor {
        let shape = x.shape
        return try x.reshaped([shape[0], shape[1], shape[2] * shape[3]])
    }
    public func smoothMaximum(_ x: Tensor, sharpness: Double) throws -> Tensor {
        // A sum over hundreds of places is too much for 16 bits.
        try (Engine.isAutocast(on: device) ? x.asFloat() : x).smoothMaximum(axis: 2, sharpness: sharpness)
    }
    public func add(_ a: Tensor, _ b: Tensor) throws -> Tensor { try a + b }
    public func subtract(_ a: Tensor, _ b: Tensor) throws -> Tensor { try a - b }
    public func multiply(_ a: Tensor, _ b: Tensor) throws -> Tensor { try a * b }
    public func concatenate(_ values: [Tensor], axis: Int) throws -> Tensor { try Tensor.concatenated(values, axis: axis) }
    public func columns(_ x: Tensor, _ range: Range<Int>) throws -> Tensor {
        try x.sliced(axis: 2, from: range.lowerBound, to: range.upperBound)
    }

    public func anchorMajor(_ x: Tensor, columns: Int) throws -> Tensor {
        let shape = x.shape
        return try x.permuted([0, 2, 3, 1]).reshaped([shape[0], shape[1] / columns * shape[2] * shape[3], columns])
    }

    public func flattened(_ x: Tensor, columns: Int) throws -> Tensor { try x.reshaped([x.shape[0], columns]) }

    public func constant(_ values: [Float], shape: [Int], name: String) throws -> Tensor {
        if let known = constants[name] { return known }
        let tensor = try Tensor(values, shape: shape).moved(to: device)
        constants[name] = tensor
        return tensor
    }
}

extension Convolution {
    /// oneDNN has no kernels in bfloat16 for the gradients of depthwise convolutions with strides or with windows above 3 x 3, and takes
    /// those for dense ones with a group a channel: 5 to 11 times as long as in 32 bits (ONEDNN_VERBOSE=1 `bench-step` names them).
    fileprivate var isSlowIn16Bits: Bool { groups > 1 && groups == weight.tensor.shape[0] && (stride > 1 || kernel > 3) }
}
