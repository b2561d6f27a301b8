import Archive
import ArchiveConformance
import Basics
import Foundation
import GRDB
import Testing

/// Backups of archives at work, held table by table against what they are of.
struct BackupTests {
    /// Every row of every table, as SQLite writes its values.
    private static func rows(_ database: String) throws -> [String: [String]] {
        try DatabaseQueue(path: database).read { db in
            // What the index of words keeps for itself is its own affair; FTS5 says by itself whether it fits the studies.
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'study_words%' AND name NOT LIKE 'sqlite_%'"
            )
            return try Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    (table, try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").map(\.description).sorted())
                })
        }
    }

    private static func work(_ archive: SQLiteArchive, _ count: Int) async throws {
        while let job = try await archive.claimJob(kind: "read", owner: "w", until: Date() + 60, now: Date() + 100_000),
            let id = job.instance, let instance = try await archive.instance(id)
        {
            _ = try await archive.add(
                ConformanceSamples.modelReading(of: instance), completing: (job.id, "w"), onlyAfterLatest: false,
                standing: ConformanceSamples.rule)
        }
        try await archive.appendAudit((0..<count).map { AuditEvent(user: "u", action: "look", detail: "\($0)") })
    }

    @Test func whatIsRestoredIsEqualRowByRowAndByteByByte() async throws {
        let (folder, backup, restored) = (try ArchiveFolder(), try ArchiveFolder(), try ArchiveFolder())
        let archive = try await folder.filled(40)
        try await Self.work(archive, 12)
        let report = try await ArchiveBackup.make(of: archive, in: backup.url)
        #expect(report.studies == 40 && report.files == 40 && report.copied == 40 && report.faults == [])
        let check = try await ArchiveBackup.restore(from: backup.url, to: restored.url)
        #expect(check.isWhole && check.studies == 40 && check.instances == 40 && check.unusedFiles == [])
        let (before, after) = (try Self.rows(folder.database), try Self.rows(restored.database))
        #expect(before == after)
        #expect(before["study"]?.count == 40 && before["reading"]?.count == 40 && before["audit"]?.count == 12)
        for digest in archive.content.digests() {
            #expect(
                try Data(contentsOf: archive.content.url(of: digest))
                    == Data(contentsOf: ContentStore(folder: restored.url).url(of: digest)))
        }
        // The archive that was made goes on as the other would.
        let open = try restored.open()
        #expect(try await folder.register(40, in: open).study == ConformanceSamples.study(40).id)
        #expect(try await open.structuralFaults() == [])
    }

    @Test func aBackupWhileStudiesComeInIsOfOneMoment() async throws {
        let (folder, backup) = (try ArchiveFolder(), try ArchiveFolder())
        let archive = try await folder.filled(30)
        let coming = Task {
            var number = 30
            while !Task.isCancelled {
                _ = try await folder.register(number, in: archive)
                number += 1
            }
            return number
        }
        var studies: [Int] = []
        for round in 0..<4 {
            let report = try await ArchiveBackup.make(of: archive, in: backup.url)
            #expect(report.faults == [] && report.files == report.studies)
            // A second one into the same folder copies what is new.
            #expect(report.copied == report.files - (studies.last ?? 0), "round \(round)")
            studies.append(report.studies)
            let restored = try ArchiveFolder()
            let check = try await ArchiveBackup.restore(from: backup.url, to: restored.url)
            #expect(check.isWhole && check.studies == report.studies)
            let before = try await archive.statusCounts()[.waiting] ?? 0
            while try await archive.statusCounts()[.waiting] == before { try await Task.sleep(for: .milliseconds(5)) }
        }
        coming.cancel()
        #expect(try await coming.value > studies[3] && studies == studies.sorted() && studies[0] < studies[3])
        let databases = try FileManager.default.contentsOfDirectory(atPath: backup.url.path).filter { $0.hasSuffix(".sqlite") }
        #expect(databases.count == 1)
    }

    @Test func whatIsDamagedIsTold() async throws {
        let (folder, backup) = (try ArchiveFolder(), try ArchiveFolder())
        let archive = try await folder.filled(5)
        let digests = archive.content.digests()
        try Data("other".utf8).write(to: archive.content.url(of: digests[1]))
        try FileManager.default.removeItem(at: archive.content.url(of: digests[3]))
        let report = try await ArchiveBackup.make(of: archive, in: backup.url)
        #expect(report.copied == 3 && report.faults.count == 2)
        #expect(report.faults.contains { $0.hasPrefix("the file \(digests[1].prefix(12))… is not as it was received") })
        #expect(report.faults.contains("the file \(digests[3].prefix(12))… is not there"))
        let restored = try ArchiveFolder()
        let check = try await ArchiveBackup.restore(from: backup.url, to: restored.url)
        #expect(check.faults.map(\.kind) == [.missing, .missing])
        // A file of the backup that somebody changed is not taken for the one that was received.
        let second = try ArchiveFolder()
        try Data("changed".utf8).write(to: ContentStore(folder: backup.url).url(of: digests[0]))
        #expect(try await ArchiveBackup.restore(from: backup.url, to: second.url).faults.count == 3)
    }

    @Test func nothingElseIsReplacedOrTakenForABackup() async throws {
        let (folder, backup, other) = (try ArchiveFolder(), try ArchiveFolder(), try ArchiveFolder())
        let archive = try await folder.filled(2)
        await #expect(throws: ArchiveError(.cannotRead, "")) { try await ArchiveBackup.restore(from: backup.url, to: other.url) }
        try Data("mine".utf8).write(to: other.url.appendingPathComponent("notes.txt"))
        await #expect(throws: ArchiveError(.exists, "")) { try await ArchiveBackup.make(of: archive, in: other.url) }
        await #expect(throws: ArchiveError(.exists, "")) { try await ArchiveBackup.make(of: archive, in: folder.url) }
        let report = try await ArchiveBackup.make(of: archive, in: backup.url)
        await #expect(throws: ArchiveError(.exists, "")) { try await ArchiveBackup.restore(from: backup.url, to: folder.url) }
        let database = backup.url.appendingPathComponent("pleura-\(report.database.prefix(16)).sqlite")
        var bytes = try Data(contentsOf: database)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: database)
        let target = try ArchiveFolder()
        await #expect(throws: ArchiveError(.cannotRead, "")) { try await ArchiveBackup.restore(from: backup.url, to: target.url) }
        #expect(!FileManager.default.fileExists(atPath: target.database))
    }
}
