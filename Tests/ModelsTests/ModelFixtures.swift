import Findings
import Foundation
import Models
import Radiographs
import Testing

/// A card and a label map for bundles that hold no real network.
enum ModelFixtures {
    static func card() -> ModelCard {
        ModelCard(
            name: "tiny", version: "1.2.3", summary: "A card for tests.", architecture: "none", inputSide: 64,
            preprocessing: Preprocessing(steps: [
                .percentileWindow(low: 0.5, high: 99.5), .letterbox(width: 64, height: 64, fill: 0),
                .normalise(mean: 0.5, standardDeviation: 0.25),
            ]),
            trainingData: ModelCard.TrainingData(
                description: "none", licence: "none", digest: "00", images: 1, boxes: 2, patients: 1, folds: [1, 2]),
            scoreThreshold: 0.3, inputGate: nil,
            metrics: [
                ModelCard.Metric(name: "map50", value: 0.25, low: 0.2, split: "fold 0", protocol: "COCO", tool: "pycocotools 2.0.10")
            ],
            created: "2026-01-31")
    }

    static func labelMap() throws -> LabelMap { try LabelMap([FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")]) }

    static let onnx = Data((0..<2000).map { UInt8($0 % 251) })

    /// The reason a bundle in that directory is refused for, or `nil` where it is not.
    static func refusal(_ directory: URL) -> ModelError? {
        do {
            _ = try ModelBundle(directory: directory)
            return nil
        } catch {
            return error as? ModelError
        }
    }
}
