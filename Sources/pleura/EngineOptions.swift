import ArgumentParser
import Foundation
import Inference
import Models

/// How a model is run; the same in every command that runs one.
struct EngineOptions: ParsableArguments {
    @Option(help: "What the engine computes in: f32, the same everywhere, or bf16, faster on processors that have it.")
    var precision = EngineSettings.Precision.f32
    @Option(help: ArgumentHelp("Threads of the engine; all cores if not given.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be 1 or more.") }
    }

    /// The model of that name or in that directory, ready for use.
    /// - Throws: `Failure` that names it.
    func detector(_ model: String) throws -> Detector {
        let bundle: ModelBundle
        do {
            bundle = try ModelStore.standard.bundle(model)
        } catch {
            throw Failure.bundle(model, error)
        }
        do {
            return try Detector(bundle: bundle, settings: EngineSettings(precision: precision, threads: threads))
        } catch {
            throw Failure(.somethingMissing, "\(model): \(Failure.reason(error))")
        }
    }
}

extension EngineSettings.Precision: ExpressibleByArgument {}
