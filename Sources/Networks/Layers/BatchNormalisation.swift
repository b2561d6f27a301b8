import Tensors

/// Batch normalisation (Ioffe and Szegedy 2015) over [N, C, H, W], a channel at a time.
public struct BatchNormalisation {
    public let weight: Parameter
    public let bias: Parameter
    public let runningMean: Parameter
    public let runningVariance: Parameter
    public let epsilon: Double

    init(_ name: String, channels: Int, epsilon: Double, initialiser: Initialiser) throws {
        weight = Parameter(name: "\(name).weight", role: .bias, tensor: try initialiser.constant([channels], 1))
        bias = Parameter(name: "\(name).bias", role: .bias, tensor: try initialiser.constant([channels], 0))
        runningMean = Parameter(name: "\(name).running_mean", role: .statistic, tensor: try initialiser.constant([channels], 0))
        runningVariance = Parameter(name: "\(name).running_variance", role: .statistic, tensor: try initialiser.constant([channels], 1))
        self.epsilon = epsilon
    }

    public var parameters: [Parameter] { [weight, bias, runningMean, runningVariance] }
}
