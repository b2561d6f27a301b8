import Assessment
import Basics
import ChangeGate
import Datasets
import Evaluation
import EvaluationReports
import Foundation
import Models

/// Holds a candidate against the model in use on a locked set, from the pictures to the verdict.
///
/// The candidate's operating points and calibration are fitted anew first, on the part of the set that is there for it and on which nobody is judged.
/// Then the look is counted, and both models are run on the other part.
public struct GateRun: Sendable {
    public var current: ModelBundle
    public var candidate: ModelBundle
    /// The dataset's folder, with its `reference.json`.
    public var reference: URL
    public var runner: ModelRunner
    public var settings: GateSettings
    /// Images on which time is measured, 0 for none.
    public var timedImages = 24

    public init(
        current: ModelBundle, candidate: ModelBundle, reference: URL, runner: ModelRunner, settings: GateSettings = GateSettings()
    ) {
        (self.current, self.candidate, self.reference) = (current, candidate, reference)
        (self.runner, self.settings) = (runner, settings)
    }

    public struct Outcome: Sendable {
        public var report: GateReport
        /// With the operating points fitted anew, and so with another digest than the one that came in.
        public var candidate: ModelBundle
        public var comparison: ComparisonReport
    }

    /// - Parameter fits: Whether the candidate's card is written; false where it was fitted on this set before.
    /// - Throws: `GateError`, `AssessmentError`, `ChainError`; `CancellationError`.
    public func run(fits: Bool = true) async throws -> Outcome {
        let dataset = try Dataset.read(directory: reference)
        let set = try ReferenceSet.read(in: reference)
        try set.verify(dataset)
        for (bundle, what) in [(current, "the model in use"), (candidate, "the candidate")] {
            if case .learntFrom(let images, _, _) = TrainingOverlap(bundle, dataset: dataset, images: dataset.images) {
                throw GateError(.unusable, "\(what) has learnt from patients of \(images) images of the reference set \(set.name)")
            }
        }
        let fitted = fits ? try await fit(candidate, on: part(dataset, set.images(of: dataset, forFitting: true))) : candidate
        let digest = try set.digest
        let look = try LookLog(folder: reference).count(
            current: current.digest, candidate: fitted.digest, reference: digest, most: settings.mostLooks)

        let judged = part(dataset, set.images(of: dataset, forFitting: false))
        let assessed = try AssessedImages(of: judged, called: set.name)
        var inputs: [EvaluationInput] = []
        for bundle in [current, fitted] {
            let detector = try runner.detector(bundle.directory.path + "/", images: judged.images.count)
            inputs.append(try await runner.scored(detector, called: bundle.card.name, on: judged.images, of: assessed).input(assessed))
        }
        // What only one of them could read is in no figure.
        let both = Set(inputs[0].images.map(\.id)).intersection(inputs[1].images.map(\.id))
        inputs = inputs.map { $0.keeping(both) }
        var gate = ChangeGate(settings: settings)
        if timedImages > 0 { gate.resources = try await resources(fitted, judged) }
        func model(_ bundle: ModelBundle) -> GateReport.Model {
            GateReport.Model(name: bundle.card.name, version: bundle.card.version, digest: bundle.digest)
        }
        var report = try gate.judge(
            current: inputs[0], candidate: inputs[1], models: (model(current), model(fitted)), reference: (set.name, digest))
        report.look = look
        var evaluation = EvaluationSettings(draws: settings.draws, seed: settings.seed)
        evaluation.scoreThreshold = nil
        return Outcome(
            report: report, candidate: fitted, comparison: try ComparisonReport(inputs[0], inputs[1], settings: evaluation))
    }

    private func part(_ dataset: Dataset, _ images: [DatasetImage]) -> Dataset {
        var part = dataset
        part.images = images
        return part
    }

    private func fit(_ bundle: ModelBundle, on dataset: Dataset) async throws -> ModelBundle {
        let images = try AssessedImages(of: dataset, called: "the part for operating points")
        let outcome = try await ModelAssessment(
            of: .model(bundle.directory.path + "/"), on: images, by: runner, settings: EvaluationSettings(draws: 200, seed: settings.seed),
            card: CardRequest(.own)
        ).run()
        func written() throws -> ModelBundle? { try outcome.writeCard()?.bundle }
        do {
            return try written() ?? bundle
        } catch let error as AssessmentError where error.code == .nothingForTheCard {
            // It finds nothing at any number of false boxes: what it is worth, the other part says.
            return bundle
        }
    }

    /// Each model in turn over the same images, three times; the quickest round counts, since others may have waited for the machine.
    private func resources(
        _ fitted: ModelBundle, _ dataset: Dataset
    ) async throws -> (current: ChangeGate.Resources, candidate: ChangeGate.Resources) {
        let images = Array(dataset.images.prefix(timedImages))
        var quiet = runner
        quiet.observer = SilentObserver()
        var times = [Double.infinity, .infinity]
        let detectors = try [current, fitted].map { try quiet.detector($0.directory.path + "/", images: images.count) }
        for _ in 0..<3 {
            for (place, detector) in detectors.enumerated() {
                let start = ContinuousClock.now
                _ = try await quiet.answers(of: detector, on: images, of: dataset)
                let taken = (ContinuousClock.now - start) / .milliseconds(1)
                times[place] = min(times[place], taken / Double(max(1, images.count)))
            }
        }
        func bytes(_ bundle: ModelBundle) -> Int {
            let file = bundle.modelFile.resolvingSymlinksInPath().path
            return (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
        }
        return (
            ChangeGate.Resources(milliseconds: times[0], bytes: bytes(current)),
            ChangeGate.Resources(milliseconds: times[1], bytes: bytes(fitted))
        )
    }
}

extension EvaluationInput {
    /// Only the images of some ids.
    func keeping(_ ids: Set<Int>) -> EvaluationInput {
        var part = self
        let kept = images.indices.filter { ids.contains(images[$0].id) }
        part.images = kept.map { images[$0] }
        part.detections = kept.map { detections[$0] }
        part.imageScores = imageScores.map { scores in kept.map { scores[$0] } }
        return part
    }
}
