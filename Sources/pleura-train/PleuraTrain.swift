import ArgumentParser
import Datasets
import Foundation
import Models
import Radiographs
import Tensors
import Training

/// The command line of training. A site does not carry it: it needs LibTorch, and neither OpenVINO nor DCMTK.
struct PleuraTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pleura-train",
        abstract: "Learns a detector from radiologists' boxes. Research use only.",
        version: "0.1.0 (LibTorch \(Engine.version))",
        subcommands: [Train.self, ExperimentCommand.self], defaultSubcommand: Train.self)
}

@main
enum Program {
    static func main() {
        do {
            var command = try PleuraTrain.parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let text = PleuraTrain.fullMessage(for: error)
            // Help and version are results; anything else that the parser says is wrong use.
            guard PleuraTrain.exitCode(for: error) == .success else {
                StandardError.write(text)
                exit(2)
            }
            print(text)
        }
    }
}
