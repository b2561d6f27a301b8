import Tensors

/// Padding of the last two axes, in pixels.
public struct Padding: Hashable, Sendable {
    public var left: Int
    public var right: Int
    public var top: Int
    public var bottom: Int

    public init(left: Int, right: Int, top: Int, bottom: Int) {
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    /// TensorFlow's "SAME": as much as makes the output ⌈size / stride⌉, the odd pixel at the right and bottom.
    public static func same(height: Int, width: Int, kernel: Int, stride: Int) -> Padding {
        func total(_ size: Int) -> Int { max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size) }
        let (vertical, horizontal) = (total(height), total(width))
        return Padding(left: horizontal / 2, right: horizontal - horizontal / 2, top: vertical / 2, bottom: vertical - vertical / 2)
    }
}

/// A two-dimensional convolution that keeps the size but for its stride: [N, C, H, W] to [N, O, ⌈H / stride⌉, ⌈W / stride⌉].
public struct Convolution {
    /// Which sides get the zeros; it differs for strides and even sizes only, and weights fit the rule they were learnt with.
    public enum PaddingRule: Hashable, Sendable {
        /// TensorFlow's "SAME": the odd pixel at the right and bottom.
        case same
        /// PyTorch's: half of the kernel on every side.
        case centred
    }

    /// [O, C / groups, k, k].
    public let weight: Parameter
    /// [O], or none before a normalisation.
    public let bias: Parameter?
    public let kernel: Int
    public let stride: Int
    public let groups: Int
    public let paddingRule: PaddingRule

    /// - Parameter deviation: Of the starting weights; by default He's √(2 / fan-in).
    init(
        _ name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, bias: Float? = nil,
        deviation: Double? = nil, padding: PaddingRule = .same, initialiser: inout Initialiser
    ) throws {
        let shape = [outputs, inputs / groups, kernel, kernel]
        let fanIn = Double(shape[1] * kernel * kernel)
        weight = Parameter(
            name: "\(name).weight", role: .weight, tensor: try initialiser.normal(shape, deviation: deviation ?? (2 / fanIn).squareRoot()))
        self.bias = try bias.map { Parameter(name: "\(name).bias", role: .bias, tensor: try initialiser.constant([outputs], $0)) }
        self.kernel = kernel
        self.stride = stride
        self.groups = groups
        paddingRule = padding
    }

    /// The zeros around an input of this size.
    func padding(height: Int, width: Int) -> Padding {
        switch paddingRule {
        case .same: Padding.same(height: height, width: width, kernel: kernel, stride: stride)
        case .centred: Padding(left: kernel / 2, right: kernel / 2, top: kernel / 2, bottom: kernel / 2)
        }
    }

    var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value { try executor.convolution(x, self) }
}
