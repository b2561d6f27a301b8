import Archive
import Basics
import Findings
import Foundation
import Models
import NoduleDetection
import NoduleReports
import Volumes

/// Nodules of CT series, looked for when somebody asks: a scan takes a core for some half a minute. What was found is kept in the archive's folder.
public actor ScanNodules {
    public enum State: Sendable {
        /// No model of nodules is there.
        case unavailable
        case running
        /// As `pleura detect` writes a scan: one line of JSON.
        case found(String)
        /// Why none could be looked for, in one sentence.
        case failed(String)
    }

    private let archive: any Archive
    private let scans: StudyScans
    private let detector: NoduleDetector?
    private let folder: URL
    /// One scan at a time, so that films are read beside it.
    private let work = BlockingWork(width: 1)
    private var running: Set<String> = []
    /// Reasons are not kept over a restart: what failed is tried again then.
    private var failures: [String: String] = [:]

    /// - Parameters:
    ///   - detector: `nil` where there is no model of nodules.
    ///   - folder: The archive's.
    init(archive: any Archive, scans: StudyScans, detector: NoduleDetector?, folder: URL) {
        var detector = detector
        detector?.threads = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        (self.archive, self.scans, self.detector) = (archive, scans, detector)
        self.folder = folder.appendingPathComponent("nodules")
    }

    public var isAvailable: Bool { detector != nil }

    /// What is known of the series of an instance. The first question begins the search.
    /// - Throws: `DepartmentError` where it is no CT series; `VolumeError` where its slices make no volume; `ArchiveError`.
    public func state(of instance: Instance) async throws -> State {
        guard let detector else { return .unavailable }
        let planes = try await scans.planes(of: instance)
        let own = try await archive.instances(of: instance.study).filter { $0.seriesInstanceUID == instance.seriesInstanceUID }
        // The same bytes read by the same networks have the same nodules.
        let key = Digest(
            of: ([detector.model.bundle.digest, detector.model.maskBundle.digest] + own.map(\.digest).sorted()).joined(separator: " ")
        ).hexadecimal
        let kept = folder.appendingPathComponent("\(key).json")
        if let text = try? String(contentsOf: kept, encoding: .utf8), !text.isEmpty { return .found(text) }
        if let reason = failures[key] { return .failed(reason) }
        guard running.insert(key).inserted else { return .running }
        let (work, folder) = (work, folder)
        Task {
            do {
                try await work.run {
                    let reading = try detector.read(planes.volume)
                    // Neither the series nor its files are named: the page knows whose they are.
                    var scan = ScanFindings(name: "", seriesInstanceUID: nil, files: [], volume: planes.volume, reading: reading)
                    scan.record?.decisions = []
                    let text = try ScanJSON.text(scan)
                    try FileManager.default.createDirectory(
                        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                    try Data(text.utf8).write(to: kept, options: .atomic)
                }
                ended(key)
            } catch {
                ended(key, because: ImageFailure(error).description)
            }
        }
        return .running
    }

    private func ended(_ key: String, because reason: String? = nil) {
        running.remove(key)
        failures[key] = reason
    }
}
