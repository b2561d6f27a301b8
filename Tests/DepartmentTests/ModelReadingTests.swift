import Archive
import Department
import DepartmentTesting
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Synchronization
import Testing

/// Decodes what the others do, but for the first tries, where the machine has no memory, say.
struct FailingDecoder: RadiographDecoder {
    let name = "PNG"
    let failures: Int
    let tries = Tries()

    final class Tries: Sendable {
        let count = Mutex(0)
    }

    func recognises(_ bytes: Data) -> Bool { PNGDecoder().recognises(bytes) }

    func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        let number = tries.count.withLock { count in
            count += 1
            return count
        }
        if number <= failures { throw RadiographError(.unreadable, "not now") }
        return try PNGDecoder().decode(bytes, frame: frame, limits: limits)
    }
}

@Suite struct ModelReadingTests {
    /// An image at fault is not tried again by itself: the answer would be the same. A person can have it tried again.
    @Test func aFailureIsAReadingAndAPersonCanTryAgain() async throws {
        let room = try await DepartmentUnderTest(decoders: DecoderRegistry(decoders: [FailingDecoder(failures: 1)]))
        let taken = try await room.add(try DepartmentUnderTest.cell(1, 1), name: "a.png")
        try await room.settle()
        let failed = try await room.study
        #expect(failed.standing.status == .failed && failed.standing.failure?.contains("not now") == true)
        let job = try #require(try await room.archive.jobs(state: nil, study: failed.id, limit: 10).first)
        try await room.department.retry(job.id)
        try await room.settle()
        #expect(try await room.study.standing.status == .read)
        let readings = try await room.archive.readings(of: failed.id)
        #expect(readings.count == 2 && readings.last?.instance == taken.taken.first?.instance && readings.last?.content.error == nil)
    }

    /// What has ended the program again and again is given up and shown.
    @Test func anImageThatEndsTheProgramIsGivenUp() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        _ = try await room.add(try DepartmentUnderTest.cell(2, 1), name: "a.png")
        for _ in 0..<20 {
            let job = try await room.archive.claimJob(kind: "read", owner: "a program that ended", until: Date(), now: Date())
            #expect(job != nil)
            try await room.archive.releaseJobs(of: nil)
        }
        room.department.start()
        for _ in 0..<400 where try await room.archive.jobCount(state: .failed) == 0 { try await Task.sleep(for: .milliseconds(50)) }
        let study = try await room.study
        #expect(study.standing.status == .failed && study.standing.failure?.contains("ended") == true)
        #expect(try await room.archive.readings(of: study.id).isEmpty)
    }

    /// Two programs on one archive: each image is read once.
    @Test func twoDepartmentsShareTheJobs() async throws {
        let first = try await DepartmentUnderTest(starts: false)
        for number in 0..<12 { _ = try await first.add(try DepartmentUnderTest.cell(number % 4, number / 4), name: "\(number).png") }
        let second = try await DepartmentUnderTest(in: first.folder, starts: false)
        first.department.start()
        second.department.start()
        try await first.settle()
        for study in try await first.archive.worklist(WorklistQuery()).studies {
            #expect(study.standing.status == .read)
            #expect(try await first.archive.readings(of: study.id).count == 1)
        }
        await first.department.stop()
        await second.department.stop()
        #expect(try await first.archive.jobCount(state: .done) == 12)
    }

    /// Ended in the middle: what was begun is given back, and done after the next start.
    @Test func whatIsEndedInTheMiddleGoesOn() async throws {
        let room = try await DepartmentUnderTest()
        for number in 0..<16 { _ = try await room.add(try DepartmentUnderTest.cell(number % 4, number / 4), name: "\(number).png") }
        await room.department.stop()
        #expect(try await room.archive.jobCount(state: .running) == 0)
        let next = try await DepartmentUnderTest(in: room.folder)
        try await next.settle()
        #expect(try await next.archive.jobCount(state: .done) == 16)
    }
}
