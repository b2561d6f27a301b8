import Findings
import Foundation
import Models
import Radiographs

/// A model that stands in for a real one: its network is a kilobyte, and what it finds is known by hand.
///
/// It looks at 64 x 64 pixels in a grid of 4 x 4 cells (`DrawnPictures.cells`). With m the mean of the cell at column c and row r, 0 black and 1 white,
/// the cell is `Bright` with a score of m and `Dark` with a score of 0.5 - m / 2, each cut to 0...1, and its box in pixels of the input is
/// [16c, 16r, 16c + 16 + 8m, 16r + 16].
public enum TinyModel {
    /// One of the networks that `make_tiny_networks.py` wrote beside them.
    /// - Parameter name: `tiny`; `image_scores`, which has those too; `convolutions`, the same by five convolutions that can be put in 8 bits, and
    ///   `fragile`, where that loses the image; or one that is wrong in the way that it is named by: `no_boxes`, `no_scores`, `no_image`,
    ///   `three_channels`, `not_numbers`.
    public static func network(_ name: String = "tiny") -> URL { Bundle.module.bundleURL.appendingPathComponent("Networks/\(name).onnx") }

    /// What the network says of an image, by its definition written out.
    /// - Parameter input: [64 * 64], row by row.
    /// - Returns: Boxes as [16 * 4], x0, y0, x1, y1 in pixels of the input; scores as [16 * 2], bright and dark.
    public static func answer(to input: [Float]) -> (boxes: [Float], scores: [Float]) {
        var (boxes, scores): ([Float], [Float]) = ([], [])
        for row in 0..<4 {
            for column in 0..<4 {
                var sum: Double = 0
                for y in 0..<16 {
                    for x in 0..<16 { sum += Double(input[(16 * row + y) * 64 + 16 * column + x]) }
                }
                let mean = Float(sum / 256)
                boxes += [Float(16 * column), Float(16 * row), Float(16 * column + 16) + 8 * mean, Float(16 * row + 16)]
                scores += [min(max(mean, 0), 1), min(max(0.5 - mean / 2, 0), 1)]
            }
        }
        return (boxes, scores)
    }

    /// - Parameter threshold: 0...1, the score from which on a finding is told.
    public static func card(threshold: Double = 0.6, gate: InputGate? = nil) -> ModelCard {
        ModelCard(
            name: "tiny", version: "1.0.0", summary: "Bright and dark cells.", architecture: "average pooling", inputSide: 64,
            preprocessing: Preprocessing(steps: [.letterbox(width: 64, height: 64, fill: 0)]),
            trainingData: ModelCard.TrainingData(
                description: "none", licence: "none", digest: "none", images: 0, boxes: 0, patients: 0, folds: []),
            scoreThreshold: threshold, inputGate: gate, created: "2026-01-31")
    }

    /// - Parameter names: Of the two scores in their order; more or fewer do not fit the network.
    public static func labels(_ names: [String] = ["Bright", "Dark"]) throws -> LabelMap {
        try LabelMap(names.enumerated().map { FindingClass(id: $0.offset + 1, name: $0.element) })
    }

    /// Writes the model bundle.
    public static func write(to directory: URL, network name: String = "tiny", card: ModelCard = TinyModel.card()) throws {
        try ModelBundle.write(to: directory, onnx: Data(contentsOf: network(name)), labelMap: labels(), card: card)
    }
}
