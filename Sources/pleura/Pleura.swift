import ArgumentParser
import Basics
import Console
import Foundation
import Outputs
import Radiographs

/// The command line of a site.
struct Pleura: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "pleura", abstract: "Finds abnormalities on chest radiographs. Research use only, not a diagnosis.",
        discussion: """
            Results go to standard output or the named file, everything else to standard error.
            Exit codes: 0 done, 1 some inputs failed (each named, the rest done), 2 wrong use, 3 a needed file or engine is missing, 130 interrupted.
            """,
        version: "pleura \(version)",
        subcommands: [
            DetectCommand.self, VolumeCommand.self, EvaluateCommand.self, DatasetCommand.self, ModelCommand.self, PhantomCommand.self,
            TrainCommand.self,
            ExperimentCommand.self, ServeCommand.self, ArchiveCommand.self, DICOMCommand.self,
            ResultsCommand.self, TriageCommand.self, ImproveCommand.self, DoctorCommand.self, SupportCommand.self,
        ])
}

@main
enum Program {
    static func main() async {
        StandardStreams.prepare()
        PixelMemory.keepFreed(megabytes: 256)
        do {
            var command = try Pleura.parseAsRoot(NegativeNumbers.tied(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Pleura.end("pleura", with: error)
        }
        ExitStatus.done.end("pleura")
    }
}
