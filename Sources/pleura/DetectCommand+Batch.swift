import ArgumentParser
import Assessment
import Basics
import BatchDetection
import Console
import DICOM
import Detection
import Domains
import Findings
import Foundation
import Models
import Outputs
import Pages
import Radiographs

extension DetectCommand {
    func validateParts() throws {
        if parts.batch == nil, parts.merge == nil {
            if paths.isEmpty { throw ValidationError("Missing expected argument '<path> ...'") }
            if parts.shard != nil || parts.resume { throw ValidationError("--shard and --resume go with --batch.") }
            return
        }
        if parts.batch?.isEmpty == true || parts.merge?.isEmpty == true { throw ValidationError("A folder's name must not be empty.") }
        let others: [(String, Bool)] = [
            ("--out", out != nil), ("--csv", csv != nil), ("--coco", coco != nil), ("--dicom", dicom != nil), ("--explain", explain != nil),
            ("--masks", masks != nil), ("--json", json != nil && parts.merge == nil),
        ]
        for (name, isGiven) in others where isGiven {
            throw ValidationError(
                "\(name) does not go with \(parts.merge == nil ? "--batch" : "--merge"): --merge DIR --json FILE writes the findings.")
        }
        guard parts.merge != nil else { return }
        if parts.batch != nil || parts.shard != nil || parts.resume || !paths.isEmpty {
            throw ValidationError("--merge takes a batch as it is: no paths, no --batch, --shard or --resume.")
        }
    }

    /// Does a part of a batch.
    func runPart(of folder: String) async throws {
        let (url, shard) = (URL(fileURLWithPath: folder, isDirectory: true), parts.shard ?? .whole)
        let manifest = try Failure.about(folder) {
            try BatchManifest.common(in: url, paths: paths) {
                let search = InputSearch(paths, decoders: DecoderRegistry.standard)
                noteSkipped(search)
                return search.inputs
            }
        }
        let indices = Array(shard.indices(of: manifest.inputs.count))
        let (configured, runner, interruption) = try configured(images: indices.count)
        var batch = configured
        let head = ShardHead(
            notice: batch.detector.bundle.card.domain?.notice ?? Notice.researchUseOnly, model: batch.identity, manifest: manifest.digest,
            settings: settings)
        let file = try Failure.about(folder) { try ShardFile(shard, in: url, head: head, resumes: parts.resume) }
        let open = indices.filter { !file.done.contains($0) }
        if open.count < indices.count { reports.note("\(indices.count - open.count) of \(indices.count) images were done before") }
        reports.note(runner.precisionText(of: batch.detector))
        let failures = Failures()
        batch.done = { place, image in
            if image.error != nil { failures.count += 1 }
            try file.append(image, at: open[place], hasOutlines: outlines)
        }
        var gallery: FindingsGallery?
        let outcome: DetectionBatch.Outcome
        do {
            outcome = try await batch.run(open.map { manifest.inputs[$0] }, into: &gallery)
            try file.finish()
        } catch {
            throw Failure(.somethingMissing, "\(folder): \(Failure.reason(error))")
        }
        if let number = interruption.signalNumber, outcome.isIncomplete {
            throw Failure(
                number == SIGTERM ? .terminated : .interrupted,
                "interrupted: \(file.done.count) of \(indices.count) images are done and written; --resume goes on with it")
        }
        if failures.count > 0 { throw Failure(.someInputsFailed, "") }
    }

    private final class Failures { var count = 0 }

    /// All that changes an answer, beside the model and the list.
    private var settings: [String: String] {
        var settings = ["frame": "\(frame)", "decoding-limit": "\(decodingLimit)"]
        if let threshold { settings["threshold"] = "\(threshold)" }
        if let falsePositivesPer100 { settings["false-positives-per-100"] = "\(falsePositivesPer100)" }
        if anatomy { settings["anatomy"] = anatomyModel }
        if outlines { settings["outlines"] = "given" }
        if asIs { settings["as-is"] = "given" }
        return settings
    }

    /// Puts the parts of a batch together.
    func merge(_ folder: String) throws {
        try reports.claim()
        let merge = try Failure.about(folder) { try BatchMerge(folder: URL(fileURLWithPath: folder, isDirectory: true)) }
        let failed = { (name: String, reason: String) in StandardError.failure(name, reason) }
        let summary: BatchMerge.Summary
        do {
            switch json {
            case nil: summary = try merge.write(json: nil, failed: failed)
            case "-": summary = try merge.write(json: { StandardOutput.write($0) }, failed: failed)
            case let name?:
                let file = try OutputFile(URL(fileURLWithPath: name))
                summary = try merge.write(json: { try file.write($0) }, failed: failed)
                try file.finish()
            }
        } catch {
            throw Failure(about: folder, error)
        }
        let text =
            "\(summary.images) images in \(summary.parts) parts, each done once: \(summary.findings) findings, \(summary.failed) images failed"
        if reports.printsText { StandardOutput.write(text + "\n") } else { reports.note(text) }
        if summary.failed > 0 { throw Failure(.someInputsFailed, "") }
    }
}
