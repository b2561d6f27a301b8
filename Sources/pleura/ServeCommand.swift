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
        commandName: "archive", abstract: "Check, copy or export what the reading room keeps (runs pleura-serve).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve archive takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["archive"] + arguments) }
}

struct DICOMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom", abstract: "Try a DICOM peer, send to it, ask it; take patients out of files (runs pleura-serve).",
        helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve dicom takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["dicom"] + arguments) }
}

struct ResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results", abstract: "Read DICOM objects that carry results back (runs pleura-serve).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve results takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["results"] + arguments) }
}

struct SupportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "support", abstract: "Write what somebody far away has to know, without a patient in it (runs pleura-serve).",
        helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve support takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.server).run(["support"] + arguments) }
}
