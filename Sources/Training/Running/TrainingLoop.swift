import Foundation
import ModelGraph
import Networks
import RunRecords
import Tensors
import TrainingExamples
import TrainingSettings
import Weights

/// The steps of a run, its validations, its checkpoints and its end.
struct TrainingLoop {
    let run: RunFolder
    let settings: TrainingConfiguration
    let source: any BatchMaking
    let trainer: Trainer
    let validator: (any Validator)?
    let processes: any ProcessGroup
    let shouldStop: (@Sendable () -> Bool)?

    /// Goes on from `progress` to the last step, or to where patience ends.
    func go(from progress: inout Checkpoint.Progress, report: (TrainingEvent) throws -> Void) throws {
        let isFirst = processes.rank == 0
        let recorder =
            isFirst ? try RunRecorder(run: run, figureNames: validator?.figureNames ?? [], resumingAt: progress.step) : nil
        guard progress.step < settings.loop.steps, !progress.hasEnded else { return }
        let parts = processes.rank * settings.loop.accumulation..<(processes.rank + 1) * settings.loop.accumulation
        let batches = BatchPrefetcher(
            source: source, steps: progress.step..<settings.loop.steps, parts: parts, of: processes.count * parts.count,
            ahead: 2 * settings.loop.accumulation + 1, threads: settings.cache.workers)
        let start = Date()
        var means = LossMeans()
        while progress.step < settings.loop.steps, !progress.hasEnded {
            let step = progress.step
            let done = try trainer.step(step, parts: parts.map { try batches.take(step: step, part: $0) })
            for failure in batches.takeNewFailures() { try report(.message(failure)) }
            let epoch = Double(progress.step + 1) / Double(source.stepsPerEpoch)
            try recorder?.record(done, epoch: epoch)
            means.add(done)
            progress.step += 1
            try report(.step(event(done, epoch: epoch, progress)))
            let isLast = progress.step == settings.loop.steps
            if progress.step.isMultiple(of: settings.validation.interval) || isLast {
                if isFirst {
                    let validation = try validation(
                        step: progress.step, epoch: epoch, time: Date().timeIntervalSince(start), means: means.take(), rate: done.rate,
                        report)
                    try recorder?.record(validation)
                    try compare(validation, &progress)
                    try report(.validation(validation))
                    if progress.hasEnded { try report(.message("no better for \(progress.validationsSinceBest) validations: ended early")) }
                }
                try trainer.takeSnapshot()
                progress.hasEnded = try processes.sum([progress.hasEnded ? 1 : 0]).first ?? 0 > 0
            }
            // Together: a process that stopped alone would be waited for by the others.
            let stops = try shouldStop.map { try processes.sum([$0() ? 1 : 0]).first ?? 0 > 0 } ?? false
            if isFirst, progress.step.isMultiple(of: settings.loop.checkpointInterval) || isLast || progress.hasEnded || stops {
                try Checkpoint.write(to: run.checkpointFile, progress: progress, trainer: trainer)
                Engine.releaseFreedMemory()
            }
            if stops, !isLast, !progress.hasEnded {
                try recorder?.finish()
                throw TrainingError(
                    .stopped, "\(run.url.path): stopped at step \(progress.step) of \(settings.loop.steps); --resume goes on with it")
            }
        }
        try recorder?.finish()
    }

    /// The weights that become the model: the mean of the last validations' where the settings ask for it, else the best of the validation,
    /// else the last, averaged.
    /// - Throws: `TrainingError` where one is not finite: no model is made of such.
    func finalWeights() throws -> [String: NumericArray] {
        let isWatched = validator != nil && FileManager.default.fileExists(atPath: run.bestFile.path)
        let weights =
            try trainer.snapshots.mean ?? (isWatched ? WeightFile(contentsOf: run.bestFile).arrays : trainer.averagedArrays())
        let broken = weights.keys.sorted().first { !(weights[$0]?.values.allSatisfy(\.isFinite) ?? true) }
        guard let broken else { return weights }
        throw TrainingError(.notFinite, "the trained \(broken) holds numbers that are not finite; lower the learning rate, or start anew")
    }

    private func validation(
        step: Int, epoch: Double, time: Double, means: [Double], rate: Double, _ report: (TrainingEvent) throws -> Void
    ) throws -> ValidationReport {
        var result = ValidationReport(step: step, epoch: epoch, time: time)
        (result.loss, result.scoreLoss, result.boxLoss, result.qualityLoss, result.imageLoss) =
            (means[0], means[1], means[2], means[3], means[4])
        result.rate = rate
        if let validator {
            result.figures = try trainer.withAveragedWeights {
                try validator.figures(of: trainer.task) { try report(.message($0)) }
            }
        }
        return result
    }

    /// Keeps the weights that are better than all before, and counts the validations since.
    private func compare(_ validation: ValidationReport, _ progress: inout Checkpoint.Progress) throws {
        guard validator != nil else { return }
        if let value = validation.deciding, value > progress.best ?? -.infinity {
            try Checkpoint.writeWeights(trainer.averagedArrays(), architecture: trainer.network.architecture, to: run.bestFile)
            progress.best = value
            progress.validationsSinceBest = 0
        } else {
            progress.validationsSinceBest += 1
        }
        let patience = settings.validation.patience
        progress.hasEnded = patience > 0 && progress.validationsSinceBest >= patience
    }

    private func event(_ done: StepReport, epoch: Double, _ progress: Checkpoint.Progress) -> TrainingEvent.Step {
        var parts: [(name: String, value: Double)] = []
        if settings.model.family == .segmenter { parts = [("entropy", done.scoreLoss), ("dice", done.boxLoss)] }
        if ![.classifier, .segmenter].contains(settings.model.family) { parts = [("scores", done.scoreLoss), ("boxes", done.boxLoss)] }
        if settings.model.head == .anchorFree, settings.model.family == .retina { parts.append(("quality", done.qualityLoss)) }
        if settings.loss.imageWeight > 0 { parts.append(("image", done.imageLoss)) }
        if settings.loss.multipleInstanceWeight > 0 { parts.append(("instances", done.instanceLoss)) }
        return TrainingEvent.Step(
            step: progress.step, total: settings.loop.steps, epoch: epoch, loss: done.loss, parts: parts,
            imagesPerSecond: done.imagesPerSecond)
    }
}
