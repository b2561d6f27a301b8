import Tensors

/// A backbone with a head for findings of the whole image: what it learns from image-level labels, a detector with the same backbone
/// starts from.
public struct ImageClassifier: Network {
    public let backboneKind: BackboneKind
    public let classCount: Int
    public let inputChannels: Int
    public let inputSide: Int
    public let backbone: any Backbone
    let head: ImageHead

    public var architecture: String { "classifier_\(backboneKind.identifier)" }
    public var parameters: [Parameter] { backbone.parameters + head.parameters }

    /// - Throws: `NetworkError` where the shape cannot be built.
    public init(backbone kind: BackboneKind, classCount: Int, inputChannels: Int = 1, inputSide: Int, seed: UInt64) throws {
        guard (64...2048).contains(inputSide), classCount > 0, inputChannels > 0 else {
            throw NetworkError(.shape, "the input's side is 64 to 2048 pixels, and there is one channel and one class or more")
        }
        var initialiser = Initialiser(seed: seed)
        backboneKind = kind
        self.classCount = classCount
        self.inputChannels = inputChannels
        self.inputSide = inputSide
        // The maps of a pyramid are what most detectors look at, so the parameters are those that they start from.
        backbone = try kind.make("backbone", isForPyramid: true, inputChannels: inputChannels, initialiser: &initialiser)
        head = try ImageHead(
            "image_head", channels: backbone.mapChannels[backbone.mapChannels.count - 1], classCount: classCount, initialiser: &initialiser)
    }

    /// [N, inputChannels, inputSide, inputSide] to logits [N, C].
    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        let maps = try backbone(x, executor)
        return try head(maps[maps.count - 1], executor)
    }
}
