import Archive
import ArchiveConformance
import Basics
import Foundation
import Testing

/// Several programs on one folder, and programs that are cut off.
struct ProcessTests {
    @Test func twoOpenedArchivesShareTheJobs() async throws {
        let folder = try ArchiveFolder()
        _ = try await folder.filled(150, together: true)
        let archives = [try folder.open(), try folder.open()]
        let done = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for worker in 0..<6 { group.addTask { try await Self.work("worker \(worker)", archives[worker % 2]) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(done.sorted() == Array(1...150))
        #expect(try await archives[0].statusCounts()[.read] == 150)
        #expect(try await archives[1].structuralFaults() == [])
    }

    private static func work(_ owner: String, _ archive: SQLiteArchive) async throws -> [Int64] {
        var done: [Int64] = []
        while let job = try await archive.claimJob(kind: "read", owner: owner, until: Date() + 60, now: Date()) {
            guard let id = job.instance, let instance = try await archive.instance(id) else { continue }
            _ = try await archive.add(
                ConformanceSamples.modelReading(of: instance), completing: (job.id, owner), onlyAfterLatest: false,
                standing: ConformanceSamples.rule)
            done.append(job.id)
        }
        return done
    }

    @Test func whatAKilledProgramAcknowledgedIsThereOnce() async throws {
        let folder = try ArchiveFolder()
        _ = try folder.open()
        var random = SeededGenerator(seed: 3)
        var acknowledged: [String] = []
        for round in 0..<6 {
            // Each round begins with what the one before may have sent: sending again does no harm.
            let worker = try ArchiveWorker(folder, "fill", String(round * 20), "400")
            acknowledged += worker.lines(killedAfter: 5 + Int(random.next() % 60))
        }
        let archive = try folder.open()
        let instances = try await archive.instances(after: nil, limit: 9_999)
        #expect(Set(acknowledged).isSubset(of: instances.map(\.digest)))
        #expect(Set(instances.map(\.digest)).count == instances.count)
        #expect(try await archive.jobs(state: nil, study: nil, limit: 9_999).count == instances.count)
        let report = try await ArchiveCheck(archive).run()
        #expect(report.faults == [] && report.instances == instances.count)
    }

    @Test func whatKilledProgramsLeftIsDoneByOthersOnce() async throws {
        let folder = try ArchiveFolder()
        let archive = try await folder.filled(200, together: true)
        var done: [String] = []
        for round in 0..<3 {
            let workers = try (0..<2).map { try ArchiveWorker(folder, "work", "worker \(round) \($0)") }
            for worker in workers { done += worker.lines(killedAfter: 10 + round) }
        }
        // Leases of half a second run out.
        while try await archive.jobCount(state: .done) < 200 {
            done += try ArchiveWorker(folder, "work", "last").lines(killedAfter: nil)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(done.count == Set(done).count)
        for number in 0..<200 { #expect(try await archive.readings(of: ConformanceSamples.study(number).id).count == 1) }
        #expect(try await archive.jobs(state: nil, study: nil, limit: 999).allSatisfy { $0.attempts <= 3 })
        #expect(try await archive.structuralFaults() == [])
    }
}

/// The program `archive-worker`, built beside the tests.
private struct ArchiveWorker {
    private let process = Process()
    private let output = Pipe()

    init(_ folder: ArchiveFolder, _ arguments: String...) throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("archive-worker")
        process.arguments = [folder.url.path] + arguments
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// What it prints until it ends, or until it is killed.
    func lines(killedAfter count: Int?) -> [String] {
        var text = Data()
        while case let piece = output.fileHandleForReading.availableData, !piece.isEmpty {
            text += piece
            if let count, text.count(where: { $0 == 10 }) >= count { kill(process.processIdentifier, SIGKILL) }
        }
        process.waitUntilExit()
        // A line that was cut off was not acknowledged.
        return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
