import Basics
import Findings
import Foundation
import Inference
import Models
import NoduleDetection
import NoduleReports
import Outputs
import Reports
import Volumes

/// CT series through a model of nodules, one after another: a scan takes all cores and hundreds of megabytes.
///
/// A series that makes no volume fails alone.
public struct ScanBatch: Sendable {
    public var detector: NoduleDetector
    public var options: VolumeOptions
    /// Gets a PNG of three planes for each nodule; `nil` for none.
    public var pictures: URL?
    /// Asked before a scan is begun.
    public var isInterrupted: @Sendable () -> Bool = { false }
    public var observer: any WorkObserver = SilentObserver()

    public init(detector: NoduleDetector, options: VolumeOptions = VolumeOptions()) {
        (self.detector, self.options) = (detector, options)
    }

    /// - Parameter read: Gets each scan that was read, with its volume, before the next is begun.
    /// - Throws: `ReportError` where a picture cannot be written, and what `read` throws.
    public func run(
        _ series: [SeriesSearch.Series], read: (ScanFindings, Volume) throws -> Void = { _, _ in }
    ) throws -> [ScanFindings] {
        observer.begin(series.count)
        defer { observer.end() }
        var scans: [ScanFindings] = []
        for scan in series {
            guard !isInterrupted() else { break }
            defer { observer.advance() }
            var volume: Volume?
            let found: ScanFindings
            do {
                let assembled = try VolumeAssembler(options).assemble(
                    scan.files.map { SliceSource(file: URL(fileURLWithPath: $0), name: $0) })
                volume = assembled
                found = ScanFindings(
                    name: scan.name, seriesInstanceUID: scan.uid, files: scan.files, volume: assembled,
                    reading: try detector.read(assembled))
            } catch {
                let failure = ImageFailure(error)
                observer.failed(scan.name, failure.description)
                scans.append(
                    ScanFindings(name: scan.name, seriesInstanceUID: scan.uid, files: scan.files, volume: volume, error: failure))
                continue
            }
            if let pictures { try write(found, to: pictures, number: scans.count + 1) }
            if let volume { try read(found, volume) }
            scans.append(found)
        }
        return scans
    }

    private func write(_ scan: ScanFindings, to folder: URL, number: Int) throws {
        guard let reading = scan.reading else { return }
        for nodule in reading.nodules {
            let name = String(format: "scan-%03d-%@.png", number, nodule.identifier)
            try OutputFile.write(
                try NodulePictures.png(nodule, in: reading.volume), to: folder.appendingPathComponent(name), synchronises: false)
        }
    }

    /// The model, as reports name it.
    public var identity: ModelIdentity {
        let bundle = detector.model.bundle
        return ModelIdentity(
            name: bundle.card.name, version: bundle.card.version, digest: bundle.digest,
            precision: detector.model.settings.precision.rawValue)
    }
}
