import Datasets
import Evaluation
import Foundation
import PleuraTesting
import RunRecords
import Testing
import Training
import TrainingExamples
import TrainingSettings

@Suite(.serialized) struct ExperimentLogTests {
    private static func run(_ folder: TemporaryFolder, _ name: String, change: (inout TrainingConfiguration) -> Void = { _ in }) throws
        -> URL
    {
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.validation.share = 0.3
        change(&configuration)
        let run = folder.file(name)
        let dataset = try SmallTraining.dataset(folder, count: 12)
        _ = try SmallTraining.run(dataset, configuration, in: run)
        return run
    }

    /// A row holds what the run's own files say, and reads back equal.
    @Test func aRunIsNotedFromItsFolder() throws {
        let folder = try TemporaryFolder()
        let base = try Self.run(folder, "base")
        let run = try Self.run(folder, "other") {
            $0.optimiser.learningRate = 0.0005
            $0.loss.unboxed = .ignored
        }
        var log = try ExperimentLog(file: folder.file("log.csv"))
        log.add(try Experiment(run: base, base: nil, hypothesis: "what there is", verdict: .baseline))
        let experiment = try Experiment(run: run, base: base, hypothesis: "a lower rate, \"gently\", helps", verdict: .dropped)
        log.add(experiment)
        try log.write()
        #expect(experiment.change == "loss.unboxed background → ignored; optimiser.learning_rate 0.001 → 0.0005")
        #expect(experiment.base == "base" && experiment.steps == 2 && experiment.imagesSeen == 4 && !experiment.looksAtTestFolds)
        let scores = try JSONDecoder().decode(
            PooledScores.self, from: Data(contentsOf: run.appendingPathComponent("validation_scores.json")))
        #expect(experiment.map50 == scores.map50?.value && experiment.boxes == scores.boxes && experiment.images == scores.images)
        let read = try ExperimentLog(file: folder.file("log.csv"))
        #expect(read.experiments.map(\.run) == ["base", "other"] && read.testLooks == 0)
        #expect(read.experiments[1].hypothesis == experiment.hypothesis && read.experiments[1].verdict == .dropped)
        #expect(abs(read.experiments[1].map50 - experiment.map50) < 1e-5)
    }

    /// What a run was begun from is called by its name; the folders of one machine have no place in a log.
    @Test func aStartIsNamedWithoutItsPlace() throws {
        let folder = try TemporaryFolder()
        let base = try Self.run(folder, "base")
        let run = try Self.run(folder, "further") { $0.start = base.path }
        let experiment = try Experiment(run: run, base: base, hypothesis: "h", verdict: .kept)
        #expect(experiment.change == "start none, random numbers → base")
    }

    /// Settings alone do not say what was learnt from.
    @Test func otherDataIsAChangeToo() throws {
        let folder = try TemporaryFolder()
        let base = try Self.run(folder, "base")
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.validation.share = 0.3
        var dataset = try SmallTraining.dataset(folder, count: 12)
        for index in dataset.images.indices { dataset.images[index].boxes += dataset.images[index].boxes.prefix(1) }
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("more"))
        let experiment = try Experiment(run: folder.file("more"), base: base, hypothesis: "h", verdict: .dropped)
        #expect(experiment.change.hasPrefix("learnt from ") && experiment.change.hasSuffix(" boxes"), "\(experiment.change)")
    }

    @Test func aRunThatIsToldAgainReplacesItsRow() throws {
        let folder = try TemporaryFolder()
        let run = try Self.run(folder, "run")
        var log = try ExperimentLog(file: folder.file("log.csv"))
        log.add(try Experiment(run: run, base: nil, hypothesis: "first", verdict: .undecided))
        log.add(try Experiment(run: run, base: nil, hypothesis: "second", verdict: .kept))
        #expect(log.experiments.map(\.hypothesis) == ["second"])
        #expect(log.table.contains("| run | second |"))
    }

    /// Folds that were left out are looks at test data, and are counted.
    @Test func looksAtTestFoldsAreCounted() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder, count: 12)
        let training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 1))
        let folds = Set(dataset.folds.values).sorted()
        let scores = try CrossValidation(training, folds: [folds[0], folds[1]]).run(in: folder.file("pool")) { _, _ in }
        #expect(scores.split == "folds \(folds[0]), \(folds[1]) of \(folds.count) by patient, each left out once, pooled")
        let kept = dataset.images.filter { image in !image.boxes.isEmpty && (dataset.fold(of: image).map(folds[0...1].contains) ?? false) }
        #expect(scores.images == kept.count)
        var log = try ExperimentLog(file: folder.file("log.csv"))
        log.add(try Experiment(run: folder.file("pool"), base: nil, hypothesis: "h", verdict: .kept))
        #expect(log.testLooks == 1 && log.table.contains("Looks at test folds so far: 1."))
    }

    @Test func whatIsNoLogOrNoFinishedRunIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("log.csv")
        try "a,b\n1,2\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: TrainingError(.run, "log.csv: its first line is not that of a log of experiments")) {
            try ExperimentLog(file: file)
        }
        let header = ExperimentLog.columns.joined(separator: ",")
        try "\(header)\n1,2\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: TrainingError(.run, "log.csv, row 2: not a row of a log of experiments")) { try ExperimentLog(file: file) }
        let empty = folder.file("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        #expect(throws: TrainingError.self) { try Experiment(run: empty, base: nil, hypothesis: "", verdict: .kept) }
        #expect(throws: TrainingError.self) {
            try Experiment(run: folder.file("nowhere"), base: nil, hypothesis: "", verdict: .kept)
        }
    }
}
