import Basics
import Datasets
import Detection
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Inference
import Models
import Quantisation
import Radiographs

/// Gives a model a second network, of 8-bit integers, and measures what that loses.
public struct ModelQuantisation: Sendable {
    /// What the user calls the model.
    public let name: String
    public let bundle: ModelBundle
    /// What the user calls the folder for the new bundle.
    public let target: String
    public let runner: ModelRunner

    /// - Parameters:
    ///   - name: A model's name or its directory.
    ///   - target: Where the new bundle goes.
    /// - Throws: `AssessmentError` where there is no such model, it is an ensemble or has an 8-bit network already, or something is in the
    ///   new bundle's place.
    public init(of name: String, to target: String, by runner: ModelRunner) throws(AssessmentError) {
        bundle = try runner.bundle(name)
        guard bundle.ensemble == nil else {
            throw AssessmentError(.wrongUse, about: name, "an ensemble has no network of its own; quantise its members")
        }
        guard bundle.int8ModelFile == nil else { throw AssessmentError(.wrongUse, about: name, "it has an INT8 network already") }
        var status = stat()
        guard lstat(target, &status) != 0 else {
            throw AssessmentError(.wrongUse, about: target, "it is there already; choose another folder")
        }
        (self.name, self.target, self.runner) = (name, target, runner)
    }

    /// Makes the network and measures both on the images. Nothing is written but a folder for temporary files, which is removed.
    /// - Parameters:
    ///   - tested: Ranges are measured on other images of their dataset where they are a fold, else on them.
    ///   - calibrationImages: How many images ranges are measured on, at most.
    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func trial(on tested: AssessedImages, calibrationImages: Int) async throws -> QuantisationTrial {
        let seen = try CalibrationImages.draw(calibrationImages, beside: tested)
        let detector = try detector(bundle, .f32)
        let before = try await precision(of: detector, on: tested)
        let (made, count) = try network(of: detector, seen, of: tested)
        guard let onnx = try? Data(contentsOf: bundle.modelFile) else {
            throw AssessmentError(.unusable, about: name, "its network cannot be read")
        }
        var card = bundle.card
        card.quantised = ModelCard.Quantisation(
            convolutions: made.convolutions, keptConvolutions: made.kept,
            // Of what the dataset says of its images; pixels are not in it.
            calibrationDigest: Digest(of: tested.dataset.canonicalBytes).hexadecimal, calibrationImages: count,
            calibrationSplit: tested.fold.map { "all folds but \($0)" } ?? "all images", map50Before: before.map50,
            map50After: before.map50, split: tested.split, images: before.images, boxes: before.boxes)
        // Measured as it will be used: as a bundle, from a folder that goes when all is done.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var trial = QuantisationTrial(
            quantisation: self, split: tested.split, onnx: onnx, int8: made.onnx, card: card, before: before, after: before,
            calibrationImages: count)
        let bundle = try trial.write(to: folder, called: "the folder for temporary files")
        trial.after = try await precision(of: try self.detector(bundle, .int8), on: tested)
        return trial
    }

    private func detector(_ bundle: ModelBundle, _ precision: EngineSettings.Precision) throws(AssessmentError) -> Detector {
        try AssessmentError.about(name, status: .somethingMissing) {
            try Detector(bundle: bundle, settings: EngineSettings(precision: precision, mode: .throughput))
        }
    }

    private func network(
        of detector: Detector, _ images: [DatasetImage], of tested: AssessedImages
    ) throws(AssessmentError) -> (made: NetworkQuantiser.Result, images: Int) {
        let observer = runner.observer
        return try AssessmentError.about(name, status: .someInputsFailed) {
            guard let bytes = try? Data(contentsOf: detector.bundle.modelFile) else { throw ModelError(.unreadable, "model.onnx") }
            let quantiser = try NetworkQuantiser(
                onnx: bytes, side: detector.bundle.card.inputSide, channels: detector.bundle.card.inputChannels)
            observer.note("measuring ranges on \(images.count) images")
            let count = try CalibrationImages.show(images, of: tested.dataset, to: quantiser, as: detector, runner)
            guard count > 0 else {
                throw AssessmentError(.unusable, about: tested.name, "none of the images to measure ranges on could be read")
            }
            observer.note("making the INT8 network")
            var isBegun = false
            let made = try quantiser.network { _, total in
                if !isBegun { observer.begin(total) }
                isBegun = true
                observer.advance()
            }
            if isBegun { observer.end() }
            return (made, count)
        }
    }

    /// mAP50 as `pleura evaluate` prints it.
    private func precision(of detector: Detector, on tested: AssessedImages) async throws -> QuantisationTrial.Measurement {
        runner.observer.note(
            "measuring mAP50 of the \(detector.settings.precision.rawValue) network on \(tested.images.count) images")
        let scored = try await runner.scored(detector, called: name, on: tested.images, of: tested)
        guard scored.failed == 0 else {
            throw AssessmentError(
                .unusable, about: tested.name, "\(scored.failed) of the images to measure the loss on could not be read")
        }
        let report = try AssessmentError.about(tested.name, status: .someInputsFailed) {
            try EvaluationReport(scored.input(tested), settings: EvaluationSettings(draws: 0))
        }
        guard let value = report.map50.value else {
            throw AssessmentError(.unusable, about: tested.name, "it has no boxes in \(tested.split) to measure the loss with")
        }
        return QuantisationTrial.Measurement(map50: value, images: report.images, boxes: report.boxes)
    }
}
