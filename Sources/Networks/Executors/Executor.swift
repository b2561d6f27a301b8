/// Who computes a network. The network is written once against this protocol: `TorchExecutor` runs it on numbers for training,
/// `GraphExecutor` writes the same steps down as an ONNX graph.
public protocol Executor: AnyObject {
    /// A tensor, or the name of one in a graph.
    associatedtype Value

    /// Height and width of a value of shape [N, C, H, W].
    func size(of x: Value) -> (height: Int, width: Int)

    func convolution(_ x: Value, _ layer: Convolution) throws -> Value
    func batchNormalisation(_ x: Value, _ layer: BatchNormalisation) throws -> Value
    func relu(_ x: Value) throws -> Value
    func clamp(_ x: Value, _ low: Double, _ high: Double) throws -> Value
    /// `relu` of a value that nobody else reads, over which the result may be written.
    func reluConsuming(_ x: Value) throws -> Value
    /// `clamp` of a value that nobody else reads, over which the result may be written.
    func clampConsuming(_ x: Value, _ low: Double, _ high: Double) throws -> Value
    func hardSwish(_ x: Value) throws -> Value
    func hardSigmoid(_ x: Value) throws -> Value
    func sigmoid(_ x: Value) throws -> Value
    func exponential(_ x: Value) throws -> Value
    func squareRoot(_ x: Value) throws -> Value
    /// The largest of each 3 x 3 window, every second one: [N, C, H, W] to [N, C, ⌈H / 2⌉, ⌈W / 2⌉].
    func maxPool(_ x: Value) throws -> Value
    /// Every pixel four times: [N, C, H, W] to [N, C, 2 H, 2 W].
    func doubled(_ x: Value) throws -> Value
    /// [N, C, H, W] to [N, C, 1, 1].
    func globalAverage(_ x: Value) throws -> Value
    /// The mean of every row: [N, C, H, W] to [N, C, H, 1].
    func rowAverage(_ x: Value) throws -> Value
    /// Rows become columns: [N, C, H, W] to [N, C, W, H].
    func transposed(_ x: Value) throws -> Value
    /// Rows `range` of [N, C, H, W].
    func rows(_ x: Value, _ range: Range<Int>) throws -> Value
    /// The largest of all channels, place by place: [N, C, H, W] to [N, 1, H, W].
    func channelMaximum(_ x: Value) throws -> Value
    /// Places one after another: [N, C, H, W] to [N, C, H * W].
    func places(_ x: Value) throws -> Value
    /// (1 / r) log mean exp(r x) over the last axis, r = `sharpness`: [N, C, P] to [N, C].
    func smoothMaximum(_ x: Value, sharpness: Double) throws -> Value
    func add(_ a: Value, _ b: Value) throws -> Value
    func subtract(_ a: Value, _ b: Value) throws -> Value
    func multiply(_ a: Value, _ b: Value) throws -> Value
    func concatenate(_ values: [Value], axis: Int) throws -> Value
    /// Columns `range` of the last axis of [N, A, K].
    func columns(_ x: Value, _ range: Range<Int>) throws -> Value
    /// [N, A * K, H, W] to [N, H * W * A, K]: rows of pixels, then anchors, as the TF Object Detection API orders them.
    func anchorMajor(_ x: Value, columns: Int) throws -> Value
    /// [N, K, 1, 1] to [N, K].
    func flattened(_ x: Value, columns: Int) throws -> Value
    /// A parameter that is multiplied or added as it is.
    func value(of parameter: Parameter) throws -> Value
    /// Numbers that are no parameter, such as anchors.
    func constant(_ values: [Float], shape: [Int], name: String) throws -> Value
}

extension Executor {
    public func reluConsuming(_ x: Value) throws -> Value { try relu(x) }
    public func clampConsuming(_ x: Value, _ low: Double, _ high: Double) throws -> Value { try clamp(x, low, high) }
}
