// Trains a while as `pleura-train train` does and says how long it took, how much of that was LibTorch's own time, and how much memory it
// had; `make bench-train` runs it beside PyTorch doing the same (Benchmarks/training.py).
//
//     bench-train DATASET RUN PRESET WARM_UP STEPS SAMPLING [key=value ...]
//
// RUN is a folder that is made for it. Steps are timed from the end of step WARM_UP on, with everything between them: batches made ahead,
// the record of the run. Memory is sampled every SAMPLING steps after the warm-up, 0 for never.

import Datasets
import Foundation
import Networks
import Radiographs
import Tensors
import Training
import TrainingExamples
import TrainingSettings

let arguments = CommandLine.arguments
guard arguments.count >= 7, let warmUp = Int(arguments[4]), let steps = Int(arguments[5]), let sampling = Int(arguments[6]), warmUp > 0,
    steps > 0, sampling >= 0
else {
    FileHandle.standardError.write(Data("usage: bench-train DATASET RUN PRESET WARM_UP STEPS SAMPLING [key=value ...]\n".utf8))
    exit(2)
}
do {
    Engine.keepFreedMemory()
    var configuration = try ConfigurationFile.read(arguments[3], settings: ["start=none"] + arguments.dropFirst(7))
    // The schedule is one of a training that goes on.
    configuration.loop.steps = max(configuration.loop.steps, 10 * (warmUp + steps))
    let dataset = try Dataset.read(directory: URL(fileURLWithPath: arguments[1]))
    let detector = try configuration.model.makeDetector(classCount: dataset.findingClasses.count, seed: 1)
    let cost = CostExecutor()
    _ = try detector(cost.input(channels: detector.inputChannels, side: detector.inputSide), cost)
    let watch = StepWatch(warmUp: warmUp, steps: steps, sampling: sampling, batch: configuration.loop.batchSize)
    let training = TrainingRun(
        configuration: configuration, dataset: dataset, decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]))
    do {
        _ = try training.run(in: URL(fileURLWithPath: arguments[2]), resume: false, report: watch.saw)
    } catch is StepWatch.Enough {}
    guard let report = watch.report(multiplications: cost.multiplications) else {
        throw TrainingError(.run, "the training ended before the last step")
    }
    print(report)
} catch {
    FileHandle.standardError.write(Data("bench-train: \(error)\n".utf8))
    exit(1)
}
