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

    public init(encodings: Value, logits: Value, quality: Value? = nil) {
        self.encodings = encodings
        self.logits = logits
        self.quality = quality
    }
}

/// A detector of boxes over a fixed set of anchors. A network is one conforming type, written once against `Executor`.
public protocol DetectionNetwork {
    /// As the model's card names it.
    var architecture: String { get }
    /// Columns of the scores; without a background.
    var classCount: Int { get }
    var inputChannels: Int { get }
    /// Side of the square input in pixels.
    var inputSide: Int { get }
    /// In the order of the outputs' second axis.
    var anchors: Anchors { get }
    /// How encodings become boxes.
    var coding: BoxCoding { get }
    var backbone: any Backbone { get }
    /// Every parameter, in a fixed order.
    var parameters: [Parameter] { get }

    /// A network of the same shape with starting values of its own.
    func untrainedCopy(seed: UInt64) throws -> any DetectionNetwork

    /// [N, inputChannels, inputSide, inputSide] to what is said of every anchor.
    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> DetectionOutput<E.Value>
}

extension DetectionNetwork {
    /// [N, inputChannels, inputSide, inputSide] to boxes [N, A, 4] (x0, y0, x1, y1 in input pixels) and scores [N, A, C] in 0...1: where
    /// the head says how well a box fits, the geometric mean of that and the class's probability.
    public func detect<E: Executor>(_ x: E.Value, _ executor: E) throws -> (boxes: E.Value, scores: E.Value) {
        let output = try self(x, executor)
        var scores = try executor.sigmoid(output.logits)
        if let quality = output.quality { scores = try executor.squareRoot(executor.multiply(scores, executor.sigmoid(quality))) }
        return (try coding.decode(output.encodings, anchors: anchors, executor), scores)
    }

    /// The same network as an ONNX model: input `image`, outputs `boxes` and `scores`, the batch left open.
    public func onnxModel(description: String, version: String) throws -> ONNXModel {
        let executor = GraphExecutor(name: architecture)
        let input = executor.input("image", channels: inputChannels, height: inputSide, width: inputSide)
        let (boxes, scores) = try detect(input, executor)
        executor.output(boxes, name: "boxes", rows: anchors.count, columns: 4)
        executor.output(scores, name: "scores", rows: anchors.count, columns: classCount)
        var model = executor.model(description: description, version: version)
        try model.foldBatchNormalisation()
        return model
    }
}
