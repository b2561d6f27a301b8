import ArgumentParser
import Datasets
import Foundation
import Models
import Radiographs
import Tensors
import Training

/// The command line of training. A site does not carry it: it needs LibTorch, and neither OpenVINO nor DCMTK.
@main
struct PleuraTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pleura-train",
        abstract: "Learns a detector from radiologists' boxes. Research use only.",
        version: "0.1.0 (LibTorch \(Engine.version))",
        subcommands: [Train.self, AddMetrics.self], defaultSubcommand: Train.self)
}
