import Basics
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Models
import Radiographs

/// Measures a model on films that are made worse on purpose, with and without mending and each step of preprocessing that might help.
///
/// Each film is decoded once; boxes on a degraded film go back to the good one, whose truth is known. Filters work at the size to which a film is
/// reduced for the network anyway.
public struct DegradedAssessment: Sendable {
    public var model: String
    public var images: AssessedImages
    public var runner: ModelRunner
    public var seed: UInt64
    public var treatments = DegradedTreatment.allCases
    /// At most so many images, drawn by the seed; `nil` for all.
    public var mostImages: Int?

    public init(of model: String, on images: AssessedImages, by runner: ModelRunner, seed: UInt64 = 1, mostImages: Int? = nil) {
        (self.model, self.images, self.runner, self.seed, self.mostImages) = (model, images, runner, seed, mostImages)
    }

    /// What came of one film in one state under one treatment.
    private struct Answer: Sendable {
        var detections: [Detection] = []
        /// One score a finding of the dataset, where the model says them of the whole image.
        var imageScores: [Double]?
        var quality: [ImageQuality] = []
        var isRefused = false
    }

    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func run() throws -> DegradedReport {
        let dataset = images.dataset
        var chosen = images.images
        if let mostImages, mostImages < chosen.count {
            var random = SeededGenerator(seed: seed)
            let kept = Set(chosen.indices.shuffled(using: &random).prefix(mostImages))
            chosen = chosen.indices.filter(kept.contains).map { images.images[$0] }
        }
        let detector = try runner.detector(model, images: chosen.count)
        let columns = FindingColumns(dataset.findingClasses)
        let variants = treatments.map { treatment in
            var variant = detector.preprocessing(treatment.preprocessing)
            variant.mends = treatment.mends
            return variant
        }
        let states: [ImageDegradation?] = [nil] + ImageDegradation.all
        var (answers, read, failed) = ([[Answer]](), [DatasetImage](), 0)
        runner.observer.begin(chosen.count)
        defer { runner.observer.end() }
        let batch = 8
        for start in stride(from: 0, to: chosen.count, by: batch) {
            try Task.checkCancellation()
            let part = Array(chosen[start..<min(start + batch, chosen.count)])
            let done = Concurrent.map(part.count, stretch: 1) { index in
                Result {
                    try self.answers(
                        path: dataset.url(of: part[index]).path, number: UInt64(start + index), states, variants, detector, columns)
                }
            }
            for (image, result) in zip(part, done) {
                switch result {
                case .success(let rows):
                    answers.append(rows)
                    read.append(image)
                case .failure(let error):
                    runner.observer.failed(dataset.url(of: image).path, ImageFailure(error).description)
                    failed += 1
                }
                runner.observer.advance()
            }
        }
        guard !read.isEmpty else { throw AssessmentError(.unusable, about: images.name, "none of its images could be read") }
        var rows: [DegradedReport.Row] = []
        for (state, degradation) in states.enumerated() {
            for (place, treatment) in treatments.enumerated() {
                let column = state * treatments.count + place
                rows.append(try row(degradation, treatment, answers.map { $0[column] }, read))
            }
        }
        let overlap = TrainingOverlap(detector.bundle, dataset: dataset, images: read)
        return DegradedReport(
            model: detector.bundle.card.name, digest: detector.bundle.digest, split: images.split, images: read.count,
            boxedImages: read.count { !$0.boxes.isEmpty }, failed: failed, seed: seed, overlap: overlap.warning?.text, rows: rows)
    }

    /// One film in all states under all treatments, by state.
    private func answers(
        path: String, number: UInt64, _ states: [ImageDegradation?], _ variants: [Detector], _ detector: Detector, _ columns: FindingColumns
    ) throws -> [Answer] {
        let radiograph = try runner.decoders.decode(path: path)
        return try states.enumerated().flatMap { state, degradation in
            var film = radiograph
            var frame: MendedFrame?
            if let degradation {
                let made = try degradation.applied(to: radiograph.pixels, seed: seed &+ number &* 1_000 &+ UInt64(state))
                film.pixels = made.image
                frame = made.frame
            }
            let reduced = detector.inputSide.map { ReducedRadiograph(film, covering: $0) } ?? ReducedRadiograph(film)
            return try variants.map { variant in
                do {
                    let found = try variant.findings(
                        variant.prepare(reduced, from: .file(path)), threshold: Detector.scoreFloor)
                    let detections = columns.detections(found.findings).map { detection in
                        var detection = detection
                        detection.box = frame?.boxInOriginal(detection.box) ?? detection.box
                        return detection
                    }
                    return Answer(detections: detections, imageScores: columns.row(found.imageScores), quality: found.quality)
                } catch let failure as ImageFailure {
                    // Not one that could be read and then failed: a film that the card refuses.
                    return Answer(quality: failure.quality, isRefused: true)
                }
            }
        }
    }

    private func row(
        _ degradation: ImageDegradation?, _ treatment: DegradedTreatment, _ answers: [Answer], _ images: [DatasetImage]
    ) throws -> DegradedReport.Row {
        let classes = self.images.dataset.findingClasses
        let scored = zip(images, answers).map { EvaluatedImage($0, findingClasses: classes, detections: $1.detections) }
        let boxed = scored.filter { !$0.truth.isEmpty }
        let map50 =
            boxed.isEmpty ? nil : DetectionEvaluation(images: boxed, classCount: classes.count).meanAveragePrecision(iou: 0.5).value
        let truths = images.map { ImageTruth($0, findingClasses: classes) }
        let auroc = try AssessmentError.about(self.images.name) {
            try ImageLevelEvaluation(
                images: scored, truths: truths, classCount: classes.count, imageScores: answers.map(\.imageScores)
            ).any.areaUnderROC()
        }
        let count = Double(answers.count)
        var codes: [String: Double] = [:]
        for answer in answers {
            for code in Set(answer.quality.map(\.code.rawValue)) { codes[code, default: 0] += 1 / count }
        }
        let told = answers.count { answer in
            let found = Set(answer.quality.map(\.code))
            return degradation.map { !DegradedReport.codes(of: $0.kind).isDisjoint(with: found) } ?? !found.isEmpty
        }
        return DegradedReport.Row(
            degradation: degradation?.kind, strength: degradation?.strength ?? 0, treatment: treatment, map50: map50, auroc: auroc,
            told: Double(told) / count, refused: Double(answers.count(where: \.isRefused)) / count,
            codes: codes.mapValues { ($0 * 10_000).rounded() / 10_000 })
    }
}
