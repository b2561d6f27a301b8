import ArgumentParser
import Basics
import Console
import Foundation
import Improvement
import Models
import Outputs

/// One line on what was done, and the same as JSON.
private func tell(_ change: ModelChange, _ command: String, _ reports: ReportOptions) throws {
    if reports.printsText { StandardOutput.write("\(change.number)\t\(change.kind.rawValue)\t\(change.name)\t\(change.model)\n") }
    try reports.write("improve \(command)", change)
}

struct ImproveAdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Keep a released model as the first that a site uses.")

    @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir")) var model: String
    @OptionGroup var person: PersonOptions
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        let bundle = try Failure.about(model) { try ModelStore.standard.bundle(model) }
        try tell(try site.about { try $0.adopt(bundle, by: person.by, reason: person.reason) }, "adopt", reports)
    }
}

struct ImprovePromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Let a candidate take the place of the model in use, where the gate let it through.")

    @Argument(
        help: ArgumentHelp("The candidate: its directory, or the beginning of its digest, 12 digits at least.", valueName: "dir|digest"))
    var candidate: String
    @OptionGroup var person: PersonOptions
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        let change = try site.about { models in
            let digest: String
            if let bundle = try? ModelBundle(directory: URL(fileURLWithPath: candidate)) {
                digest = try models.keep(bundle).digest
            } else {
                let known = Set(try models.changes().map(\.model)).filter { candidate.count >= 12 && $0.hasPrefix(candidate.lowercased()) }
                guard let only = known.first, known.count == 1 else {
                    throw ImprovementError(
                        .missing, "\(candidate) is neither a model's directory nor the digest of a model in the change log")
                }
                digest = only
            }
            return try models.promote(digest, by: person.by, reason: person.reason)
        }
        try tell(change, "promote", reports)
    }
}

struct ImproveRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Take back the model that was in use before.")

    @OptionGroup var person: PersonOptions
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        try tell(try site.about { try $0.rollback(by: person.by, reason: person.reason) }, "rollback", reports)
    }
}

struct ImproveLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print the change log, checked, in the shape of a predetermined change control plan.")

    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        let changes = try site.about { try $0.changes() }
        if reports.printsText { StandardOutput.write(ChangePlan.text(changes)) }
        try reports.write("improve log", ["changes": changes])
    }
}
