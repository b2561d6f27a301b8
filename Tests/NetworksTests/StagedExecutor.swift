import Networks
import Tensors

/// Runs a network in training but for the normalisations that are named, and writes down which layers' results have a history.
final class StagedExecutor: Executor {
    private let training = TorchExecutor(isTraining: true)
    private let evaluation = TorchExecutor(isTraining: false)
    private let isEvaluated: (String) -> Bool
    /// Names of the weights of layers that `backward()` would come to.
    private(set) var recorded: Set<String> = []

    init(isEvaluated: @escaping (String) -> Bool) { self.isEvaluated = isEvaluated }

    private func noted(_ y: Tensor, _ parameter: Parameter) -> Tensor {
        if y.requiresGradient { recorded.insert(parameter.name) }
        return y
    }

    func size(of x: Tensor) -> (height: Int, width: Int) { training.size(of: x) }
    func convolution(_ x: Tensor, _ layer: Convolution) throws -> Tensor { try noted(training.convolution(x, layer), layer.weight) }
    func batchNormalisation(_ x: Tensor, _ layer: BatchNormalisation) throws -> Tensor {
        try noted((isEvaluated(layer.weight.name) ? evaluation : training).batchNormalisation(x, layer), layer.weight)
    }
    func relu(_ x: Tensor) throws -> Tensor { try training.relu(x) }
    func clamp(_ x: Tensor, _ low: Double, _ high: Double) throws -> Tensor { try training.clamp(x, low, high) }
    func hardSwish(_ x: Tensor) throws -> Tensor { try training.hardSwish(x) }
    func hardSigmoid(_ x: Tensor) throws -> Tensor { try training.hardSigmoid(x) }
    func sigmoid(_ x: Tensor) throws -> Tensor { try training.sigmoid(x) }
    func exponential(_ x: Tensor) throws -> Tensor { try training.exponential(x) }
    func squareRoot(_ x: Tensor) throws -> Tensor { try training.squareRoot(x) }
    func maxPool(_ x: Tensor) throws -> Tensor { try training.maxPool(x) }
    func doubled(_ x: Tensor) throws -> Tensor { try training.doubled(x) }
    func globalAverage(_ x: Tensor) throws -> Tensor { try training.globalAverage(x) }
    func rowAverage(_ x: Tensor) throws -> Tensor { try training.rowAverage(x) }
    func transposed(_ x: Tensor) throws -> Tensor { try training.transposed(x) }
    func rows(_ x: Tensor, _ range: Range<Int>) throws -> Tensor { try training.rows(x, range) }
    func channelMaximum(_ x: Tensor) throws -> Tensor { try training.channelMaximum(x) }
    func places(_ x: Tensor) throws -> Tensor { try training.places(x) }
    func smoothMaximum(_ x: Tensor, sharpness: Double) throws -> Tensor { try training.smoothMaximum(x, sharpness: sharpness) }
    func add(_ a: Tensor, _ b: Tensor) throws -> Tensor { try training.add(a, b) }
    func subtract(_ a: Tensor, _ b: Tensor) throws -> Tensor { try training.subtract(a, b) }
    func multiply(_ a: Tensor, _ b: Tensor) throws -> Tensor { try training.multiply(a, b) }
    func concatenate(_ values: [Tensor], axis: Int) throws -> Tensor { try training.concatenate(values, axis: axis) }
    func flattened(_ x: Tensor, columns: Int) throws -> Tensor { try training.flattened(x, columns: columns) }
    func columns(_ x: Tensor, _ range: Range<Int>) throws -> Tensor { try training.columns(x, range) }
    func anchorMajor(_ x: Tensor, columns: Int) throws -> Tensor { try training.anchorMajor(x, columns: columns) }
    func value(of parameter: Parameter) throws -> Tensor { try training.value(of: parameter) }
    func constant(_ values: [Float], shape: [Int], name: String) throws -> Tensor {
        try training.constant(values, shape: shape, name: name)
    }
}
