import Findings
import Foundation
import Models
import Radiographs
import TestSupport

/// A bundle with the network of `Tests/InferenceTests/Fixtures/make_tiny_networks.py`: bright and dark cells of a 4 x 4 grid.
package enum TinyModel {
    package static func network(_ name: String = "tiny") -> URL {
        Repository.root.appendingPathComponent("Tests/InferenceTests/Fixtures/\(name).onnx")
    }

    package static func card(threshold: Double = 0.6, gate: InputGate? = nil) -> ModelCard {
        ModelCard(
            name: "tiny", version: "1.0.0", summary: "Bright and dark cells.", architecture: "average pooling", inputSide: 64,
            preprocessing: Preprocessing(steps: [.letterbox(width: 64, height: 64, fill: 0)]),
            trainingData: ModelCard.TrainingData(
                description: "none", licence: "none", digest: "none", images: 0, boxes: 0, patients: 0, folds: []),
            scoreThreshold: threshold, inputGate: gate, created: "2026-01-31")
    }

    package static func labels(_ names: [String] = ["Bright", "Dark"]) throws -> LabelMap {
        try LabelMap(names.enumerated().map { FindingClass(id: $0.offset + 1, name: $0.element) })
    }

    package static func write(to directory: URL, network name: String = "tiny", card: ModelCard = TinyModel.card()) throws {
        try ModelBundle.write(to: directory, onnx: Data(contentsOf: network(name)), labelMap: labels(), card: card)
    }
}
