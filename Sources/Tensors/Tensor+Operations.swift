import CTorch

/// The operators that Pleura's networks and losses use. Each is ATen's own; names are spelt out.
extension Tensor {
    private enum Operators {
        static let convolution = Operator("conv2d")
        static let pad = Operator("constant_pad_nd")
        static let batchNorm = Operator("batch_norm")
        static let relu = Operator("relu")
        static let reluInPlace = Operator("relu_")
        static let hardSwish = Operator("hardswish")
        static let hardSigmoid = Operator("hardsigmoid")
        static let sigmoid = Operator("sigmoid")
        static let clampInPlace = Operator("hardtanh_")
        static let clamp = Operator("clamp")
        static let exponential = Operator("exp")
        static let logarithm = Operator("log")
        static let absolute = Operator("abs")
        static let squareRoot = Operator("sqrt")
        static let maxPool = Operator("max_pool2d")
        static let upsampleNearest = Operator("upsample_nearest2d")
        static let mean = Operator("mean", overload: "dim")
        static let sum = Operator("sum")
        static let sumAxes = Operator("sum", overload: "dim_IntList")
        static let varianceAndMean = Operator("var_mean", overload: "correction")
        static let addProduct = Operator("addcmul")
        static let add = Operator("add", overload: "Tensor")
        static let addNumber = Operator("add", overload: "Scalar")
        static let subtract = Operator("sub", overload: "Tensor")
        static let multiply = Operator("mul", overload: "Tensor")
        static let multiplyNumber = Operator("mul", overload: "Scalar")
        static let divide = Operator("div", overload: "Tensor")
        static let power = Operator("pow", overload: "Tensor_Scalar")
        static let maximum = Operator("maximum")
        static let minimum = Operator("minimum")
        static let reshape = Operator("reshape")
        static let permute = Operator("permute")
        static let concatenate = Operator("cat")
        static let slice = Operator("slice", overload: "Tensor")
        static let selectIndices = Operator("index_select")
        static let copyToIndices = Operator("index_copy")
        static let detach = Operator("detach")
        static let binaryCrossEntropy = Operator("binary_cross_entropy_with_logits")
        static let copy = Operator("copy_")
        static let clone = Operator("clone")
        static let zerosLike = Operator("zeros_like")
        static let toType = Operator("to", overload: "dtype")
        static let toOther = Operator("to", overload: "other")
        static let norm = Operator("linalg_vector_norm")
    }

    /// Cross-correlation: `self` [N, C, H, W] with `weight` [O, C / groups, kH, kW].
    public func convolution(weight: Tensor, bias: Tensor?, stride: Int, padding: Int, groups: Int) throws -> Tensor {
        try Operators.convolution(
            .tensor(self), .tensor(weight), bias.map(Argument.tensor) ?? .none, .integers([stride, stride]), .integers([padding, padding]),
            .integers([1, 1]), .integer(groups))
    }

    /// Zeros added around the two last axes.
    public func zeroPadded(left: Int, right: Int, top: Int, bottom: Int) throws -> Tensor {
        try Operators.pad(.tensor(self), .integers([left, right, top, bottom]), .integer(0))
    }

    /// Batch normalisation (Ioffe and Szegedy 2015); with `training`, by the batch's statistics, moving the running ones in place.
    public func batchNormalised(
        weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, training: Bool, momentum: Double, epsilon: Double
    ) throws -> Tensor {
        try Operators.batchNorm(
            .tensor(self), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance), .boolean(training),
            .real(momentum), .real(epsilon), .boolean(true))
    }

    public func relu() throws -> Tensor { try Operators.relu(.tensor(self)) }
    /// `relu`, written over this tensor.
    package func reluInPlace() throws -> Tensor { try Operators.reluInPlace(.tensor(self)) }
    public func hardSwish() throws -> Tensor { try Operators.hardSwish(.tensor(self)) }
    public func hardSigmoid() throws -> Tensor { try Operators.hardSigmoid(.tensor(self)) }
    public func sigmoid() throws -> Tensor { try Operators.sigmoid(.tensor(self)) }
    public func exponential() throws -> Tensor { try Operators.exponential(.tensor(self)) }
    public func logarithm() throws -> Tensor { try Operators.logarithm(.tensor(self)) }
    public func absolute() throws -> Tensor { try Operators.absolute(.tensor(self)) }
    public func clamped(_ low: Double, _ high: Double) throws -> Tensor {
        try Operators.clamp(.tensor(self), .real(low), .real(high))
    }

    /// `clamped`, written over this tensor; a number that is at a limit passes no gradient.
    package func clampedInPlace(_ low: Double, _ high: Double) throws -> Tensor {
        try Operators.clampInPlace(.tensor(self), .real(low), .real(high))
    }

    public func squareRoot() throws -> Tensor { try Operators.squareRoot(.tensor(self)) }

    /// The largest of each window of [N, C, H, W]; outside the picture nothing is larger.
    public func maxPooled(kernel: Int, stride: Int, padding: Int) throws -> Tensor {
        try Operators.maxPool(
            .tensor(self), .integers([kernel, kernel]), .integers([stride, stride]), .integers([padding, padding]), .integers([1, 1]),
            .boolean(false))
    }

    /// [N, C, H, W] to [N, C, height, width], each pixel the one at the same place before.
    public func upsampledNearest(height: Int, width: Int) throws -> Tensor {
        try Operators.upsampleNearest(.tensor(self), .integers([height, width]), .none, .none)
    }

    public func mean(axes: [Int], keepAxes: Bool) throws -> Tensor {
        try Operators.mean(.tensor(self), .integers(axes), .boolean(keepAxes))
    }
    public func sum() throws -> Tensor { try Operators.sum(.tensor(self)) }
    public func sum(axes: [Int]) throws -> Tensor { try Operators.sumAxes(.tensor(self), .integers(axes)) }
    /// The biased variance (divided by the count) and the mean over `axes`, which go.
    public func varianceAndMean(axes: [Int]) throws -> (variance: Tensor, mean: Tensor) {
        let both = try Operators.varianceAndMean.call([.tensor(self), .integers(axes), .integer(0)])
        guard both.count == 2 else { throw TensorError(.engine, "var_mean gave \(both.count) results") }
        return (both[0], both[1])
    }
    /// `self` + a · b, in one pass.
    public func adding(product a: Tensor, _ b: Tensor) throws -> Tensor {
        try Operators.addProduct(.tensor(self), .tensor(a), .tensor(b))
    }

    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try Operators.add(.tensor(a), .tensor(b)) }
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try Operators.subtract(.tensor(a), .tensor(b)) }
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try Operators.multiply(.tensor(a), .tensor(b)) }
    public static func / (a: Tensor, b: Tensor) throws -> Tensor { try Operators.divide(.tensor(a), .tensor(b)) }
    public static func + (a: Tensor, b: Double) throws -> Tensor { try Operators.addNumber(.tensor(a), .real(b)) }
    public static func * (a: Tensor, b: Double) throws -> Tensor { try Operators.multiplyNumber(.tensor(a), .real(b)) }
    public func power(_ exponent: Double) throws -> Tensor { try Operators.power(.tensor(self), .real(exponent)) }
    public func maximum(_ other: Tensor) throws -> Tensor { try Operators.maximum(.tensor(self), .tensor(other)) }
    public func minimum(_ other: Tensor) throws -> Tensor { try Operators.minimum(.tensor(self), .tensor(other)) }

    /// The same tensor with the parts of `source` in place of its own at `indices` along `axis`.
    public func replacing(axis: Int, indices: Tensor, with source: Tensor) throws -> Tensor {
        try Operators.copyToIndices(.tensor(self), .integer(axis), .tensor(indices), .tensor(source))
    }

    public func reshaped(_ shape: [Int]) throws -> Tensor { try Operators.reshape(.tensor(self), .integers(shape)) }
    public func permuted(_ axes: [Int]) throws -> Tensor { try Operators.permute(.tensor(self), .integers(axes)) }
    public static func concatenated(_ tensors: [Tensor], axis: Int) throws -> Tensor {
        try Operators.concatenate(.tensors(tensors), .integer(axis))
    }
    public func sliced(axis: Int, from start: Int, to end: Int) throws -> Tensor {
        try Operators.slice(.tensor(self), .integer(axis), .integer(start), .integer(end))
    }
    /// Rows (or any axis') picked by a tensor of indices.
    public func selected(axis: Int, indices: Tensor) throws -> Tensor {
        try Operators.selectIndices(.tensor(self), .integer(axis), .tensor(indices))
    }

    /// The same numbers, cut off from what made them.
    public func detached() throws -> Tensor { try Operators.detach(.tensor(self)) }

    /// As 32-bit floats; itself where it is already.
    public func asFloat() throws -> Tensor { try converted(to: CT_FLOAT32) }

    /// As 64-bit floats.
    public func asDouble() throws -> Tensor { try converted(to: CT_FLOAT64) }

    /// As 16-bit floats with the exponent of 32-bit ones (bfloat16).
    public func asBFloat16() throws -> Tensor { try converted(to: CT_BFLOAT16) }

    func converted(to type: CTScalarType) throws -> Tensor { try Operators.toType(.tensor(self), .integer(Int(type.rawValue))) }

    /// In the precision and on the device of another; itself where it is already.
    public func converted(like other: Tensor) throws -> Tensor { try Operators.toOther(.tensor(self), .tensor(other)) }

    /// Element by element, -t log σ(x) - (1 - t) log(1 - σ(x)) of logits x = `self`, computed without overflow.
    public func binaryCrossEntropy(targets: Tensor) throws -> Tensor {
        try Operators.binaryCrossEntropy(.tensor(self), .tensor(targets), .none, .none, .integer(0))
    }

    /// The same numbers in memory of their own, laid out alike.
    public func copied() throws -> Tensor { try Operators.clone(.tensor(self)) }

    /// Zeros of the same shape and kind, laid out alike, on the same device.
    public func zerosLike() throws -> Tensor { try Operators.zerosLike(.tensor(self)) }

    /// Overwrites the numbers in place with those of `source`, of the same shape.
    public func copyNumbers(from source: Tensor) throws {
        try Operators.copy.call([.tensor(self), .tensor(source)])
    }

    /// Euclidean length of all numbers.
    public func norm() throws -> Tensor { try Operators.norm(.tensor(self), .integer(2)) }
}
