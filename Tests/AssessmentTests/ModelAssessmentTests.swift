import Assessment
import Basics
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

/// The tiny network on drawn images, without the program.
@Suite(.timeLimit(.minutes(5))) struct ModelAssessmentTests {
    private let work: TemporaryFolder
    private let dataset: Dataset
    private let observer = WatchingObserver()
    private let runner: ModelRunner
    private let settings = EvaluationSettings(draws: 20)

    init() throws {
        work = try TemporaryFolder()
        dataset = try DrawnDataset.write(to: work.file("set"))
        try TinyModel.write(to: work.file("tiny"), card: DrawnDataset.card(learntFrom: [0]))
        runner = ModelRunner(
            store: ModelStore(folders: [work.url]), decoders: DecoderRegistry(decoders: [PNGDecoder()]), observer: observer)
    }

    private func images(_ fold: Int? = nil) throws -> AssessedImages { try AssessedImages(of: dataset, called: "set", fold: fold) }

    private func assessment(
        _ source: DetectionSource = .model("tiny"), fold: Int? = nil, card: CardRequest? = nil
    ) throws -> ModelAssessment {
        ModelAssessment(of: source, on: try images(fold), by: runner, settings: settings, card: card)
    }

    private func writeFolds(_ learntFrom: [Int: [Int]]) throws {
        for (fold, folds) in learntFrom {
            try TinyModel.write(to: work.file("folds/fold_\(fold)/bundle"), card: DrawnDataset.card(learntFrom: folds))
        }
    }

    private var folds: DetectionSource { .crossValidation(work.file("folds").path) }

    // MARK: Scores

    @Test func aModelThatIsRightOnAllImagesScoresOne() async throws {
        let outcome = try await assessment(fold: 1).run()
        let report = outcome.report
        #expect(report.map50.value == 1 && report.images == 6 && report.boxes == 6 && report.patients == 3)
        #expect(report.split.hasPrefix("fold 1: ") && report.dataset == "set" && report.scoreThreshold == 0.6)
        #expect(report.subject.kind == "model" && report.subject.name == "tiny" && report.subject.precisionRequested == "f32")
        #expect(report.warnings.allSatisfy { $0.severity == .note } && !outcome.hasFailures)
        #expect(outcome.input.detections.count == 6)
        let seen = observer.seen
        #expect(seen.totals == [6] && seen.steps == 6 && seen.ends == 1 && seen.failures.isEmpty)
        #expect(seen.notes == ["precision: f32 asked for, f32 runs"])
        #expect(try outcome.writeCard() == nil)
    }

    @Test func foldsArePooledEachByTheModelThatDidNotLearnFromIt() async throws {
        try writeFolds([0: [1], 1: [0]])
        let report = try await assessment(folds).run().report
        #expect(report.images == 12 && report.map50.value == 1 && report.subject.kind == "cross-validation")
        #expect(report.split.hasPrefix("folds 0, 1, each by a model that did not learn from it, pooled: "))
        #expect(report.subject.digest == nil && report.subject.trainingFolds == nil)
        #expect(report.warnings.allSatisfy { $0.severity == .note })
    }

    @Test func aFoldsModelThatLearntFromItIsRefused() async throws {
        try writeFolds([0: [1], 1: [0, 1]])
        let error = await #expect(throws: AssessmentError.self) { try await assessment(folds).run() }
        #expect(error?.code == .learntFromTheTested && error?.exitStatus == .someInputsFailed)
        #expect(error?.description.contains("fold_1/bundle: it has learnt from patients of fold 1") == true)
    }

    @Test func anotherToolsPredictionsAreScoredAndBadRowsTold() async throws {
        let rows = (0..<DrawnDataset.count).map { number in
            let box = DrawnDataset.box(number)
            return "\(DrawnDataset.name(number)),Bright,0.9,\(box.x),\(box.y),\(box.x + box.width),\(box.y + box.height)"
        }
        let file = work.file("found.csv")
        try (["image,label,score,xmin,ymin,xmax,ymax"] + rows + ["stranger.png,Bright,0.5,1,1,9,9", ""]).joined(separator: "\n")
            .write(to: file, atomically: true, encoding: .utf8)
        let outcome = try await assessment(.predictions(file.path)).run()
        #expect(outcome.report.map50.value == 1 && outcome.hasFailures)
        #expect(outcome.report.subject.rowsUsed == 12 && outcome.report.subject.rowsLeftOut == 1)
        let failures = observer.seen.failures
        #expect(!failures.isEmpty && failures.allSatisfy { $0.name == file.path })
    }

    @Test func twoModelsAreComparedOnTheSameImages() async throws {
        let (report, hasFailures) = try await DetectorComparison(
            of: .model("tiny"), and: .model("tiny"), on: images(1), by: runner, settings: settings
        ).run()
        #expect(report.images == 6 && report.first == report.second && !hasFailures)
        #expect(report.figures.allSatisfy { $0.comparison.difference.value == 0 })
        #expect(
            report.warnings.contains { $0.text.hasPrefix("the first: ") } == report.warnings.contains { $0.text.hasPrefix("the second: ") })
    }

    // MARK: What goes wrong

    @Test func anUnreadableImageIsCountedAndNamed() async throws {
        let (broken, small) = (work.file("set/images/\(DrawnDataset.name(2))"), work.file("set/images/\(DrawnDataset.name(3))"))
        try Data("no picture".utf8).write(to: broken)
        try PixelImage(width: 32, height: 32, bits: 8, samples: [UInt16](repeating: 0, count: 1024)).png().write(to: small)
        let outcome = try await assessment(fold: 1).run()
        #expect(outcome.hasFailures && outcome.report.images == 4)
        #expect(outcome.report.warnings.contains { $0.text == "2 of 6 images could not be read and are in no figure" })
        let failures = observer.seen.failures
        #expect(failures.map(\.name) == [broken.path, small.path])
        #expect(failures.last?.reason == "it has 32 x 32 pixels, the annotations say 64 x 64")
    }

    @Test func whereNoImageCanBeReadThereIsNothingToScore() async throws {
        try FileManager.default.removeItem(at: work.file("set/images"))
        let error = await #expect(throws: AssessmentError.self) { try await assessment().run() }
        #expect(error?.description == "set: none of its images could be read" && error?.exitStatus == .someInputsFailed)
    }

    @Test func cancellationThrows() async throws {
        let assessment = try assessment()
        let task = Task { try await assessment.run() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aModelOrFoldThatIsNotThereIsNamed() async throws {
        let missing = await #expect(throws: AssessmentError.self) { try await assessment(.model("nobody")).run() }
        #expect(missing?.exitStatus == .somethingMissing && missing?.description.hasPrefix("nobody: not found: ") == true)
        let fold = #expect(throws: AssessmentError.self) { try images(7) }
        #expect(fold?.description == "set: there is no fold 7; it has 0, 1" && fold?.exitStatus == .wrongUse)
        let none = await #expect(throws: AssessmentError.self) { try await assessment(.crossValidation("nowhere")).run() }
        #expect(none?.description == "nowhere: it holds no fold_0/bundle or other fold of set" && none?.exitStatus == .somethingMissing)
    }

    /// Two cross-validations are compared on the folds that both have, each by the model that did not learn from it.
    @Test func crossValidationsAreComparedInPairs() async throws {
        try writeFolds([0: [1], 1: [0]])
        let source = DetectionSource.named(work.file("folds").path)
        #expect(source == folds && DetectionSource.named(work.file("tiny").path) == .model(work.file("tiny").path))
        let (report, hasFailures) = try await DetectorComparison(of: source, and: source, on: images(), by: runner).run()
        #expect(report.images == 12 && report.first.kind == "cross-validation" && !hasFailures)
        #expect(report.figures.first?.name == "map50" && report.figures.first?.comparison.difference.value == 0)
    }

    // MARK: The card

    @Test func figuresGoIntoTheCard() async throws {
        let outcome = try await assessment(fold: 1, card: CardRequest(.own, defaultThreshold: 0.25)).run()
        #expect(outcome.report.scoreThreshold == 0.25)
        let written = try #require(try outcome.writeCard())
        let bundle = try ModelBundle(directory: work.file("tiny"))
        #expect(bundle.card == written.card && bundle.digest == written.bundle.digest && bundle.card.scoreThreshold == 0.25)
        #expect(bundle.card.operatingPoints == outcome.report.operatingPoints)
        #expect(written.text.hasSuffix("the model's digest is now \(bundle.digest)"))
    }

    @Test func aModelThatLearntFromThesePatientsGetsNoFigures() async throws {
        let before = try ModelBundle(directory: work.file("tiny")).digest
        let outcome = try await assessment(fold: 0, card: CardRequest(.own)).run()
        #expect(outcome.report.warnings.contains { $0.severity == .danger })
        let error = #expect(throws: AssessmentError.self) { try outcome.writeCard() }
        #expect(error?.code == .cardRefused && error?.exitStatus == .wrongUse)
        #expect(error?.description == "tiny: its card is left as it was: the model has learnt from these patients")
        #expect(try ModelBundle(directory: work.file("tiny")).digest == before)
    }

    @Test func theModelsOfAllFoldsFillTheCardOfTheirRecipe() async throws {
        try writeFolds([0: [1], 1: [0]])
        let request = CardRequest(.model("tiny"))
        let written = try #require(try await assessment(folds, card: request).run().writeCard())
        #expect(written.card.metrics.contains { $0.name == "map50" && $0.value == 1 })

        var other = DrawnDataset.card(learntFrom: [0, 1])
        other.architecture = "another"
        try TinyModel.write(to: work.file("other"), card: other)
        let foreign = await #expect(throws: AssessmentError.self) {
            try await assessment(folds, card: CardRequest(.model("other"))).run()
        }
        #expect(foreign?.code == .cardRefused && foreign?.reason.hasSuffix("the cross-validated models are of another recipe") == true)

        try FileManager.default.removeItem(at: work.file("folds/fold_1"))
        let missing = await #expect(throws: AssessmentError.self) { try await assessment(folds, card: request).run() }
        #expect(missing?.code == .cardRefused && missing?.reason.contains("1 of the dataset's folds have no model") == true)
        let allowed = CardRequest(.model("tiny"), allowsMissingFolds: true)
        #expect(try await assessment(folds, card: allowed).run().writeCard() != nil)
    }

    @Test func modelsThatDoNotSayWhatTheyLearntFromFillNoCard() async throws {
        try writeFolds([0: [], 1: []])
        let error = await #expect(throws: AssessmentError.self) {
            try await assessment(folds, card: CardRequest(.model("tiny"))).run()
        }
        #expect(error?.code == .cardRefused && error?.reason.hasSuffix("do not say what they learnt from") == true)
    }
}
