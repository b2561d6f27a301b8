import Basics
import Foundation

/// A copy of an archive in a folder of its own, made while the archive is worked on, and an archive made of such a copy.
///
/// The folder has `content/` as an archive has it, the database under the name of its digest, and `backup.json`, which is written last: what a cut-off backup
/// leaves is the one before. A second backup into the same folder copies only files that are not there yet. It holds all that the archive holds, patients' data
/// too.
public struct ArchiveBackup: Sendable {
    /// What a backup has. Nothing in it tells of a patient.
    public struct Report: Hashable, Sendable, Codable {
        /// When the database was copied.
        public var made: Date
        public var studies: Int
        /// Files that were received or made of readings.
        public var files: Int
        public var bytes: Int
        /// SHA-256 of the database, in hexadecimal.
        public var database: String
        /// Files that this run copied: the others were there.
        public var copied: Int
        /// Files that are in the database and not whole in the archive: a line each.
        public var faults: [String]

        var databaseName: String { "pleura-\(database.prefix(16)).sqlite" }
    }

    private static let noteName = "backup.json"
    private static let databaseName = "pleura.sqlite"

    /// Copies an archive.
    /// - Parameters:
    ///   - folder: New, empty, or that of an earlier backup.
    ///   - observer: Told of each file.
    /// - Throws: `ArchiveError`: code `exists` where the folder holds something else; `CancellationError`.
    public static func make(
        of archive: SQLiteArchive, in folder: URL, observer: some WorkObserver = SilentObserver()
    ) async throws -> Report {
        let manager = FileManager.default
        let there = ((try? manager.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
        // What a backup that was cut off leaves has content, and no note.
        let own = Set(["content", "incoming", noteName])
        guard there.allSatisfy({ own.contains($0) || $0.hasPrefix("pleura-") && $0.hasSuffix(".sqlite") }) else {
            throw ArchiveError(.exists, "the folder holds other things than a backup; give it one of its own")
        }
        let store = try ContentStore(folder: folder)
        store.removeUnfinished()
        let copy = folder.appendingPathComponent(".copying.sqlite")
        try? manager.removeItem(at: copy)
        defer { try? manager.removeItem(at: copy) }
        let made = Date()
        try await archive.copyDatabase(to: copy)
        let (studies, files) = try SQLiteArchive.contents(ofDatabase: copy)
        var report = Report(
            made: made, studies: studies, files: files.count, bytes: files.reduce(0) { $0 + $1.size }, database: try digest(of: copy),
            copied: 0, faults: [])
        report.copied = try transfer(files, from: archive.content, to: store, observer) { report.faults.append($0) }
        let place = folder.appendingPathComponent(report.databaseName)
        guard rename(copy.path, place.path) == 0 else { throw ArchiveError(.cannotWrite, Descriptor.reason(errno)) }
        try IncomingFile.synchronise(folder)
        try write(report, to: folder.appendingPathComponent(noteName))
        for name in there where name.hasSuffix(".sqlite") && name != report.databaseName {
            try? manager.removeItem(at: folder.appendingPathComponent(name))
        }
        return report
    }

    /// Makes an archive of a backup, and looks whether it is whole: each file against its digest, each reference, the audit trail.
    /// - Parameter folder: Without an archive. It has none either where this throws.
    /// - Throws: `ArchiveError`: code `cannotRead` where there is no backup or its database is another than was written; `exists`; `CancellationError`.
    public static func restore(
        from backup: URL, to folder: URL, observer: some WorkObserver = SilentObserver()
    ) async throws -> ArchiveCheckReport {
        let report = try note(of: backup)
        let manager = FileManager.default
        let place = folder.appendingPathComponent(databaseName)
        guard !manager.fileExists(atPath: place.path) else { throw ArchiveError(.exists, "there is an archive in that folder already") }
        let database = backup.appendingPathComponent(report.databaseName)
        guard try digest(of: database) == report.database else {
            throw ArchiveError(.cannotRead, "the backup's database is another than was written")
        }
        let (source, store) = (try ContentStore(folder: backup), try ContentStore(folder: folder))
        let files = try SQLiteArchive.contents(ofDatabase: database).files
        _ = try transfer(files, from: source, to: store, observer) { observer.warn($0) }
        let copy = folder.appendingPathComponent(".restoring.sqlite")
        try? manager.removeItem(at: copy)
        do {
            try manager.copyItem(at: database, to: copy)
        } catch {
            throw ArchiveError(.cannotWrite, "the database cannot be copied")
        }
        // It has its name only when all else is there.
        guard rename(copy.path, place.path) == 0 else { throw ArchiveError(.cannotWrite, Descriptor.reason(errno)) }
        try IncomingFile.synchronise(folder)
        return try await ArchiveCheck(try SQLiteArchive(folder: folder)).run()
    }

    /// What a backup's own note says.
    /// - Throws: `ArchiveError` of code `cannotRead`.
    public static func note(of backup: URL) throws -> Report {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let bytes = try? Data(contentsOf: backup.appendingPathComponent(noteName)),
            let report = try? decoder.decode(Report.self, from: bytes), report.database.count == 64,
            report.database.allSatisfy(\.isHexDigit)
        else { throw ArchiveError(.cannotRead, "there is no whole backup in that folder") }
        return report
    }

    private static func write(_ report: Report, to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        try AtomicFile.write(try encoder.encode(report), to: file) { ArchiveError(.cannotWrite, $0.reason) }
        try IncomingFile.synchronise(file.deletingLastPathComponent())
    }

    /// Copies what is not there yet, each file read once and held against its digest.
    /// - Returns: How many were copied.
    private static func transfer(
        _ files: [(digest: String, size: Int)], from source: ContentStore, to target: ContentStore, _ observer: some WorkObserver,
        fault: (String) -> Void
    ) throws -> Int {
        observer.begin(files.count)
        defer { observer.end() }
        var copied = 0
        for (digest, size) in files {
            try Task.checkCancellation()
            defer { observer.advance() }
            let facts = try? FileManager.default.attributesOfItem(atPath: target.url(of: digest).path)
            if facts?[.size] as? Int == size { continue }
            do {
                let file = try IncomingFile(in: target)
                try file.write(try source.bytes(of: digest))
                guard file.digestSoFar == digest else {
                    fault("the file \(digest.prefix(12))… is not as it was received, and was not copied")
                    continue
                }
                _ = try file.keep()
                copied += 1
            } catch let error as ArchiveError where error.code == .notFound {
                fault("the file \(digest.prefix(12))… is not there")
            }
        }
        return copied
    }

    private static func digest(of file: URL) throws -> String {
        do {
            return Digest(of: try Data(contentsOf: file, options: .mappedIfSafe)).hexadecimal
        } catch {
            throw ArchiveError(.cannotRead, "the database of the backup is not there")
        }
    }
}
