import ArgumentParser
import Basics
import Console
import Outputs
import Radiographs

/// The program of the reading room: it carries the server, which the site's other programs do not need.
struct PleuraServe: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "pleura-serve", abstract: "The reading room of Pleura. Research use only, not a diagnosis.",
        discussion: "Run as `pleura serve`, `pleura archive`, `pleura dicom`, `pleura results`, `pleura improve` and `pleura support`.",
        version: "pleura-serve \(version)",
        subcommands: [
            ServeCommand.self, ArchiveCommand.self, DICOMCommand.self, ResultsCommand.self, ImproveCommand.self, SupportCommand.self,
        ])
}

@main
enum Program {
    static func main() async {
        StandardStreams.prepare()
        PixelMemory.keepFreed(megabytes: 64)
        do {
            var command = try PleuraServe.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            PleuraServe.end("pleura", with: error)
        }
        ExitStatus.done.end("pleura")
    }
}
