import Charts
import Foundation

/// Writes down how a run goes: a row a step, a row a look, both for TensorBoard too, and the figure of all looks.
final class RunRecorder {
    private let run: RunFolder
    private let steps: TableFile
    private let results: TableFile
    private let events: EventFileWriter

    /// - Parameter progress: How far the run is; what is written down of later steps is taken back.
    init(run: RunFolder, figureNames: [String], progress: Checkpoint.Progress) throws {
        self.run = run
        steps = try TableFile(run.stepsFile, header: StepReport.header, beforeStep: progress.step)
        results = try TableFile(run.resultsFile, header: LookReport.header(figures: figureNames), beforeStep: progress.step + 1)
        events = try EventFileWriter(folder: run.url, resumingAt: progress.step > 0 ? progress.step : nil)
    }

    func record(_ step: StepReport, epoch: Double) throws {
        try steps.append(step.row(epoch: epoch))
        var scalars = [
            ("train/loss", step.loss), ("train/learning_rate", step.rate), ("train/gradient_norm", step.gradientNorm),
            ("train/images_per_second", step.imagesPerSecond),
        ]
        let parts = [
            ("train/score_loss", step.scoreLoss), ("train/box_loss", step.boxLoss), ("train/quality_loss", step.qualityLoss),
            ("train/image_loss", step.imageLoss),
        ]
        scalars += parts.filter { $0.1 != 0 }
        try events.addScalars(scalars.map { (tag: $0.0, value: $0.1) }, step: step.step + 1)
    }

    func record(_ look: LookReport) throws {
        try results.append(look.row)
        let scalars = look.figures.compactMap { figure in figure.value.map { (tag: figure.name, value: $0) } }
        if !scalars.isEmpty { try events.addScalars(scalars, step: look.step) }
        try events.flush()
    }

    /// Closes the files and draws `results.png`.
    func finish() throws {
        try events.close()
        let table = try TableFile.numbers(run.resultsFile)
        guard let epochs = table.first(where: { $0.name == "epoch" }), !epochs.values.isEmpty else { return }
        let shown = table.filter { column in
            !["step", "epoch", "time"].contains(column.name) && column.values.contains { $0.isFinite && $0 != 0 }
        }
        guard !shown.isEmpty else { return }
        let picture = try RunFigures.results(columns: shown.map { .init($0.name, values: $0.values) }, x: epochs.values)
        try run.write(picture, to: run.url.appendingPathComponent(RunFigures.FileName.results))
    }
}
