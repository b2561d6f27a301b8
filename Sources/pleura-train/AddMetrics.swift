import ArgumentParser
import Foundation
import Models

/// Writes measured figures into a bundle's card.
struct AddMetrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-metrics", abstract: "Write measured figures (and a chosen threshold) into a bundle's card.")

    @Option(help: "The bundle's directory.") var bundle: String
    @Option(help: "JSON of figures: [{\"name\", \"value\", \"split\", \"protocol\", \"tool\"}].") var metrics: String
    @Option(help: "Default operating threshold.") var threshold: Double?

    func run() throws {
        do {
            let folder = URL(fileURLWithPath: bundle)
            let old = try ModelBundle(directory: folder)
            var card = old.card
            card.metrics = try JSONDecoder().decode([ModelCard.Metric].self, from: Data(contentsOf: URL(fileURLWithPath: metrics)))
            card.scoreThreshold = threshold ?? card.scoreThreshold
            try ModelBundle.write(to: folder, onnx: Data(contentsOf: old.modelFile), labelMap: old.labelMap, card: card)
        } catch {
            StandardError.write("pleura-train: \(error)")
            throw ExitCode(1)
        }
    }
}
