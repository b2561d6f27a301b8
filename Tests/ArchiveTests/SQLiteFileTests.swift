import Archive
import ArchiveConformance
import Foundation
import GRDB
import Testing

/// The file itself: who may read it, what stays after a program is cut off, other versions of it, and a disk that is full.
struct SQLiteFileTests {
    @Test func onlyItsOwnerReadsIt() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(1)
        for name in ["pleura.sqlite", "pleura.sqlite-wal", "pleura.sqlite-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.url.appendingPathComponent(name).path)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        _ = archive
    }

    @Test func aServerHasItsFolderForItself() throws {
        let folder = try ArchiveFolder()
        var lock: ArchiveLock? = try ArchiveLock(folder: folder.url)
        #expect(throws: ArchiveError(.inUse, "")) { try ArchiveLock(folder: folder.url) }
        // Tools open it all the same.
        _ = try folder.open()
        lock = nil
        _ = lock
        lock = try ArchiveLock(folder: folder.url)
    }

    @Test func eachCommitIsOnTheDisk() async throws {
        #expect(try await ArchiveFolder().open().synchronisesCommits)
    }

    @Test func whatWasAcknowledgedIsThereAfterwards() async throws {
        let folder = try ArchiveFolder()
        let instance: Instance
        do {
            let archive = try folder.open()
            instance = try await folder.register(1, in: archive)
            try await archive.appendAudit([AuditEvent(user: "ann", action: "a")])
        }
        let again = try folder.open()
        #expect(try await again.instance(instance.id) == instance)
        #expect(try await again.firstBrokenAuditEntry() == nil)
        #expect(try await again.auditEntries(user: nil, study: nil, before: nil, limit: 9).count == 1)
        #expect(try await ArchiveCheck(again).run().isWhole)
    }

    @Test func aDatabaseOfANewerPleuraIsRefused() async throws {
        let folder = try ArchiveFolder()
        _ = try await folder.filled(1)
        try folder.tamper("INSERT INTO grdb_migrations VALUES ('99')")
        #expect(throws: ArchiveError(.cannotOpen, "")) { try folder.open() }
        do { _ = try folder.open() } catch let error as ArchiveError { #expect(error.reason.contains("newer Pleura")) }
        #expect(try folder.number("SELECT count(*) FROM study") == 1)
    }

    @Test func aDatabaseOfTheFirstVersionOpens() async throws {
        let folder = try ArchiveFolder()
        let fixture = try #require(Bundle.module.url(forResource: "schema-1", withExtension: "sql", subdirectory: "Fixtures"))
        try folder.tamper(String(contentsOf: fixture, encoding: .utf8))
        let archive = try folder.open()
        let studies = try await archive.worklist(WorklistQuery()).studies
        #expect(studies.map(\.uid) == ["1.2.826.2", "1.2.826.1", "1.2.826.0"])
        #expect(studies.map(\.standing.status) == [.waiting, .read, .signed])
        #expect(try await archive.worklist(WorklistQuery(words: "secr nam id1")).studies.map(\.uid) == ["1.2.826.1"])
        #expect(try await archive.worklist(WorklistQuery(finding: .label("Mass"))).studies.map(\.uid) == ["1.2.826.1", "1.2.826.0"])
        let readings = try await archive.readings(of: ConformanceSamples.study(0).id)
        #expect(readings.map(\.reader) == [ConformanceSamples.model(), .person("ann")])
        #expect(try await archive.jobCount(state: .waiting) == 1)
        #expect(try await archive.user("ann")?.role == .administrator)
        #expect(try await archive.setting("site") == Data("{}".utf8))
        #expect(try await archive.firstBrokenAuditEntry() == nil)
        #expect(try await archive.structuralFaults() == [])
        _ = try await folder.register(3, in: archive)
        // What migrations made of it is what a new one has.
        let new = try ArchiveFolder()
        _ = try new.open()
        #expect(try folder.schema() == new.schema())
    }

    @Test func onAFullDiskNothingIsAcknowledgedAndNothingBroken() async throws {
        let folder = try ArchiveFolder()
        let archive = try SQLiteArchive(folder: folder.url, pageLimit: 80)
        var kept: [Instance] = []
        var (number, refused) = (0, 0)
        while refused < 20, number < 3_000 {
            number += 1
            do {
                kept.append(try await folder.register(number, in: archive))
            } catch let error as ArchiveError {
                #expect(error.code == .noSpace)
                refused += 1
            }
        }
        #expect(refused == 20 && !kept.isEmpty)
        // Many at once: none makes another lose what it was told.
        let together = try await withThrowingTaskGroup(of: Instance?.self) { group in
            for number in 5_000..<5_040 { group.addTask { try? await folder.register(number, in: archive) } }
            return try await group.reduce(into: [Instance]()) { list, instance in if let instance { list.append(instance) } }
        }
        kept += together
        #expect(try await archive.instances(after: nil, limit: 9_999).count == kept.count)
        #expect(try await archive.structuralFaults() == [])
        // There is room again.
        let again = try folder.open()
        for instance in kept { #expect(try await again.instance(instance.id) == instance) }
        _ = try await folder.register(9_000, in: again)
    }

    @Test func oneThatFailsDoesNotTakeOthersOfItsCommitAlong() async throws {
        let folder = try ArchiveFolder()
        let archive = try folder.open()
        let user = User(name: "ann", role: .reader, passwordHash: "", made: ConformanceSamples.time(0))
        let added = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    if number % 2 == 0 {
                        _ = try await folder.register(number, in: archive)
                        return false
                    }
                    do { try await archive.addUser(user) } catch let error as ArchiveError where error.code == .exists { return false }
                    return true
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(added == 1)
        #expect(try await archive.instances(after: nil, limit: 999).count == 50)
    }
}
