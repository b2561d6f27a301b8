import Archive
import ArchiveConformance
import Foundation
import Testing

/// PostgreSQL's store: what every store has to do, and what this one does for many machines.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed (./setup test)"), .timeLimit(.minutes(10)))
struct PostgreSQLTests {
    private static func open(_ database: String, _ folder: ArchiveFolder) async throws -> PostgreSQLArchive {
        try await PostgreSQLArchive(database, folder: folder.url, connections: 4)
    }

    @Test(arguments: ArchiveConformance.checks) func conforms(check: ArchiveConformance.Check) async throws {
        let (database, folder) = (try PostgreSQLServer.shared.get().database(), try ArchiveFolder())
        try await check.run(Self.open(database, folder))
    }

    private static func work(_ owner: String, _ archive: any Archive) async throws -> [Int64] {
        var done: [Int64] = []
        while let job = try await archive.claimJob(kind: "read", owner: owner, until: Date() + 200_000, now: Date() + 100_000) {
            guard let id = job.instance, let instance = try await archive.instance(id) else { continue }
            _ = try await archive.add(
                ConformanceSamples.modelReading(of: instance, ["Mass"]), completing: (job.id, owner), onlyAfterLatest: false,
                standing: ConformanceSamples.rule)
            done.append(job.id)
        }
        return done
    }

    @Test func programsThatFillAndWorkAtOnceDoEachJobOnce() async throws {
        let (database, folder) = (try PostgreSQLServer.shared.get().database(), try ArchiveFolder())
        // All make the tables at once, too.
        let archives = try await withThrowingTaskGroup(of: PostgreSQLArchive.self) { group in
            for _ in 0..<4 { group.addTask { try await Self.open(database, folder) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let done = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for filler in 0..<2 {
                group.addTask {
                    for number in 0..<60 { _ = try await folder.register(number * 2 + filler, in: archives[filler]) }
                    return []
                }
            }
            for worker in 0..<6 {
                group.addTask {
                    var done: [Int64] = []
                    while try await archives[0].jobCount(state: .done) < 120 {
                        done += try await Self.work("worker \(worker)", archives[worker % 4])
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    return done
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(done.count == 120 && Set(done).count == 120)
        #expect(try await archives[3].statusCounts()[.read] == 120)
        #expect(try await archives[1].structuralFaults() == [])
        let page = try await archives[2].worklist(WorklistQuery(words: "secr nam", finding: .label("Mass"), limit: 200))
        #expect(page.studies.count == 120)
        #expect(try await ArchiveCheck(archives[0]).run().isWhole)
    }

    @Test func aJobIsToldToTheOtherPrograms() async throws {
        let (database, folder) = (try PostgreSQLServer.shared.get().database(), try ArchiveFolder())
        let (hears, fills) = (try await Self.open(database, folder), try await Self.open(database, folder))
        let notices = try #require(hears.notices())
        let heard = Task {
            var heard: Set<ArchiveNotice> = []
            for await notice in notices {
                heard.insert(notice)
                if heard.count >= 2 { break }
            }
            return heard
        }
        // A listener that is not there yet hears nothing, so more comes for two seconds.
        var number = 0
        while number < 100 {
            _ = try await folder.register(number, in: fills)
            number += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        let told = await heard.value
        #expect(told.contains(.job(kind: "read")))
        #expect(told.contains { if case .study = $0 { true } else { false } })
    }

    @Test func whatWasAcknowledgedOutlivesACrashOfTheServer() async throws {
        let server = try PostgreSQLServer.shared.get()
        let (database, folder) = (try server.database(), try ArchiveFolder())
        let archive = try await Self.open(database, folder)
        var acknowledged: [InstanceID] = []
        for number in 0..<20 { acknowledged.append(try await folder.register(number, in: archive).id) }
        // Others' tests use the server as well; what breaks here are this archive's connections.
        try server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            in: database)
        for number in 20..<40 { acknowledged.append(try await folder.register(number, in: archive).id) }
        let kept = try await archive.instances(after: nil, limit: 999).map(\.id)
        #expect(Set(kept) == Set(acknowledged) && kept.count == 40)
        #expect(try await Self.work("w", archive).count == 40)
    }

    @Test func theTrailAndReadingsAreNeverChanged() async throws {
        let server = try PostgreSQLServer.shared.get()
        let (database, folder) = (try server.database(), try ArchiveFolder())
        let archive = try await Self.open(database, folder)
        _ = try await folder.register(0, in: archive)
        _ = try await Self.work("w", archive)
        try await archive.appendAudit((0..<5).map { AuditEvent(user: "ann", action: "look", detail: "\($0)") })
        for statement in [
            "UPDATE audit SET detail = 'x'", "DELETE FROM audit", "TRUNCATE audit", "UPDATE reading SET content = ''",
            "DELETE FROM reading",
        ] {
            #expect(throws: PostgreSQLServer.Failure.self, "\(statement)") { try server.sql("\(statement);", in: database) }
        }
        #expect(try await archive.firstBrokenAuditEntry() == nil)
        // Whoever takes the guards away is found out.
        try server.sql("ALTER TABLE audit DISABLE TRIGGER ALL; DELETE FROM audit WHERE number = 5;", in: database)
        #expect(try await archive.firstBrokenAuditEntry() == 5)
        try server.sql("UPDATE audit SET detail = 'other' WHERE number = 2;", in: database)
        #expect(try await archive.firstBrokenAuditEntry() == 2)
    }

    @Test func aDatabaseThatCannotBeUsedIsToldWithoutItsPassword() async throws {
        let folder = try ArchiveFolder()
        let error = await #expect(throws: ArchiveError.self) {
            try await PostgreSQLArchive("host=/nowhere/at/all password=SECRET dbname=x", folder: folder.url)
        }
        #expect(error?.code == .cannotOpen && error?.reason.contains("SECRET") == false)
        let server = try PostgreSQLServer.shared.get()
        let database = try server.database()
        _ = try await Self.open(database, folder)
        try server.sql("INSERT INTO pleura_schema VALUES (99);", in: database)
        await #expect(throws: ArchiveError(.cannotOpen, "")) { try await Self.open(database, folder) }
    }
}
