import Basics
import Console
import DICOM
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Inference
import Models
import Outputs
import Predictions
import Radiographs

/// Where detections come from: a model that is run, the models of a cross-validation, or a file of another tool's.
enum DetectionSource {
    case model(String)
    /// A folder with `fold_0/bundle`, …: each model is run on the fold that it did not learn from.
    case crossValidation(String)
    case predictions(String)

    /// A file, or a folder that is no bundle, is predictions; anything else is a model.
    static func named(_ name: String) -> DetectionSource {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else { return .model(name) }
        guard isFolder.boolValue else { return .predictions(name) }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: name)) ?? []
        return files.contains("card.json") || files.contains("model.onnx")
            || !files.contains(where: { $0 == "labels" || $0.hasSuffix(".txt") })
            ? .model(name) : .predictions(name)
    }

    func detections(on images: [DatasetImage], of dataset: Dataset, command: EvaluateCommand) async throws -> ScoredDetections {
        switch self {
        case .model(let name): try await Self.run(name, images, dataset, command)
        case .crossValidation(let path): try await Self.runFolds(path, images, dataset, command)
        case .predictions(let path): try Self.read(path, images, dataset)
        }
    }

    // MARK: A cross-validation

    private static func runFolds(
        _ path: String, _ images: [DatasetImage], _ dataset: Dataset, _ command: EvaluateCommand
    ) async throws -> ScoredDetections {
        var scored = ScoredDetections()
        scored.overlap = .none
        var folds: [Int] = []
        for fold in Set(dataset.folds.values).sorted() {
            let model = "\(path)/fold_\(fold)/bundle"
            let own = images.filter { dataset.fold(of: $0) == fold }
            guard !own.isEmpty, FileManager.default.fileExists(atPath: model) else { continue }
            let part = try await run(model, own, dataset, command)
            if case .learntFrom = part.overlap {
                throw Failure(.someInputsFailed, "\(model): it has learnt from patients of fold \(fold), which it should be tested on")
            }
            if folds.isEmpty { scored.subject = part.subject }
            scored.append(part)
            if let bundle = part.bundle { scored.foldBundles.append(bundle) }
            if part.overlap == .unknown { scored.overlap = .unknown }
            folds.append(fold)
        }
        guard !folds.isEmpty else {
            throw Failure(.somethingMissing, "\(path): it holds no fold_0/bundle or other fold of \(command.dataset)")
        }
        scored.subject.kind = "cross-validation"
        (scored.subject.digest, scored.subject.trainingDigest, scored.subject.trainingFolds) = (nil, nil, nil)
        let names = folds.map(String.init).joined(separator: ", ")
        scored.split = "folds \(names), each by a model that did not learn from it, pooled"
        return scored
    }

    // MARK: A model

    private static func run(
        _ name: String, _ images: [DatasetImage], _ dataset: Dataset, _ command: EvaluateCommand
    ) async throws -> ScoredDetections {
        let detector = try command.engine.detector(name, images: images.count)
        command.reports.note(command.engine.precisionText(detector))
        var scored = try await run(detector, name, images, dataset, path: command.dataset, isQuiet: command.quiet)
        scored.subject.precisionRequested = command.engine.requested()
        return scored
    }

    /// - Parameters:
    ///   - name: What the user calls the model.
    ///   - path: What the user calls the dataset.
    static func run(
        _ detector: Detector, _ name: String, _ images: [DatasetImage], _ dataset: Dataset, path: String, isQuiet: Bool
    ) async throws -> ScoredDetections {
        let bundle = detector.bundle
        let columns = columns(of: bundle.labelMap, in: dataset.findingClasses)
        guard !columns.isEmpty else {
            throw Failure(.someInputsFailed, "\(name): none of its findings is in the label map of \(path)")
        }
        var scored = ScoredDetections()
        scored.bundle = bundle
        scored.overlap = TrainingOverlap(bundle, dataset: dataset, images: images)
        scored.subject = subject(bundle, precision: detector.settings.precision.rawValue)
        var progress = Progress(total: images.count, isQuiet: isQuiet)
        let pipeline = DetectionPipeline(
            detector: detector, decoders: DecoderRegistry.standard, threshold: Detector.scoreFloor, keepsPixels: false)
        try await pipeline.run(
            images.map { dataset.url(of: $0).path }, finish: { $0.findings },
            deliver: { index, findings in
                let image = images[index]
                let reason =
                    findings.error?.description
                    ?? (findings.width != image.width || findings.height != image.height
                        ? "it has \(findings.width) x \(findings.height) pixels, the annotations say \(image.width) x \(image.height)"
                        : nil)
                if let reason {
                    progress.failure(findings.reference.name, reason)
                    scored.failed += 1
                } else {
                    scored.images.append(image)
                    scored.imageScores.append(Self.row(findings.imageScores, of: dataset.findingClasses))
                    scored.detections.append(
                        findings.findings.compactMap { finding in
                            columns[finding.findingClass.name].map {
                                Detection(box: finding.boundingBox, classIndex: $0, score: finding.score)
                            }
                        })
                }
                progress.advance()
            })
        progress.clear()
        guard !scored.images.isEmpty else { throw Failure(.someInputsFailed, "\(path): none of its images could be read") }
        scored.warnings = [scored.overlap.warning].compactMap { $0 } + labelWarnings(bundle, dataset)
        if scored.failed > 0 {
            scored.warnings.append(.init(.note, "\(scored.failed) of \(images.count) images could not be read and are in no figure"))
        }
        return scored
    }

    /// The dataset's column of each of the model's findings, by name.
    private static func columns(of map: LabelMap, in classes: [FindingClass]) -> [String: Int] {
        let byName = Dictionary(classes.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
        return Dictionary(map.classes.compactMap { item in byName[item.name.lowercased()].map { (item.name, $0) } }) { first, _ in first }
    }

    /// A whole image's scores in the dataset's order; `nil` where one is missing.
    private static func row(_ scores: [String: Double]?, of classes: [FindingClass]) -> [Double]? {
        guard let scores else { return nil }
        let byName = Dictionary(scores.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        let row = classes.compactMap { byName[$0.name.lowercased()] }
        return row.count == classes.count ? row : nil
    }

    private static func labelWarnings(_ bundle: ModelBundle, _ dataset: Dataset) -> [EvaluationReport.Warning] {
        let mine = Set(bundle.labelMap.classes.map { $0.name.lowercased() }),
            theirs = Set(dataset.findingClasses.map { $0.name.lowercased() })
        let unknown = bundle.labelMap.classes.map(\.name).filter { !theirs.contains($0.lowercased()) }
        let never = dataset.findingClasses.map(\.name).filter { !mine.contains($0.lowercased()) }
        var warnings: [EvaluationReport.Warning] = []
        if !unknown.isEmpty {
            warnings.append(
                .init(.note, "the dataset does not know \(unknown.joined(separator: ", ")): what the model says of it is left out"))
        }
        if !never.isEmpty {
            warnings.append(.init(.note, "the model never says \(never.joined(separator: ", ")): all its boxes are missed"))
        }
        return warnings
    }

    private static func subject(_ bundle: ModelBundle, precision: String) -> EvaluationReport.Subject {
        var subject = EvaluationReport.Subject()
        subject.kind = "model"
        (subject.name, subject.version, subject.digest) = (bundle.card.name, bundle.card.version, bundle.digest)
        subject.precision = precision
        (subject.trainingDigest, subject.trainingFolds) = (bundle.card.trainingData.digest, bundle.card.trainingData.folds)
        return subject
    }

    // MARK: A file

    private static func read(_ path: String, _ images: [DatasetImage], _ dataset: Dataset) throws -> ScoredDetections {
        do {
            let file = try PredictionFile.read(URL(fileURLWithPath: path), images: dataset.images, findingClasses: dataset.findingClasses)
            // Held against all images of the dataset: a row about another fold is no stranger.
            let check = try PredictionCheck(
                images: dataset.images.map { EvaluatedImage($0, findingClasses: dataset.findingClasses) },
                findingClasses: dataset.findingClasses)
            let checked = try check.check(file.rows)
            var problems = file.problems
            problems += checked.problems
            for problem in problems { StandardError.failure(path, problem) }
            var scored = ScoredDetections()
            scored.images = images
            let byID = Dictionary(checked.images.map { ($0.id, $0.detections) }) { first, _ in first }
            scored.detections = images.map { byID[$0.stem] ?? [] }
            scored.leftOutRows = file.leftOut + checked.leftOut
            scored.subject.name = URL(fileURLWithPath: path).lastPathComponent
            scored.subject.format = file.format
            (scored.subject.rowsUsed, scored.subject.rowsLeftOut) = (checked.used, scored.leftOutRows)
            if scored.leftOutRows > 0 {
                scored.warnings.append(
                    .init(.danger, "\(scored.leftOutRows) of \(scored.leftOutRows + checked.used) rows of the predictions are left out"))
            }
            scored.warnings.append(.init(.note, "whether the maker of these predictions has learnt from these patients is not known here"))
            return scored
        } catch let error as EvaluationError {
            throw Failure(error.code == .missing ? .somethingMissing : .someInputsFailed, "\(path): \(error.description)")
        }
    }
}

/// Images, what was said of them, and by whom.
struct ScoredDetections {
    var images: [DatasetImage] = []
    var detections: [[Detection]] = []
    /// One score a finding of the dataset for each whole image, where the model says them of all of the dataset's findings.
    var imageScores: [[Double]?] = []
    /// Which part of the dataset was scored, where the source says.
    var split: String?
    var subject = EvaluationReport.Subject()
    var warnings: [EvaluationReport.Warning] = []
    /// `nil` for predictions.
    var bundle: ModelBundle?
    /// Of a cross-validation, each fold's model.
    var foldBundles: [ModelBundle] = []
    var overlap = TrainingOverlap.unknown
    var failed = 0
    var leftOutRows = 0

    var hasFailures: Bool { failed > 0 || leftOutRows > 0 }

    /// Adds what another model says of other images.
    mutating func append(_ other: ScoredDetections) {
        images += other.images
        detections += other.detections
        imageScores += other.imageScores
        failed += other.failed
        leftOutRows += other.leftOutRows
        warnings += other.warnings.filter { !warnings.contains($0) }
    }

    /// Only the images of some ids.
    func keeping(_ ids: Set<Int>) -> ScoredDetections {
        var part = self
        let kept = images.indices.filter { ids.contains(images[$0].id) }
        part.images = kept.map { images[$0] }
        part.detections = kept.map { detections[$0] }
        part.imageScores = imageScores.isEmpty ? [] : kept.map { imageScores[$0] }
        return part
    }

    func input(_ dataset: Dataset, split: String) -> EvaluationInput {
        EvaluationInput(
            findingClasses: dataset.findingClasses, images: images, detections: detections,
            imageScores: imageScores.contains { $0 != nil } ? imageScores : nil, split: self.split ?? split,
            learningImages: dataset.images.compactMap { image in dataset.fold(of: image).map { (image, $0) } })
    }
}
