import ArgumentParser
import Basics
import Console
import Foundation
import Improvement
import Installation
import Models

/// The learning loop. What needs the reading room's archive is run by the program that keeps it.
struct ImproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "improve", abstract: "Let a model learn from a site's reviews, and show whether it may take the other's place.",
        discussion: """
            dataset, events, watch, next and shadow work on the reading room's archive (they run pleura-serve). The others work on datasets and \
            models. Documentation/Learning.md says how they go together. Research use only, not a diagnosis.
            """,
        subcommands: [
            ImproveReferenceCommand.self, ImproveTrainCommand.self, ImproveGateCommand.self, ImproveAdoptCommand.self,
            ImprovePromoteCommand.self, ImproveRollbackCommand.self, ImproveLogCommand.self, ImproveAcceptCommand.self,
            ImprovePoolCommand.self, ImproveSelectCommand.self,
            ImproveDatasetCommand.self, ImproveEventsCommand.self, ImproveWatchCommand.self, ImproveNextCommand.self,
            ImproveShadowCommand.self,
        ])
}

/// Where a site's models and change log lie.
struct SiteModelsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of the site's models and change log; improvement in the reading room's archive if not given.", valueName: "dir"))
    var site: String?

    var models: SiteModels {
        SiteModels(
            folder: site.map { URL(fileURLWithPath: $0, isDirectory: true) }
                ?? UserFolders.data.appendingPathComponent("archive/improvement"))
    }

    /// Does some work on the log; an error of it gets the folder's name.
    func about<Value>(_ body: (SiteModels) throws -> Value) throws -> Value {
        let models = models
        return try Failure.about(models.folder.path) { try body(models) }
    }
}

/// Who does what only a person may do.
struct PersonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The person who does it, for the change log.", valueName: "name"))
    var by: String
    @Option(help: ArgumentHelp("Why, for the change log.", valueName: "text"))
    var reason: String
}

/// Commands that need the archive are handed over.
private func handOver(_ command: String, _ arguments: [String]) throws -> Never {
    try CompanionProgram(.server).run(["improve", command] + arguments)
}

struct ImproveDatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Make a dataset of the signed reviews (runs pleura-serve).", helpNames: [])
    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve improve dataset takes.") var arguments: [String] = []
    func run() throws { try handOver("dataset", arguments) }
}

struct ImproveEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Note what readers did since the last time, and check the chain (runs pleura-serve).",
        helpNames: [])
    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve improve events takes.") var arguments: [String] = []
    func run() throws { try handOver("events", arguments) }
}

struct ImproveWatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Look whether images and findings are as they were (runs pleura-serve).", helpNames: [])
    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve improve watch takes.") var arguments: [String] = []
    func run() throws { try handOver("watch", arguments) }
}

struct ImproveNextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "List what is to be read next (runs pleura-serve).", helpNames: [])
    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve improve next takes.") var arguments: [String] = []
    func run() throws { try handOver("next", arguments) }
}

struct ImproveShadowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow", abstract: "Let a candidate read along, and list where both differ (runs pleura-serve).", helpNames: [])
    @Argument(parsing: .captureForPassthrough, help: "What pleura-serve improve shadow takes.") var arguments: [String] = []
    func run() throws { try handOver("shadow", arguments) }
}
