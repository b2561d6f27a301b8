import ArgumentParser
import Console

private let sampleRange = OptionRange<Int>.whole(1...2_147_483_647)
private let workerRange = OptionRange<Int>.whole(1...1)

/// Options of the Object Detection API's `model_main_tf2.py` and `model_main.py` that have nothing to decide here. They are taken so that
/// a command of old runs as it is.
struct InheritedOptions: ParsableArguments {
    @Flag(help: "Progress goes to standard error.") var alsologtostderr = false
    @Flag(help: "Progress goes to standard error.") var logtostderr = false
    @Option(
        name: .customLong("sample_1_of_n_eval_examples"), help: sampleRange.help("Does nothing here", "n"), transform: sampleRange.parse)
    var sampleOfEvaluation: Int?
    @Option(
        name: .customLong("sample_1_of_n_eval_on_train_examples"), help: sampleRange.help("Does nothing here", "n"),
        transform: sampleRange.parse)
    var sampleOfTraining: Int?
    @Option(name: .customLong("num_workers"), help: workerRange.help("One machine trains", "n"), transform: workerRange.parse)
    var workers: Int?
    @Option(name: .customLong("checkpoint_dir")) var checkpointFolder: String?

    func validate() throws {
        if checkpointFolder != nil { throw ValidationError("--checkpoint_dir evaluates; that is what pleura evaluate does") }
    }

    /// A line for each that was given and does nothing.
    var notes: [String] {
        guard sampleOfEvaluation != nil || sampleOfTraining != nil else { return [] }
        return ["--sample_1_of_n_…: does nothing here; pleura evaluate measures, after the training"]
    }
}
