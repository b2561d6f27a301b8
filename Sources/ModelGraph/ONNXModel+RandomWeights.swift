import Basics
import Foundation

extension ONNXModel {
    /// Shuffles the weights of the network's last layers, each tensor within itself, so that their sizes stay those of a trained network: the
    /// control that an explanation is put to (Adebayo et al., NeurIPS 2018: weights made random from the top down).
    ///
    /// Constants that are no weights, such as anchors, stay.
    /// - Parameters:
    ///   - share: Of the layers that have weights, counted from the output; 1 for all.
    ///   - seed: The same seed makes the same network.
    /// - Returns: How many tensors were shuffled.
    @discardableResult
    public mutating func shuffleWeights(topShare share: Double, seed: UInt64) -> Int {
        restoreFullPrecisionWeights()
        let constants = Dictionary(proto.graph.initializer.enumerated().map { ($1.name, $0) }) { first, _ in first }
        // Nodes stand in the order in which they are computed.
        let layers = proto.graph.node.filter { node in
            ["Conv", "ConvTranspose", "Gemm", "MatMul"].contains(node.opType) && node.input.dropFirst().contains { constants[$0] != nil }
        }
        let count = Int((Double(layers.count) * max(0, min(1, share))).rounded(.up))
        var generator = SeededGenerator(seed: seed)
        var done: Set<String> = []
        for layer in layers.suffix(count) {
            for name in layer.input.dropFirst() where !done.contains(name) {
                guard let index = constants[name], proto.graph.initializer[index].dataType == Self.float else { continue }
                var values = FloatBytes.floats(proto.graph.initializer[index].rawData)
                values.shuffle(using: &generator)
                proto.graph.initializer[index].rawData = FloatBytes.bytes(values)
                done.insert(name)
            }
        }
        return done.count
    }
}
