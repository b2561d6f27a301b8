import Basics
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Foundation

/// Where detections come from: a model that is run, the models of a cross-validation, or a file of another tool's.
public enum DetectionSource: Hashable, Sendable {
    /// By its name or its directory.
    case model(String)
    /// A folder with `fold_0/bundle`, …: each model is run on the fold that it did not learn from.
    case crossValidation(String)
    /// A file or folder that `PredictionFile` reads.
    case predictions(String)

    /// A file, or a folder of text files that is no bundle, is predictions; a folder with `fold_…` that is none is a cross-validation;
    /// anything else is a model.
    public static func named(_ name: String) -> DetectionSource {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else { return .model(name) }
        guard isFolder.boolValue else { return .predictions(name) }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: name)) ?? []
        if files.contains("card.json") || files.contains("model.onnx") { return .model(name) }
        if files.contains(where: { $0.hasPrefix("fold_") }) { return .crossValidation(name) }
        return files.contains(where: { $0 == "labels" || $0.hasSuffix(".txt") }) ? .predictions(name) : .model(name)
    }

    /// What the source says of the images. Models are found and run by `runner`.
    /// - Throws: `AssessmentError` where it can say nothing of any of them; `CancellationError` where the task is cancelled.
    public func detections(on assessed: AssessedImages, by runner: ModelRunner) async throws -> ScoredDetections {
        switch self {
        case .model(let name): try await runner.scored(name, on: assessed.images, of: assessed)
        case .crossValidation(let path): try await runner.crossValidated(path, on: assessed)
        case .predictions(let path): try ScoredDetections(predictions: path, of: assessed, observer: runner.observer)
        }
    }
}

extension ModelRunner {
    /// Finds a model and runs it.
    func scored(_ name: String, on images: [DatasetImage], of assessed: AssessedImages) async throws -> ScoredDetections {
        let detector = try detector(name, images: images.count)
        observer.note(precisionText(of: detector))
        var scored = try await scored(detector, called: name, on: images, of: assessed)
        scored.subject.precisionRequested = loader.precision.rawValue
        return scored
    }
}
