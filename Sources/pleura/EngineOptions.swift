import ArgumentParser
import Basics
import Console
import Detection
import Findings
import Inference
import Models
import Outputs

private let threadsRange = OptionRange.threads

extension DetectorLoader.Precision: ExpressibleByArgument {}

/// How a model is run; the same in every command that runs one.
struct EngineOptions: ParsableArguments {
    @Option(
        help: """
            What the engine computes in: f32, the same everywhere; bf16, faster on processors that have it; int8, the model's second \
            network, where `pleura model quantize` made one; auto, what `pleura doctor --bench` found best for the model on this machine, \
            f32 before that. Not given: auto for detect, else f32.
            """)
    var precision: DetectorLoader.Precision?
    @Option(help: threadsRange.help("Threads of the engine; all cores if not given", "n"), transform: threadsRange.parse)
    var threads: Int?

    /// What was asked for, by its name.
    /// - Parameter usual: The precision where none was.
    func requested(usual: DetectorLoader.Precision = .f32) -> String { (precision ?? usual).rawValue }

    /// What was asked for and what runs, in a line.
    func precisionText(_ detector: Detector, usual: DetectorLoader.Precision = .f32) -> String {
        "precision: \(requested(usual: usual)) asked for, \(detector.settings.precision.rawValue) runs"
    }

    /// The model of that name or in that directory, ready for use.
    /// - Parameters:
    ///   - images: How many images it is to look at: the engine works on one at a time or on several.
    ///   - usual: The precision where none was asked for.
    ///   - caches: Whether compiled networks are taken from the user's cache folder and kept there.
    /// - Throws: `Failure` that names it.
    func detector(
        _ model: String, images: Int, usual: DetectorLoader.Precision = .f32, caches: Bool = false
    ) throws -> Detector {
        let bundle: ModelBundle
        do {
            bundle = try ModelStore.standard.bundle(model)
        } catch {
            throw Failure.bundle(model, error)
        }
        let loader = DetectorLoader(precision: precision ?? usual, threads: threads, cachesNetworks: caches)
        let (asked, running) = loader.runningPrecision(of: bundle)
        if running != asked { StandardError.line("pleura: this processor has no \(asked.rawValue); computing in \(running.rawValue)") }
        do {
            return try loader.detector(bundle, mode: DetectorLoader.mode(forImages: images))
        } catch {
            throw Failure(.somethingMissing, "\(model): \(Failure.reason(error))")
        }
    }
}
