import Basics
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Explanations
import Findings
import Foundation
import Inference
import Models
import Radiographs

/// Puts a model's maps to their test, finding by finding, on images of patients that it did not learn from.
///
/// Each finding's surest detections are taken, one a patient. Whether they are right does not matter: people see false boxes too.
public struct ExplanationAssessment: Sendable {
    public var model: String
    public var images: AssessedImages
    public var runner: ModelRunner
    /// Detections a finding at most.
    public var mostDetections = 30
    /// How many of them are compared with networks of random weights and with another fill.
    public var randomisedDetections = 8
    /// Scores below it are no detections.
    public var leastScore = 0.1
    /// Masks of D-RISE to begin with; 0 leaves it out.
    public var randomMasks = 0
    public var seed: UInt64 = 1

    public init(of model: String, on images: AssessedImages, by runner: ModelRunner) {
        (self.model, self.images, self.runner) = (model, images, runner)
    }

    /// One detection that is looked at.
    private struct Candidate: Sendable {
        var image: DatasetImage
        /// Column of the model's label map.
        var column: Int
        var finding: Finding
    }

    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func run() async throws -> ExplanationReport {
        let detector = try runner.detector(model, images: images.images.count + 3)
        let bundle = detector.bundle
        runner.observer.note(runner.precisionText(of: detector))
        // An image a time: a card knows who its patients are, not the dataset.
        let overlaps = images.images.map { TrainingOverlap(bundle, dataset: images.dataset, images: [$0]) }
        let unseen = zip(images.images, overlaps).filter { $0.1 == .none || $0.1 == .unknown }.map(\.0)
        guard !unseen.isEmpty else {
            throw AssessmentError(
                .learntFromTheTested, about: model,
                "it has learnt from every patient of \(images.name): its maps can only be tested on others")
        }
        let candidates = try await candidates(detector, unseen)
        let settings = detector.settings
        let randomised = try AssessmentError.about(model, status: .someInputsFailed) {
            try RandomisedDetector.shares.map { share in
                DetectorNetwork(try RandomisedDetector.detector(bundle, share: share, settings: settings, seed: seed))
            }
        }
        var measuring = DetectionMeasuring(DetectorNetwork(detector), randomised: randomised)
        measuring.randomMasks = randomMasks
        var report = ExplanationReport(
            model: bundle.card.name, version: bundle.card.version, digest: bundle.digest, precision: settings.precision.rawValue,
            dataset: images.folderName, split: split(unseen.count, overlaps), images: unseen.count)
        runner.observer.begin(candidates.count)
        defer { runner.observer.end() }
        let start = ContinuousClock.now
        for (column, findingClass) in bundle.labelMap.classes.enumerated() {
            var measured: [ExplanationMap.Kind: [MapMeasurement]] = [:]
            var maps: [ExplanationMap.Kind: [ExplanationMap]] = [:]
            for (number, candidate) in candidates.filter({ $0.column == column }).enumerated() {
                try Task.checkCancellation()
                let outcome: DetectionMeasuring.Outcome?
                do {
                    outcome = try measure(candidate, measuring, detector, isRandomised: number < randomisedDetections)
                } catch {
                    runner.observer.failed(candidate.image.fileName, (error as? any ExplainedError)?.description ?? "it failed")
                    report.failed += 1
                    outcome = nil
                }
                runner.observer.advance()
                guard let outcome else { continue }
                report.runs += outcome.runs
                for (kind, one) in outcome.measured { measured[kind, default: []].append(one) }
                for (kind, map) in outcome.maps { maps[kind, default: []].append(map) }
            }
            for kind in ExplanationMap.Kind.allCases where kind != .boxGaussian && (kind != .randomMasks || randomMasks > 0) {
                let own = measured[kind] ?? []
                report.verdicts.append(
                    VerdictRule().verdict(
                        finding: findingClass.name, map: kind, own, baseline: VerdictRule.baseline(maps[kind] ?? [], seed: seed),
                        split: report.split))
                report.measurements.append(
                    .init(finding: findingClass.name, map: kind.rawValue, detections: own.map(ExplanationReport.Anonymous.init)))
            }
        }
        report.seconds = ((ContinuousClock.now - start) / .seconds(1) * 10).rounded() / 10
        report.isUnseen = overlaps.allSatisfy { $0 != .unknown }
        return report
    }

    private func measure(
        _ candidate: Candidate, _ measuring: DetectionMeasuring, _ detector: Detector, isRandomised: Bool
    ) throws -> DetectionMeasuring.Outcome? {
        let path = images.dataset.url(of: candidate.image).path
        let bytes = try runner.decoders.bytes(of: path)
        let prepared = try detector.prepare(runner.decoders.decode(bytes), from: .file(path))
        let target = ExplainedTarget(id: candidate.finding.id, classIndex: candidate.column, box: candidate.finding.boundingBox)
        let seed = Digest(of: bytes).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return try measuring(target, in: prepared, patient: candidate.image.patient, seed: seed, isRandomised: isRandomised)
    }

    /// The surest detections of each finding, one a patient.
    private func candidates(_ detector: Detector, _ unseen: [DatasetImage]) async throws -> [Candidate] {
        var found: [Candidate] = []
        let pipeline = DetectionPipeline(detector: detector, decoders: runner.decoders, threshold: leastScore, keepsPixels: false)
        let (dataset, observer) = (images.dataset, runner.observer)
        observer.begin(unseen.count)
        defer { observer.end() }
        try await pipeline.run(
            unseen.map { dataset.url(of: $0).path }, finish: { $0.findings },
            deliver: { index, findings in
                if let error = findings.error { observer.failed(findings.reference.name, error.description) }
                for finding in findings.findings {
                    guard let column = detector.bundle.labelMap.index(ofName: finding.findingClass.name) else { continue }
                    found.append(Candidate(image: unseen[index], column: column, finding: finding))
                }
                observer.advance()
            })
        return detector.bundle.labelMap.classes.indices.flatMap { column -> [Candidate] in
            var patients: Set<String> = []
            let sorted = found.filter { $0.column == column }.sorted {
                ($0.finding.score, $1.image.id) > ($1.finding.score, $0.image.id)
            }
            return Array(sorted.filter { patients.insert($0.image.patient).inserted }.prefix(mostDetections))
        }
    }

    private func split(_ count: Int, _ overlaps: [TrainingOverlap]) -> String {
        let who =
            overlaps.contains(.unknown)
            ? "images of which it is not known whether the model learnt from them" : "images that the model did not learn from"
        return "\(count) \(who): \(images.split) of \(images.folderName)"
    }
}
