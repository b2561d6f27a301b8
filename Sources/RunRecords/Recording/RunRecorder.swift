import Charts
import Foundation

/// Writes down how a run goes: a row a step, a row a validation, both for TensorBoard too, and the figure of all validations.
package final class RunRecorder {
    private let run: RunFolder
    private let steps: TableFile
    private let results: TableFile
    private let events: EventFileWriter

    /// - Parameter step: The step that the run goes on with; what is written down of it and of later ones is taken back.
    package init(run: RunFolder, figureNames: [String], resumingAt step: Int) throws {
        self.run = run
        steps = try TableFile(run.stepsFile, header: StepReport.header, beforeStep: step)
        results = try TableFile(run.resultsFile, header: ValidationReport.header(figures: figureNames), beforeStep: step + 1)
        events = try EventFileWriter(folder: run.url, resumingAt: step > 0 ? step : nil)
    }

    package func record(_ step: StepReport, epoch: Double) throws {
        try steps.append(step.row(epoch: epoch))
        var scalars = [
            ("train/loss", step.loss), ("train/learning_rate", step.rate), ("train/gradient_norm", step.gradientNorm),
            ("train/images_per_second", step.imagesPerSecond),
        ]
        let parts = [
            ("train/score_loss", step.scoreLoss), ("train/box_loss", step.boxLoss), ("train/quality_loss", step.qualityLoss),
            ("train/image_loss", step.imageLoss), ("train/instance_loss", step.instanceLoss),
        ]
        scalars += parts.filter { $0.1 != 0 }
        try events.addScalars(scalars.map { (tag: $0.0, value: $0.1) }, step: step.step + 1)
    }

    package func record(_ validation: ValidationReport) throws {
        try results.append(validation.row)
        let scalars = validation.figures.compactMap { figure in figure.value.map { (tag: figure.name, value: $0) } }
        if !scalars.isEmpty { try events.addScalars(scalars, step: validation.step) }
        try events.flush()
    }

    /// Closes the files and draws `results.png`.
    package func finish() throws {
        try events.close()
        let table = try TableFile.numbers(run.resultsFile)
        guard let epochs = table.first(where: { $0.name == "epoch" }), !epochs.values.isEmpty else { return }
        let shown = table.filter { column in
            !["step", "epoch", "time"].contains(column.name) && column.values.contains { $0.isFinite && $0 != 0 }
        }
        guard !shown.isEmpty else { return }
        let picture = try RunCharts.results(columns: shown.map { .init($0.name, values: $0.values) }, x: epochs.values)
        try run.write(picture, to: run.url.appendingPathComponent(RunCharts.FileName.results))
    }
}
