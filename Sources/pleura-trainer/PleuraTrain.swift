import ArgumentParser
import Basics
import Console
import Foundation
import Models
import Outputs
import Radiographs
import Tensors

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
        StandardStreams.prepare()
        do {
            var command = try PleuraTrain.parseAsRoot(NegativeNumbers.tied(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch {
            PleuraTrain.end("pleura-train", with: error)
        }
        ExitStatus.done.end("pleura-train")
    }
}
