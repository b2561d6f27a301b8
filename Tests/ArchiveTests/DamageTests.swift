import Archive
import ArchiveConformance
import Basics
import Foundation
import Synchronization
import Testing

/// What somebody or some disk did to an archive is found, each at its place.
struct DamageTests {
    @Test func aWholeArchiveHasNoFault() async throws {
        let folder = try ArchiveFolder()
        let observer = CountingObserver()
        let report = try await ArchiveCheck(folder.filled(7)).run(observer)
        #expect(report.faults == [] && report.isWhole)
        #expect((report.studies, report.instances) == (7, 7))
        #expect(report.bytes == 7 * 7)
        #expect(report.unusedFiles == [])
        #expect(observer.counts.withLock { $0 } == [7, 7])
    }

    @Test func aChangedByteAMissingFileAndALongerOneAreFound() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(5)
        let instances = try await archive.instances(after: nil, limit: 9)
        let places = instances.map { archive.content.url(of: $0.digest) }
        try Data("bytes X".utf8).write(to: places[0])
        try FileManager.default.removeItem(at: places[1])
        try (try Data(contentsOf: places[2]) + Data([0])).write(to: places[2])
        let report = try await ArchiveCheck(archive).run()
        #expect(report.faults.map(\.kind) == [.changed, .missing, .changed])
        for (fault, instance) in zip(report.faults, instances) { #expect(fault.text.contains(instance.id.rawValue)) }
        let text = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!text.contains("SECRET") && !text.contains("ID1"))
        #expect(try JSONDecoder().decode(ArchiveCheckReport.self, from: Data(text.utf8)) == report)
    }

    @Test func aFileThatNobodyHasIsToldAndKept() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(2)
        let digest = try archive.content.add(Data("nobody's".utf8))
        let report = try await ArchiveCheck(archive).run()
        #expect(report.isWhole && report.unusedFiles == [digest])
        #expect(archive.content.contains(digest))
    }

    @Test(arguments: [
        "UPDATE audit SET detail = 'nothing' WHERE number = 7", "UPDATE audit SET time = time + 1 WHERE number = 7",
        "UPDATE audit SET study = NULL WHERE number = 7", "UPDATE audit SET hash = previous_hash WHERE number = 7",
        "UPDATE audit SET user = x'00' WHERE number = 7", "UPDATE audit SET number = 100 WHERE number = 7",
        "DELETE FROM audit WHERE number = 7", "DELETE FROM audit WHERE number >= 7",
        "UPDATE audit SET detail = CAST(detail AS INTEGER) WHERE number = 7",
    ]) func aChangedEntryOfTheAuditTrailIsFoundAtItsNumber(change: String) async throws {
        let folder = try ArchiveFolder()
        let archive = try folder.open()
        let study = ConformanceSamples.study(1).id
        try await archive.appendAudit((1...20).map { AuditEvent(user: "ann", action: "study.view", study: study, detail: "entry \($0)") })
        #expect(throws: (any Error).self, "the triggers refuse it") { try folder.tamper(change) }
        #expect(try await archive.firstBrokenAuditEntry() == nil)
        try folder.tamper("DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept; " + change)
        #expect(try await archive.firstBrokenAuditEntry() == 7)
        #expect(try await ArchiveCheck(archive).run().faults.map(\.kind) == [.audit])
    }

    @Test func readingsAreNeverChanged() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(1)
        _ = try await archive.add(
            ConformanceSamples.personReading(of: ConformanceSamples.study(0)), completing: nil, onlyAfterLatest: false,
            standing: ConformanceSamples.rule)
        for change in [
            "UPDATE reading SET content = '{}'", "DELETE FROM reading",
            "INSERT OR REPLACE INTO reading SELECT * FROM reading",
        ] {
            #expect(throws: (any Error).self) { try folder.tamper(change) }
        }
        #expect(try await archive.readings(of: ConformanceSamples.study(0).id).count == 1)
    }

    @Test(arguments: [
        ("UPDATE study SET instance_count = 9 WHERE number = 2", "its images are miscounted"),
        ("UPDATE study SET revision = 3 WHERE number = 2", "its latest reading is another one"),
        ("UPDATE status_count SET studies = 5", "miscounted"), ("UPDATE place SET rank = rank + 1 WHERE study = 2", "in the wrong place"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM study WHERE number = 2", "names a study that is not there"),
        ("UPDATE study SET words = 'other' WHERE number = 2", "the index of words"),
    ]) func whatIsKeptTwiceHasToAgree(change: String, fault: String) async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(3)
        let instance = try #require(try await archive.instances(of: ConformanceSamples.study(1).id).first)
        _ = try await archive.add(
            ConformanceSamples.modelReading(of: instance, ["Mass"]), completing: nil, onlyAfterLatest: false,
            standing: ConformanceSamples.rule)
        try folder.tamper(change)
        let faults = try await archive.structuralFaults()
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
        #expect(!faults.joined().contains("SECRET"))
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        let folder = try ArchiveFolder()
        try Data(repeating: 65, count: 10_000).write(to: URL(fileURLWithPath: folder.database))
        #expect(throws: ArchiveError(.cannotOpen, "")) { try folder.open() }
    }

    @Test func whatIsInTheWayIsSaidWithoutAnythingOfThePatient() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(1)
        try folder.tamper("DROP TABLE job")
        do {
            _ = try await folder.register(2, in: archive)
            Issue.record("it was registered without a table")
        } catch let error as ArchiveError {
            #expect(error.code == .cannotWrite)
            for word in ["SECRET", "ID2", "INSERT", "job"] { #expect(!error.description.contains(word), "\(error)") }
        }
        // What failed left nothing.
        #expect(try await archive.study(ConformanceSamples.study(2).id) == nil)
    }
}

private final class CountingObserver: WorkObserver {
    let counts = Mutex([0, 0])

    func begin(_ total: Int) { counts.withLock { $0[0] += total } }
    func advance() { counts.withLock { $0[1] += 1 } }
    func end() {}
    func failed(_ name: String, _ reason: String) {}
    func note(_ text: String) {}
    func warn(_ text: String) {}
}
