import ArgumentParser
import Basics
import Console
import Foundation
import Models
import Outputs

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: """
            List, show and verify models; let several read together; quantise one; bank its similar cases; learn limits of image quality; \
            fetch weights to start a training from.
            """,
        subcommands: [
            List.self, Show.self, Verify.self, ModelEnsembleCommand.self, ModelQuantizeCommand.self, ModelCasesCommand.self,
            ModelQualityCommand.self,
            ModelFetch.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every model found on this machine.")

        @OptionGroup var reports: ReportOptions

        func run() throws {
            try reports.claim()
            var hasFailed = false
            var models: [ModelSummary] = []
            for directory in ModelStore.standard.directories() {
                do {
                    let bundle = try ModelBundle(directory: directory)
                    let card = bundle.card
                    models.append(ModelSummary(directory.lastPathComponent, directory, bundle))
                    guard reports.printsText else { continue }
                    StandardOutput.write("\(directory.lastPathComponent)\t\(card.version)\t\(card.inputSide) px\t\(card.summary)\n")
                } catch {
                    StandardError.failure(directory.path, Failure.reason(error))
                    models.append(ModelSummary(directory.lastPathComponent, directory, error: error))
                    hasFailed = true
                }
            }
            try reports.write("model list", ["models": models])
            if hasFailed { throw Failure(.someInputsFailed, "") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A model's card, as JSON.")

        @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
        var model: String
        @OptionGroup var reports: ReportOptions

        func run() throws {
            try reports.claim()
            let card = try Failure.about(model) { try ModelStore.standard.bundle(model).card.json() }
            // The card is JSON by itself.
            try OutputFile.write(card, toFileOrStandardOutput: reports.json ?? "-")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that no file of a model is missing or altered; all models found if none is named.")

        @Argument(help: ArgumentHelp("Names or directories.", valueName: "name|dir"))
        var models: [String] = []
        @OptionGroup var reports: ReportOptions

        func run() throws {
            try reports.claim()
            var entries: [ModelSummary] = []
            let store = ModelStore.standard
            let named = models.isEmpty ? store.directories().map(\.path) : models
            guard !named.isEmpty else { throw Failure(.somethingMissing, "no model was found on this machine") }
            var status = ExitStatus.done
            for name in named {
                do {
                    let bundle = try store.bundle(name)
                    entries.append(ModelSummary(name, bundle.directory, bundle))
                    guard reports.printsText else { continue }
                    StandardOutput.write("\(name)\tgood\t\(bundle.card.name) \(bundle.card.version)\t\(bundle.digest)\n")
                } catch {
                    entries.append(ModelSummary(name, nil, error: error))
                    StandardError.failure(name, Failure.reason(error))
                    // One of several is an input that failed; the only one asked for is a thing that is missing.
                    if named.count == 1 || status == .done { status = named.count == 1 ? Failure.status(error) : .someInputsFailed }
                }
            }
            try reports.write("model verify", ["models": entries])
            if status != .done { throw Failure(status, "") }
        }
    }
}
