import Basics
import Console
import DICOM
import Datasets
import Detection
import Findings
import Foundation
import Inference
import Models
import Outputs
import Pages
import Radiographs
import Reports

/// Does what `pleura detect` was asked for: every input, then every report.
struct DetectRun {
    let command: DetectCommand
    let search: InputSearch
    let places: OutputPlaces
    let detector: Detector
    /// Thresholds finding by finding, where the user asked for them by false boxes.
    var operatingPoints: OperatingThresholds?
    /// When the command began.
    let begin: ContinuousClock.Instant

    /// One image with what is to be shown of it.
    private struct Finished: Sendable {
        var findings: ImageFindings
        /// `nil` where none are wanted or possible.
        var pictures: FindingsGallery.Pictures?
    }

    /// The lowest score that can be shown; `nil` for the card's.
    private var threshold: Double? { operatingPoints?.lowest ?? command.threshold }

    private var identity: ModelIdentity {
        ModelIdentity(
            name: detector.bundle.card.name, version: detector.bundle.card.version, digest: detector.bundle.digest,
            precision: detector.settings.precision.rawValue, precisionRequested: command.engine.requested(usual: .auto))
    }

    /// - Throws: `Failure` of the contract's exit code, when all that could be done is done.
    func run() async throws {
        // From here on: nothing that is being written is to be cut off.
        let interruption = Interruption()
        let coco = try cocoResults()
        command.reports.note(command.engine.precisionText(detector, usual: .auto))
        var images = search.inputs.map {
            ImageFindings(reference: ImageReference(.file($0.path)), error: $0.failure)
        }
        var progress = Progress(total: images.count, isQuiet: command.quiet)
        var gallery = try command.out.map { folder in
            try Self.writing {
                try FindingsGallery(
                    directory: URL(fileURLWithPath: folder), model: identity, classes: detector.bundle.labelMap.classes,
                    threshold: threshold ?? detector.bundle.card.scoreThreshold, places: places)
            }
        }
        for image in images {
            guard let failure = image.error else { continue }
            progress.failure(image.reference.name, failure.description)
            progress.advance()
            try Self.writing { try gallery?.append(image) }
        }
        let tried = images.indices.filter { images[$0].error == nil }
        let wantsPictures = gallery != nil
        let pipeline = DetectionPipeline(
            detector: detector, decoders: .standard, frame: command.frame,
            threshold: operatingPoints == nil ? command.threshold : Detector.scoreFloor, keepsPixels: wantsPictures,
            decodingLimit: .seconds(command.decodingLimit), isInterrupted: { interruption.signalNumber != nil })
        let start = ContinuousClock.now
        let operatingPoints = self.operatingPoints
        let times = try await pipeline.run(
            tried.map { images[$0].reference.name },
            finish: { Self.finished($0, operatingPoints: operatingPoints, wantsPictures: wantsPictures) },
            deliver: { index, finished in
                images[tried[index]] = finished.findings
                if let failure = finished.findings.error { progress.failure(finished.findings.reference.name, failure.description) }
                try Self.writing { try gallery?.append(finished.findings, pictures: finished.pictures) }
                progress.advance()
            })
        progress.clear()
        let end = ContinuousClock.now
        // Interrupted: what was not begun is in no report, as if it had not been asked for.
        let undone = Set(tried.dropFirst(times.images))
        images = images.indices.filter { !undone.contains($0) }.map { images[$0] }
        try Self.writing {
            try gallery?.finish()
            try report(images, coco: coco)
        }
        if command.profile {
            StandardError.line(
                TimesTable.text(
                    times, start: (start - begin) / .seconds(1), end: (ContinuousClock.now - end) / .seconds(1),
                    cores: ProcessInfo.processInfo.activeProcessorCount))
        }
        if search.drawn > 0 {
            let isOne = search.drawn == 1
            command.reports.note(
                "\(search.drawn) picture\(isOne ? "" : "s") that Pleura drew \(isOne ? "was" : "were") skipped")
        }
        if search.skipped > 0 { command.reports.note("\(search.skipped) other file\(search.skipped == 1 ? "" : "s") skipped") }
        if let number = interruption.signalNumber, !undone.isEmpty {
            throw Failure(
                number == SIGTERM ? .terminated : .interrupted,
                "interrupted: \(times.images) of \(tried.count) images are done and written, the rest was not begun")
        }
        if images.contains(where: { $0.error != nil }) { throw Failure(.someInputsFailed, "") }
    }

    private static func finished(
        _ item: DetectionPipeline.Item, operatingPoints: OperatingThresholds?, wantsPictures: Bool
    ) -> Finished {
        var finished = Finished(findings: operatingPoints?.applied(to: item.findings) ?? item.findings)
        guard wantsPictures, let radiograph = item.radiograph else { return finished }
        do {
            finished.pictures = try FindingsGallery.Pictures(of: radiograph, findings: finished.findings.findings)
        } catch {
            finished.findings.error = ImageFailure(error)
        }
        return finished
    }

    private func report(_ images: [ImageFindings], coco: COCOResults?) throws {
        if let file = command.json {
            try OutputFile.write(FindingsJSON.document(model: identity, images: images), toFileOrStandardOutput: file)
        }
        if let file = command.csv { try OutputFile.write(FindingsCSV.table(images), toFileOrStandardOutput: file) }
        if let file = command.coco, let coco {
            let (json, leftOut) = try coco.document(images.filter { $0.error == nil })
            try OutputFile.write(json, to: URL(fileURLWithPath: file))
            for (path, reason) in leftOut { StandardError.failure(path, "\(reason), so left out of the COCO results") }
        }
        // CSV has no place for them, and the table that has gives way to it.
        if command.csv == "-", !command.quiet {
            for image in images { image.warnings.forEach { StandardError.failure(image.reference.name, "warning: \($0)") } }
        }
        if command.json != "-", command.csv != "-" { StandardOutput.write(FindingsTable.text(images)) }
    }

    private func cocoResults() throws -> COCOResults? {
        guard let folder = command.dataset else { return nil }
        do {
            return COCOResults(dataset: try Dataset.read(directory: URL(fileURLWithPath: folder)))
        } catch {
            throw Failure(.somethingMissing, "\(folder): \(Failure.reason(error))")
        }
    }

    /// A report that cannot be written ends the run.
    private static func writing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw error as? Failure ?? Failure(.somethingMissing, Failure.reason(error))
        }
    }
}
