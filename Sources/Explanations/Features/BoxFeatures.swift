import Detection
import Foundation
import Geometry
import Inference
import ModelGraph
import Models
import Quantisation
import Radiographs
import Synchronization

/// What a network makes of a box on its way: the means of its finest map of features inside the box, and in a ring of half the box's size
/// around it.
///
/// The map is an inner value of the network's graph that OpenVINO is asked for: no bundle has to be made anew. It is that which both of the
/// detector's heads read first; of SSDLite with MobileNetV3 672 channels at a stride of 16.
public final class BoxFeatures: Sendable {
    private let probe: Mutex<NetworkProbe>
    private let value: String
    private let side: Int
    /// In input pixels.
    private let stride: Int

    /// - Throws: `ExplanationError` where the network has no such map; `InferenceError`, `ModelGraphError`.
    public init(_ bundle: ModelBundle, stride: Int = 16) throws {
        guard bundle.ensemble == nil, let bytes = try? Data(contentsOf: bundle.modelFile) else {
            throw ExplanationError(.network, "only a model with a network of its own has features")
        }
        let model = try ONNXModel(bytes: bytes)
        guard let value = model.firstValue(readByConvolutions: 3), bundle.card.inputSide % stride == 0 else {
            throw ExplanationError(.network, "the network has no map of features that its heads share")
        }
        (self.value, self.stride, side) = (value, stride, bundle.card.inputSide)
        probe = Mutex(
            try NetworkProbe(
                model.exposing([value]), outputs: [value], side: bundle.card.inputSide, channels: bundle.card.inputChannels))
    }

    /// - Parameter boxes: In pixels of the original image.
    /// - Returns: One vector a box: the channels' means in the box, then in the ring.
    /// - Throws: `InferenceError`; `ExplanationError` where the map has another shape.
    public func vectors(of boxes: [Box], in prepared: PreparedRadiograph) throws -> [[Float]] {
        guard let input = prepared.inputs.first else { return [] }
        let cells = side / stride
        var map: [Float] = []
        try probe.withLock { probe in try probe.run(input.values) { _, values in map = Array(values) } }
        guard !map.isEmpty, map.count % (cells * cells) == 0 else {
            throw ExplanationError(.network, "its map of features is not of \(cells) x \(cells) cells")
        }
        let channels = map.count / (cells * cells)
        return boxes.map { box in
            let place = input.transform.boxInInput(prepared.boxInSeen(box))
            let outer = Box(
                x: place.x - place.width / 4, y: place.y - place.height / 4, width: place.width * 1.5, height: place.height * 1.5)
            let inside = shares(of: place, cells)
            let around = zip(shares(of: outer, cells), inside).map { max(0, $0 - $1) }
            return Self.means(map, channels, inside) + Self.means(map, channels, around)
        }
    }

    /// What share of each cell a box covers.
    private func shares(of box: Box, _ cells: Int) -> [Float] {
        let size = Double(stride)
        return (0..<cells * cells).map { cell in
            let square = Box(x: Double(cell % cells) * size, y: Double(cell / cells) * size, width: size, height: size)
            return Float(square.intersection(box).area / (size * size))
        }
    }

    private static func means(_ map: [Float], _ channels: Int, _ shares: [Float]) -> [Float] {
        let sum = max(1e-6, shares.reduce(0, +))
        return (0..<channels).map { channel in
            var total: Float = 0
            for cell in shares.indices where shares[cell] > 0 { total += shares[cell] * map[channel * shares.count + cell] }
            return total / sum
        }
    }
}
