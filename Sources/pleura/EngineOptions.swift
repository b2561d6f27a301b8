import ArgumentParser
import Basics
import Console
import Foundation
import Inference
import Models
import Outputs

private let threadsRange = OptionRange.threads

/// How a model is run; the same in every command that runs one.
struct EngineOptions: ParsableArguments {
    /// What `--precision` takes.
    enum Precision: String, ExpressibleByArgument, CaseIterable {
        case auto, f32, bf16, int8
    }

    @Option(
        help: """
            What the engine computes in: f32, the same everywhere; bf16, faster on processors that have it; int8, the model's second \
            network, where `pleura model quantize` made one; auto, what `pleura doctor --bench` found best for the model on this machine, \
            f32 before that. Not given: auto for detect, else f32.
            """)
    var precision: Precision?
    @Option(help: threadsRange.help("Threads of the engine; all cores if not given", "n"), transform: threadsRange.parse)
    var threads: Int?

    /// What was asked for, by its name.
    /// - Parameter usual: The precision where none was.
    func requested(usual: Precision = .f32) -> String { (precision ?? usual).rawValue }

    /// What was asked for and what runs, in a line.
    func precisionText(_ detector: Detector, usual: Precision = .f32) -> String {
        "precision: \(requested(usual: usual)) asked for, \(detector.settings.precision.rawValue) runs"
    }

    /// The model of that name or in that directory, ready for use.
    /// - Parameters:
    ///   - images: How many images it is to look at: the engine works on one at a time or on several.
    ///   - usual: The precision where none was asked for.
    ///   - caches: Whether compiled networks are taken from the user's cache folder and kept there: for a start in half the time.
    /// - Throws: `Failure` that names it.
    func detector(_ model: String, images: Int, usual: Precision = .f32, caches: Bool = false) throws -> Detector {
        let bundle: ModelBundle
        do {
            bundle = try ModelStore.standard.bundle(model)
        } catch {
            throw Failure.bundle(model, error)
        }
        let cache = caches ? CompiledNetworks(of: bundle.digest) : nil
        do {
            var settings = settings(for: bundle, images: images, usual: usual)
            settings.cacheDirectory = cache?.folder
            let detector = try Detector(bundle: bundle, settings: settings)
            cache?.seal()
            return detector
        } catch {
            throw Failure(.somethingMissing, "\(model): \(Failure.reason(error))")
        }
    }

    private func settings(for bundle: ModelBundle, images: Int, usual: Precision) -> EngineSettings {
        let asked: EngineSettings.Precision =
            switch precision ?? usual {
            case .f32: .f32
            case .bf16: .bf16
            case .int8: .int8
            case .auto: EngineChoice.kept(for: bundle.digest)?.precision ?? .f32
            }
        let precision = EngineSettings.precision(asked, on: .current)
        if precision != asked {
            StandardError.line("pleura: this processor has no \(asked.rawValue); computing in \(precision.rawValue)")
        }
        return EngineSettings(precision: precision, threads: threads, mode: images > Self.fewImages ? .throughput : .latency)
    }

    /// Up to so many images the answer is soonest where all cores work on one.
    private static let fewImages = 2
}
