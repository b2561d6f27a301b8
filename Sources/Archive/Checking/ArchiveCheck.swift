import Basics
import Foundation

/// Looks whether an archive still has everything that was given to it, byte for byte.
public struct ArchiveCheck: Sendable {
    private let archive: any Archive
    private static let batch = 500

    public init(_ archive: any Archive) { self.archive = archive }

    /// Reads all there is: as long as the disk takes for it. The archive may be worked on meanwhile.
    /// - Parameter observer: Told of each instance; a fault is told when it is found.
    /// - Throws: `ArchiveError` where the store itself cannot be read; `CancellationError`.
    public func run(_ observer: some WorkObserver = SilentObserver()) async throws -> ArchiveCheckReport {
        var report = ArchiveCheckReport()
        // Before the instances: a file that comes meanwhile is none that nobody has.
        var unused = Set(archive.content.digests())
        for text in try await archive.structuralFaults() { add(.structure, text, to: &report, observer) }
        if let number = try await archive.firstBrokenAuditEntry() {
            add(.audit, "audit: entry \(number) is not as it was written, or is missing", to: &report, observer)
        }
        var studies: Set<StudyID> = []
        observer.begin(try await count())
        try await forEachBatch { instances in
            for instance in instances {
                try Task.checkCancellation()
                unused.remove(instance.digest)
                report.instances += 1
                if studies.insert(instance.study).inserted, try await archive.study(instance.study) == nil {
                    add(.reference, "instance \(instance.id.rawValue): its study is not there", to: &report, observer)
                }
                if let fault = check(instance, &report.bytes) { add(fault.kind, fault.text, to: &report, observer) }
                observer.advance()
            }
        }
        observer.end()
        var last: String?
        while case let files = try await archive.resultFiles(after: last, limit: Self.batch), !files.isEmpty {
            for file in files {
                try Task.checkCancellation()
                unused.remove(file.digest)
                report.results += 1
                if let fault = check("result \(file.digest.prefix(12))…", file.digest, file.size, &report.bytes) {
                    add(fault.kind, fault.text, to: &report, observer)
                }
            }
            last = files.last?.identifier
        }
        report.studies = studies.count
        report.unusedFiles = unused.sorted()
        return report
    }

    private func count() async throws -> Int {
        var count = 0
        try await forEachBatch { count += $0.count }
        return count
    }

    private func forEachBatch(_ body: ([Instance]) async throws -> Void) async throws {
        var last: InstanceID?
        while case let instances = try await archive.instances(after: last, limit: Self.batch), !instances.isEmpty {
            try await body(instances)
            last = instances.last?.id
        }
    }

    private func add(
        _ kind: ArchiveCheckReport.Fault.Kind, _ text: String, to report: inout ArchiveCheckReport, _ observer: some WorkObserver
    ) {
        report.faults.append(.init(kind: kind, text: text))
        observer.warn(text)
    }

    private func check(_ instance: Instance, _ total: inout Int) -> ArchiveCheckReport.Fault? {
        let name = "instance \(instance.id.rawValue)"
        if let fault = check(name, instance.digest, instance.size, &total) { return fault }
        guard InstanceID(ofContent: instance.digest) == instance.id else {
            return .init(kind: .changed, text: "\(name): its bytes are others than were received")
        }
        return nil
    }

    private func check(_ name: String, _ digest: String, _ size: Int, _ total: inout Int) -> ArchiveCheckReport.Fault? {
        let descriptor = open(archive.content.url(of: digest).path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            return errno == ENOENT
                ? .init(kind: .missing, text: "\(name): its bytes are not there")
                : .init(kind: .unreadable, text: "\(name): its bytes cannot be read: \(Descriptor.reason(errno))")
        }
        defer { close(descriptor) }
        var (found, count) = (Digest.Builder(), 0)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let length = read(descriptor, &piece, piece.count)
            if length < 0 && errno == EINTR { continue }
            guard length >= 0 else {
                return .init(kind: .unreadable, text: "\(name): its bytes cannot be read: \(Descriptor.reason(errno))")
            }
            if length == 0 { break }
            found.update(piece[..<length])
            count += length
        }
        total += count
        guard count == size else {
            return .init(kind: .changed, text: "\(name): \(count) bytes are there, and \(size) were received")
        }
        guard found.digest.hexadecimal == digest else {
            return .init(kind: .changed, text: "\(name): its bytes are others than were received")
        }
        return nil
    }
}
