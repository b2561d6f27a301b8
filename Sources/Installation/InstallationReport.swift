import Basics
import Detection
import Foundation
import Models

/// What this machine has of what Pleura needs, what it lacks, and what to do about it: what `pleura doctor` prints.
public struct InstallationReport: Encodable, Sendable {
    /// A library or program.
    public struct Engine: Encodable, Hashable, Sendable {
        public var name: String
        /// What it is for.
        public var purpose: String
        /// `nil` where it is missing or does not work.
        public var version: String?
        /// Whether a site cannot do without it.
        public var needed: Bool
        /// What to do where it is missing.
        public var advice: String?
    }
    /// A folder that claims to be a model.
    public struct Model: Encodable, Hashable, Sendable {
        public var name: String
        public var path: String
        public var version: String?
        public var digest: String?
        /// Why it cannot be used, one line.
        public var error: String?
    }

    /// The version of the program.
    public var pleura: String
    public var engines: [Engine]
    public var processor: Processor
    public var models: [Model]
    /// What was measured of the models, now or earlier.
    public var choices: [EngineChoice]
    /// Sentences, most important first.
    public var advice: [String]
    /// Whether images can be read.
    public var ready: Bool

    /// Looks at this machine.
    /// - Parameters:
    ///   - version: Of the program that asks.
    ///   - store: Where models are looked for.
    ///   - training: The program of training.
    public init(version: String, store: ModelStore = .standard, training: CompanionProgram = CompanionProgram(.training)) {
        pleura = version
        engines = Engine.needed + [Engine(training)]
        processor = Processor.current
        models = store.directories().map { Model($0) }
        advice = engines.compactMap(\.advice)
        if !models.contains(where: { $0.error == nil }) {
            advice.append(
                "No usable model was found: name one by --model DIR, or put its folder into Models beside the program or above it.")
        }
        for case let (name, error?) in models.map({ ($0.name, $0.error) }) {
            advice.append("Model \(name): \(error); fetch or make it again.")
        }
        if !processor.hasBFloat16 {
            advice.append("The processor has no bf16 arithmetic: --precision bf16 would not be faster here.")
        }
        choices = models.compactMap { $0.digest.flatMap(EngineChoice.kept) }
        ready = engines.allSatisfy { !$0.needed || $0.version != nil } && models.contains { $0.error == nil }
    }

    /// Measures each usable model in every precision, and keeps what is best; a model that fails gives advice.
    public mutating func measure() {
        choices = []
        for model in models where model.error == nil {
            do {
                let bundle = try ModelBundle(directory: URL(fileURLWithPath: model.path))
                guard let choice = try EngineChoice(measuring: bundle, called: model.name, on: processor) else { continue }
                choices.append(choice)
                if !choice.keep() {
                    advice.append("Model \(model.name): the choice of precision cannot be kept in the user's cache folder.")
                }
            } catch {
                advice.append("Model \(model.name) could not be measured: \(error.sentence).")
            }
        }
    }
}

extension InstallationReport.Model {
    /// Looks into a folder.
    init(_ directory: URL) {
        (name, path) = (directory.lastPathComponent, directory.path)
        do {
            let bundle = try ModelBundle(directory: directory)
            version = bundle.card.version
            digest = bundle.digest
        } catch {
            self.error = error.sentence
        }
    }
}

extension Error {
    /// The one line of any error of ours; another's may hold what it stumbled over.
    var sentence: String { (self as? any ExplainedError)?.description ?? "it failed" }
}
