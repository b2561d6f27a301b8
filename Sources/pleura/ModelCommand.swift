import ArgumentParser
import Foundation
import Models

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List, show and verify models; let several read together; quantise one; fetch weights to start a training from.",
        subcommands: [List.self, Show.self, Verify.self, ModelEnsembleCommand.self, ModelQuantizeCommand.self, ModelFetch.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every model found on this machine.")

        func run() throws {
            var hasFailed = false
            for directory in ModelStore.standard.directories() {
                do {
                    let card = try ModelBundle(directory: directory).card
                    StandardOutput.write(
                        Data("\(directory.lastPathComponent)\t\(card.version)\t\(card.inputSide) px\t\(card.summary)\n".utf8))
                } catch {
                    StandardError.failure(directory.path, Failure.reason(error))
                    hasFailed = true
                }
            }
            if hasFailed { throw Failure(.someInputsFailed, "") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A model's card, as JSON.")

        @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
        var model: String

        func run() throws {
            do {
                StandardOutput.write(try ModelStore.standard.bundle(model).card.json())
            } catch {
                throw Failure.bundle(model, error)
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that no file of a model is missing or altered; all models found if none is named.")

        @Argument(help: ArgumentHelp("Names or directories.", valueName: "name|dir"))
        var models: [String] = []

        func run() throws {
            let store = ModelStore.standard
            let named = models.isEmpty ? store.directories().map(\.path) : models
            guard !named.isEmpty else { throw Failure(.somethingMissing, "no model was found on this machine") }
            var status = ExitStatus.done
            for name in named {
                do {
                    let bundle = try store.bundle(name)
                    StandardOutput.write(Data("\(name)\tgood\t\(bundle.card.name) \(bundle.card.version)\t\(bundle.digest)\n".utf8))
                } catch {
                    let failure = Failure.bundle(name, error)
                    StandardError.failure(name, Failure.reason(error))
                    // One of several is an input that failed; the only one asked for is a thing that is missing.
                    if named.count == 1 || status == .done { status = named.count == 1 ? failure.status : .someInputsFailed }
                }
            }
            if status != .done { throw Failure(status, "") }
        }
    }
}
