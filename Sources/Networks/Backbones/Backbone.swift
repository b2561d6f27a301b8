/// A network for pictures, cut before its classifier: what a detector looks through.
public protocol Backbone {
    /// Where weights for it come from by name: this network's units and the names that other programs give to their tensors.
    var sources: [WeightSource] { get }
    /// Channels of the maps, finest first.
    var mapChannels: [Int] { get }
    /// Pixels of the input between neighbours of each map.
    var mapStrides: [Int] { get }
    /// Parameters in a fixed order, by stage from the input on: the first stages learn the most general features, and can be frozen.
    var stages: [[Parameter]] { get }

    /// [N, C, H, W] to maps [N, mapChannels[i], H / mapStrides[i], W / mapStrides[i]].
    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value]
}

extension Backbone {
    public var parameters: [Parameter] { stages.flatMap { $0 } }
}

/// A convolution (and its normalisation) of ours, and what PyTorch's files call it.
public struct WeightSource {
    public let convolution: Convolution
    public let normalisation: BatchNormalisation?
    /// The tensor is `convolutionName.weight` (and `.bias`).
    public let convolutionName: String
    /// `normalisationName.weight`, `.bias`, `.running_mean`, `.running_var`.
    public let normalisationName: String?

    init(_ unit: ConvolutionUnit, _ convolutionName: String, _ normalisationName: String) {
        convolution = unit.convolution
        normalisation = unit.normalisation
        self.convolutionName = convolutionName
        self.normalisationName = normalisationName
    }

    init(_ convolution: Convolution, _ name: String) {
        self.convolution = convolution
        normalisation = nil
        convolutionName = name
        normalisationName = nil
    }
}
