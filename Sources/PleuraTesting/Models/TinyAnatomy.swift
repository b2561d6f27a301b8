import Findings
import Foundation
import Models
import Radiographs

/// A segmentation that stands in for a real one: its network is a kilobyte and goes by grey alone, and `DrawnChest` is drawn in its greys.
///
/// Of each pixel of 128 x 128: lung where the grey is 0.08 to 0.35, right in the left half and left in the right one; heart from 0.65 to
/// 0.85, below the upper 35 rows; clavicles from 0.92 on, by halves. Of the mirrored image it says the same, mirrored.
public enum TinyAnatomy {
    public static func card() -> ModelCard {
        var card = ModelCard(
            name: "anatomy", version: "1.0.0", summary: "Greys of drawn chests.", architecture: "none", inputSide: 128,
            preprocessing: Preprocessing(steps: [.letterbox(width: 128, height: 128, fill: 0)]),
            trainingData: ModelCard.TrainingData(
                description: "none", licence: "none", digest: "none", images: 0, boxes: 0, patients: 0, folds: []),
            scoreThreshold: 0.5, created: "2026-01-31")
        card.kind = ModelCard.segmentation
        return card
    }

    /// Writes the model bundle.
    public static func write(to directory: URL) throws {
        let labels = try LabelMap(AnatomyBits.names.enumerated().map { FindingClass(id: $0.offset + 1, name: $0.element) })
        try ModelBundle.write(to: directory, onnx: Data(contentsOf: TinyModel.network("anatomy")), labelMap: labels, card: card())
    }
}
