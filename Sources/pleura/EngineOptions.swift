import ArgumentParser
import Assessment
import Console
import DICOM
import Detection
import Radiographs

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

    /// How models are found and run, with progress on standard error.
    /// - Parameters:
    ///   - usual: The precision where none was asked for.
    ///   - caches: Whether compiled networks are taken from the user's cache folder and kept there.
    func runner(_ reports: ReportOptions, usual: DetectorLoader.Precision = .f32, caches: Bool = false) -> ModelRunner {
        ModelRunner(
            loader: DetectorLoader(precision: precision ?? usual, threads: threads, cachesNetworks: caches),
            decoders: DecoderRegistry.standard, observer: ProgressBar(isQuiet: reports.quiet))
    }
}
