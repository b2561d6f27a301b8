import ArgumentParser

/// Options of the Object Detection API's `model_main_tf2.py` and `model_main.py` that have nothing to decide here. They are taken so that
/// a command of old runs as it is.
struct InheritedOptions: ParsableArguments {
    @Flag(help: "Progress goes to standard error.") var alsologtostderr = false
    @Flag(help: "Progress goes to standard error.") var logtostderr = false
    @Option(name: .customLong("sample_1_of_n_eval_examples")) var sampleOfEvaluation: Int?
    @Option(name: .customLong("sample_1_of_n_eval_on_train_examples")) var sampleOfTraining: Int?
    @Option(name: .customLong("num_workers")) var workers: Int?
    @Option(name: .customLong("checkpoint_dir")) var checkpointFolder: String?

    func validate() throws {
        if checkpointFolder != nil { throw ValidationError("--checkpoint_dir evaluates; that is what pleura evaluate does") }
        if let workers, workers != 1 { throw ValidationError("--num_workers is 1: one machine trains") }
    }

    /// A line for each that was given and does nothing.
    var notes: [String] {
        guard sampleOfEvaluation != nil || sampleOfTraining != nil else { return [] }
        return ["--sample_1_of_n_…: does nothing here; pleura evaluate measures, after the training"]
    }
}
