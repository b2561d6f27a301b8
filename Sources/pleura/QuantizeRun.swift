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
import Quantisation
import Radiographs

/// Does what `pleura model quantize` was asked for.
struct QuantizeRun {
    let command: ModelQuantizeCommand

    /// - Throws: `Failure` of the contract's exit code; nothing is written then.
    func run() async throws {
        let bundle = try source()
        let dataset = try EvaluateRun.read(command.dataset)
        let tested = try EvaluateRun.images(of: dataset, fold: command.fold, path: command.dataset)
        let seen = try calibrationImages(dataset)
        let detector = try loaded(bundle, .f32)
        let before = try await figure(detector, tested, dataset)
        let quantised = try network(of: detector, seen, dataset)
        guard let bytes = try? Data(contentsOf: bundle.modelFile) else {
            throw Failure(.someInputsFailed, "\(command.model): its network cannot be read")
        }

        // Measured as it will be used: as a bundle, from a folder that goes when all is done.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ card: ModelCard, to directory: URL, called name: String) throws -> ModelBundle {
            do {
                try ModelBundle.write(to: directory, onnx: bytes, int8: quantised.onnx, labelMap: bundle.labelMap, card: card)
                return try ModelBundle(directory: directory)
            } catch {
                throw Failure(.somethingMissing, "\(name): \(Failure.reason(error))")
            }
        }
        var card = bundle.card
        card.quantised = ModelCard.Quantisation(
            convolutions: quantised.convolutions, keptConvolutions: quantised.kept, calibrationDigest: Self.digest(dataset),
            calibrationImages: quantised.images, calibrationSplit: command.fold.map { "all folds but \($0)" } ?? "all images",
            map50Before: before.map50, map50After: before.map50, split: split, images: before.images, boxes: before.boxes)
        let trial = try write(card, to: folder, called: "the folder for temporary files")
        let after = try await figure(try loaded(trial, .int8), tested, dataset)
        card.quantised?.map50After = after.map50
        if command.reports.printsText { tell(quantised, before, after) }
        guard before.map50 - after.map50 <= command.largestLoss else {
            throw Failure(
                .someInputsFailed,
                String(
                    format: "%@: INT8 loses %.4f of mAP50 on %@, more than %.4f: nothing is written", command.model,
                    before.map50 - after.map50, split, command.largestLoss))
        }
        let written = try write(card, to: URL(fileURLWithPath: command.out), called: command.out)
        let path = written.directory.standardizedFileURL.path
        if command.reports.printsText { StandardOutput.write("\(path)\t\(written.digest)\n") }
        try command.reports.write(
            "model quantize", Done(path: path, digest: written.digest, map50Before: before.map50, quantisation: written.card.quantised))
    }

    private struct Done: Encodable {
        var path: String
        var digest: String
        var map50Before: Double
        /// As the card has it.
        var quantisation: ModelCard.Quantisation?

        private enum CodingKeys: String, CodingKey {
            case path, digest, quantisation
            case map50Before = "map50_before"
        }
    }

    // MARK: What is given

    private func source() throws -> ModelBundle {
        let bundle: ModelBundle
        do {
            bundle = try ModelStore.standard.bundle(command.model)
        } catch {
            throw Failure.bundle(command.model, error)
        }
        guard bundle.ensemble == nil else {
            throw Failure(.wrongUse, "\(command.model): an ensemble has no network of its own; quantise its members")
        }
        guard bundle.int8ModelFile == nil else { throw Failure(.wrongUse, "\(command.model): it has an INT8 network already") }
        var status = stat()
        guard lstat(command.out, &status) != 0 else {
            throw Failure(.wrongUse, "\(command.out): it is there already; choose another folder")
        }
        return bundle
    }

    /// Images to measure ranges on: any of the dataset, but for those whose patients are tested where a fold is.
    private func calibrationImages(_ dataset: Dataset) throws -> [DatasetImage] {
        guard !dataset.images.isEmpty else { throw Failure(.someInputsFailed, "\(command.dataset): it has no images") }
        let allowed = dataset.images.filter { command.fold == nil || dataset.fold(of: $0) != command.fold }
        guard !allowed.isEmpty else {
            throw Failure(
                .someInputsFailed, "\(command.dataset): it has no images outside fold \(command.fold ?? 0) to measure ranges on")
        }
        // Drawn, since images of a kind often follow each other; the same ones every time.
        var generator = SeededGenerator(seed: 1)
        return Array(allowed.shuffled(using: &generator).prefix(command.calibrationImages))
    }

    private func loaded(_ bundle: ModelBundle, _ precision: EngineSettings.Precision) throws -> Detector {
        do {
            return try Detector(bundle: bundle, settings: EngineSettings(precision: precision, mode: .throughput))
        } catch {
            throw Failure(.somethingMissing, "\(command.model): \(Failure.reason(error))")
        }
    }

    // MARK: The network

    /// The network made, and how many images it was made with.
    private struct Network {
        var onnx: Data
        var convolutions: Int
        var kept: Int
        var images: Int
    }

    private func network(of detector: Detector, _ images: [DatasetImage], _ dataset: Dataset) throws -> Network {
        do {
            guard let bytes = try? Data(contentsOf: detector.bundle.modelFile) else { throw ModelError(.unreadable, "model.onnx") }
            let quantiser = try NetworkQuantiser(onnx: bytes, side: detector.bundle.card.inputSide)
            note("measuring ranges on \(images.count) images")
            var count = 0
            var progress = Progress(total: images.count, isQuiet: command.quiet)
            for image in images {
                let path = dataset.url(of: image).path
                do {
                    try quantiser.observe(Self.input(path, detector))
                    count += 1
                } catch let error as RadiographError {
                    progress.failure(path, error.description)
                }
                progress.advance()
            }
            progress.clear()
            guard count > 0 else {
                throw Failure(.someInputsFailed, "\(command.dataset): none of the images to measure ranges on could be read")
            }
            note("making the INT8 network")
            var trials: Progress?
            let made = try quantiser.network { _, total in
                if trials == nil { trials = Progress(total: total, isQuiet: command.quiet) }
                trials?.advance()
            }
            trials?.clear()
            return Network(onnx: made.onnx, convolutions: made.convolutions, kept: made.kept, images: count)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.someInputsFailed, "\(command.model): \(Failure.reason(error))")
        }
    }

    /// What the network gets of an image, as `detect` would give it.
    private static func input(_ path: String, _ detector: Detector) throws -> [Float] {
        try InputFile.requireRegular(path)
        let bytes = try DecoderRegistry.standard.bytes(of: path)
        guard let side = detector.inputSide else {
            return try detector.prepare(try DecoderRegistry.standard.decode(bytes), from: .file(path)).inputs[0].values
        }
        return try detector.prepare(try DecoderRegistry.standard.decode(bytes, covering: side), from: .file(path)).inputs[0].values
    }

    /// SHA-256 of what the dataset says of its images; pixels are not in it.
    private static func digest(_ dataset: Dataset) -> String {
        Digest(of: dataset.canonicalBytes).hexadecimal
    }

    // MARK: The loss

    private var split: String { command.fold.map { "fold \($0)" } ?? "all images" }

    private struct Figure {
        var map50: Double
        var images: Int
        var boxes: Int
    }

    /// mAP50 as `pleura evaluate` prints it.
    private func figure(_ detector: Detector, _ images: [DatasetImage], _ dataset: Dataset) async throws -> Figure {
        note("measuring mAP50 of the \(detector.settings.precision.rawValue) network on \(images.count) images")
        let scored = try await DetectionSource.run(detector, command.model, images, dataset, path: command.dataset, isQuiet: command.quiet)
        guard scored.failed == 0 else {
            throw Failure(.someInputsFailed, "\(command.dataset): \(scored.failed) of the images to measure the loss on could not be read")
        }
        let report: EvaluationReport
        do {
            report = try EvaluationReport(scored.input(dataset, split: split), settings: EvaluationSettings(draws: 0))
        } catch {
            throw Failure(.someInputsFailed, "\(command.dataset): \(Failure.reason(error))")
        }
        guard let value = report.map50.value else {
            throw Failure(.someInputsFailed, "\(command.dataset): it has no boxes in \(split) to measure the loss with")
        }
        return Figure(map50: value, images: report.images, boxes: report.boxes)
    }

    private func tell(_ network: Network, _ before: Figure, _ after: Figure) {
        let lines = [
            String(format: "mAP50 f32   %.4f", before.map50),
            String(
                format: "mAP50 int8  %.4f  (%d of %d convolutions in 8 bits)", after.map50, network.convolutions,
                network.convolutions + network.kept),
            String(
                format: "difference %+.4f  on %@: %d images, %d boxes; ranges from %d images", after.map50 - before.map50, split,
                before.images, before.boxes, network.images),
        ]
        StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }

    private func note(_ text: String) {
        if !command.quiet { StandardError.line("pleura: \(text)") }
    }
}
