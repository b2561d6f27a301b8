import ArgumentParser
import Installation

/// Hands over to `pleura-serve`, which carries the server; a site that only detects does not.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The reading room in the browser (runs pleura-serve, found beside this program).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve serve takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["serve"] + arguments) }
}

/// Hands over as `pleura serve` does: the archive is opened by the program that keeps it.
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Check or export what the reading room keeps (runs pleura-serve).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve archive takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["archive"] + arguments) }
}
