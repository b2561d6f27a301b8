import ModelGraph
import Tensors

/// What a detector says of every anchor before it is decoded.
public struct DetectionOutput<Value> {
    /// [N, A, 4], as the network's `BoxCoding` has them.
    public let encodings: Value
    /// [N, A, C]: one logit a class, independent of each other.
    public let logits: Value
    /// [N, A, 1]: a logit of how well the box fits (centre-ness or IoU), where the head has one.
    public let quality: Value?
    /// [N, C]: logits of findings of the whole image, where there is a head for them, or maps of attention by labels.
    public var imageLogits: Value?
    /// [N, C]: logits of the whole image by the maps of attention by labels, where `imageLogits` are the head's. They are taught beside it.
    public var attentionLogits: Value?

    public init(encodings: Value, logits: Value, quality: Value? = nil, imageLogits: Value? = nil) {
        self.imageLogits = imageLogits
        self.encodings = encodings
        self.logits = logits
        self.quality = quality
    }

    /// What is said of the whole image: the head speaks for the network where there is one, the attention's maps where there is none.
    mutating func setImageLogits(head: Value?, attention: Value?) {
        imageLogits = head ?? attention
        attentionLogits = head == nil ? nil : attention
    }
}

/// A detector of boxes over a fixed set of anchors. A network is one conforming type, written once against `Executor`.
public protocol DetectionNetwork: Network {
    /// In the order of the outputs' second axis.
    var anchors: Anchors { get }
    /// How encodings become boxes.
    var coding: BoxCoding { get }

    /// A network of the same shape with starting values of its own.
    func untrainedCopy(seed: UInt64) throws -> any DetectionNetwork

    /// [N, inputChannels, inputSide, inputSide] to the output of every anchor.
    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> DetectionOutput<E.Value>
}

extension DetectionNetwork {
    /// [N, inputChannels, inputSide, inputSide] to boxes [N, A, 4] (x0, y0, x1, y1 in input pixels), scores [N, A, C] in 0...1 (where the
    /// head says how well a box fits, the geometric mean of that and the class's probability) and, where there is a head for them,
    /// probabilities of findings of the whole image [N, C].
    public func detect<E: Executor>(_ x: E.Value, _ executor: E) throws -> (boxes: E.Value, scores: E.Value, imageScores: E.Value?) {
        let output = try self(x, executor)
        var scores = try executor.sigmoid(output.logits)
        if let quality = output.quality { scores = try executor.squareRoot(executor.multiply(scores, executor.sigmoid(quality))) }
        return (
            try coding.decode(output.encodings, anchors: anchors, executor), scores, try output.imageLogits.map { try executor.sigmoid($0) }
        )
    }

    /// The same network as an ONNX model: input `image`, outputs `boxes`, `scores` and, where it has them, `image_scores`, the batch left
    /// open.
    public func onnxModel(description: String, version: String) throws -> ONNXModel {
        let executor = GraphExecutor(name: architecture)
        let input = executor.input("image", channels: inputChannels, height: inputSide, width: inputSide)
        let (boxes, scores, imageScores) = try detect(input, executor)
        executor.output(boxes, name: "boxes", sizes: [anchors.count, 4])
        executor.output(scores, name: "scores", sizes: [anchors.count, classCount])
        if let imageScores { executor.output(imageScores, name: "image_scores", sizes: [classCount]) }
        var model = executor.model(description: description, version: version)
        try model.foldBatchNormalisation()
        return model
    }
}
