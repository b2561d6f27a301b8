import Assessment
import Basics
import ChangeGate
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Models

/// Tries a model on a site's own cases before it is used there: figures beside those of its card, thresholds at the false boxes that the site is
/// ready to look at, the worst cases, and whether a second run says just the same (ACR's ARCH-AI; ECLAIR, European Radiology 2021).
public struct AcceptanceRun: Sendable {
    public var model: ModelBundle
    public var dataset: Dataset
    public var runner: ModelRunner
    /// False boxes of a finding on 100 images that the site is ready to look at.
    public var falseBoxesPer100Images: Double
    public var settings: EvaluationSettings

    public static let wantedImages = 100
    public static let wantedPositives = 30
    static let worstCount = 20

    public init(
        of model: ModelBundle, on dataset: Dataset, by runner: ModelRunner, falseBoxesPer100Images: Double = 20,
        settings: EvaluationSettings = EvaluationSettings()
    ) {
        (self.model, self.dataset, self.runner) = (model, dataset, runner)
        (self.falseBoxesPer100Images, self.settings) = (falseBoxesPer100Images, settings)
    }

    /// - Throws: `AssessmentError`; `CancellationError`.
    public func run() async throws -> AcceptanceReport {
        let assessed = try AssessedImages(of: dataset, called: dataset.directory.lastPathComponent)
        var settings = settings
        settings.falseBoxesPer100Images = [falseBoxesPer100Images]
        let place = model.directory.path + "/"
        let detector = try runner.detector(place, images: dataset.images.count)
        let first = try await runner.answers(of: detector, on: dataset.images, of: dataset)
        let second = try await runner.answers(of: detector, on: dataset.images, of: dataset)
        let scored = try await runner.scored(detector, called: model.card.name, on: dataset.images, of: assessed)
        settings.scoreThreshold = model.card.scoreThreshold
        let figures = try AcceptanceRun.about(assessed.name) { try EvaluationReport(scored.input(assessed), settings: settings) }
        let isSame = first.failed == second.failed && Self.bytes(first.answers) == Self.bytes(second.answers)

        let positives = dataset.findingClasses.map { finding in
            dataset.images.count { image in image.boxes.contains { $0.classID == finding.id } }
        }
        var report = AcceptanceReport(
            created: ModelCard.today(),
            model: GateReport.Model(name: model.card.name, version: model.card.version, digest: model.digest),
            dataset: assessed.folderName, images: dataset.images.count, failed: first.failed,
            patients: Set(dataset.images.map(\.patient)).count, isRepeatable: isSame, figures: [], thresholds: [], worst: [],
            positives: Dictionary(zip(dataset.findingClasses.map(\.name), positives)) { first, _ in first }, shortfalls: [])
        let card = Dictionary(model.card.metrics.map { ($0.name, $0) }) { first, _ in first }
        let wanted = ["map50", "auroc any all", "t_iou 0.3"] + dataset.findingClasses.map { "ap50 \($0.name)" }
        let measured = Dictionary(figures.metrics.map { ($0.name, $0) }) { first, _ in first }
        report.figures = wanted.compactMap { name in
            guard let here = measured[name] else { return nil }
            return AcceptanceReport.Figure(
                name: name, here: here.value, hereLow: here.low, hereHigh: here.high, card: card[name]?.value, cardLow: card[name]?.low,
                cardHigh: card[name]?.high)
        }
        report.thresholds = figures.operatingPoints
        report.worst = worst(first.answers)
        if dataset.images.count < Self.wantedImages {
            report.shortfalls.append("\(dataset.images.count) images; \(Self.wantedImages) consecutive ones are asked for")
        }
        for (finding, count) in zip(dataset.findingClasses, positives) where count < Self.wantedPositives {
            report.shortfalls.append("\(count) images with \(finding.name); \(Self.wantedPositives) are asked for")
        }
        if case .learntFrom(let images, _, _) = scored.overlap {
            report.shortfalls.append("the model has learnt from patients of \(images) of these images: the figures flatter it")
        }
        return report
    }

    private static func about<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw AssessmentError(error, about: name, status: .someInputsFailed)
        }
    }

    /// All that was said, bit by bit.
    private static func bytes(_ answers: [ModelRunner.Answer]) -> String {
        var builder = Digest.Builder()
        for answer in answers {
            builder.update(Data("\(answer.image.id)".utf8))
            for detection in answer.detections {
                let numbers = [detection.box.x, detection.box.y, detection.box.width, detection.box.height, detection.score]
                builder.update(Data(numbers.map { "\($0.bitPattern) \(detection.classIndex)" }.joined(separator: ",").utf8))
            }
            for score in answer.imageScores ?? [] { builder.update(Data("\(score.bitPattern)".utf8)) }
        }
        return builder.digest.hexadecimal
    }

    /// Images by what went wrong on them: missed boxes, then false ones above the card's threshold, by their scores.
    private func worst(_ answers: [ModelRunner.Answer]) -> [AcceptanceReport.Case] {
        let columns = dataset.findingClasses.columns
        return answers.map { answer -> AcceptanceReport.Case in
            let shown = answer.detections.filter { $0.score >= model.card.scoreThreshold }
            func fits(_ detection: Detection, _ box: Annotation) -> Bool {
                columns[box.classID] == detection.classIndex && detection.box.intersectionOverUnion(box.box) > 0.3
            }
            let missed = answer.image.boxes.filter { box in !shown.contains { fits($0, box) } }
            let wrong = shown.filter { detection in !answer.image.boxes.contains { fits(detection, $0) } }
            let names = dataset.findingClasses.names
            return AcceptanceReport.Case(
                image: answer.image.fileName, missed: missed.compactMap { names[$0.classID] }.sorted(),
                wrong: wrong.map { dataset.findingClasses[$0.classIndex].name }.sorted(),
                badness: Double(missed.count) + wrong.reduce(0) { $0 + $1.score })
        }
        .filter { $0.badness > 0 }
        .sorted { ($1.badness, $0.image) < ($0.badness, $1.image) }
        .prefix(Self.worstCount).map(\.self)
    }
}
