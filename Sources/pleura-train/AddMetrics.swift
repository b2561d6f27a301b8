import ArgumentParser
import Foundation
import Models

/// Writes what `make score` measured into a bundle's card.
struct AddMetrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-metrics", abstract: "Write the figures of `make score` (and a chosen threshold) into a bundle's card.")

    @Option(help: "The bundle's directory.") var bundle: String
    @Option(help: "What `make score` printed.") var score: String
    @Option(help: "Default operating threshold.") var threshold: Double?

    /// The report of Tests/Oracles/score_coco.py.
    private struct Score: Decodable {
        struct Figure: Decodable {
            var value: Double?
            var low: Double?
            var high: Double?
        }
        struct ClassFigure: Decodable {
            var ap50: Double?
            var n: Int
        }
        var map50: Figure
        var map: Figure
        var perClass: [String: ClassFigure]
        var fold: Int
        var patients: Int
        var images: Int
        var boxes: Int

        enum CodingKeys: String, CodingKey {
            case map50, map, fold, patients, images, boxes
            case perClass = "per_class"
        }

        var metrics: [ModelCard.Metric] {
            let split = "fold \(fold): \(boxes) boxes on \(images) images of \(patients) patients not learnt from"
            func metric(_ name: String, _ figure: Figure, _ overlap: String) -> ModelCard.Metric? {
                figure.value.map {
                    ModelCard.Metric(
                        name: name, value: $0, low: figure.low, high: figure.high, split: split,
                        protocol: "COCO average precision at IoU \(overlap), interval by bootstrap over patients", tool: "pycocotools")
                }
            }
            let classes = perClass.sorted { $0.key < $1.key }.compactMap { label, figure in
                figure.ap50.map {
                    ModelCard.Metric(
                        name: "ap50 \(label)", value: $0, split: split, protocol: "COCO average precision at IoU 0.50, \(figure.n) boxes",
                        tool: "pycocotools")
                }
            }
            return [metric("map50", map50, "0.50"), metric("map", map, "0.50:0.95")].compactMap { $0 } + classes
        }
    }

    func run() throws {
        do {
            let folder = URL(fileURLWithPath: bundle)
            let old = try ModelBundle(directory: folder)
            var card = old.card
            card.metrics = try JSONDecoder().decode(Score.self, from: Data(contentsOf: URL(fileURLWithPath: score))).metrics
            card.scoreThreshold = threshold ?? card.scoreThreshold
            try ModelBundle.write(to: folder, onnx: Data(contentsOf: old.modelFile), labelMap: old.labelMap, card: card)
        } catch {
            StandardError.write("pleura-train: \(error)")
            throw ExitCode(1)
        }
    }
}
