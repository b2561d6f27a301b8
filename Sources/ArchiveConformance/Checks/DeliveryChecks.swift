import Archive
import Foundation

extension ArchiveConformance {
    private static func file(_ number: Int, of study: Study, reading: Int64) -> ResultFile {
        ResultFile(
            identifier: "1.2.9.\(number)", kind: "sr", study: study.id, reading: reading, sopClassUID: "1.2.840.2",
            seriesInstanceUID: "1.2.9", size: 100 + number, digest: "d\(number)", made: Samples.time(number))
    }

    /// A study with a reading and the claimed job of publishing it.
    private static func read(_ archive: any Archive, _ number: Int) async throws -> (study: Study, reading: Int64, job: Int64) {
        let study = Samples.study(number)
        let instance = Samples.instance(number, of: study)
        _ = try await archive.register(instance, in: study, jobKind: nil, standing: Samples.rule)
        let reading = try await archive.add(
            Samples.modelReading(of: instance), completing: nil, onlyAfterLatest: false, followUp: "publish", standing: Samples.rule)
        let job = try await archive.claimJob(kind: "publish", owner: "p", until: Samples.time(999), now: Samples.time(100))
        try expect(job?.reading, is: reading, "the job's reading")
        try expect(job?.study, is: study.id, "the job's study")
        return (study, reading, job?.id ?? 0)
    }

    private static func claim(
        _ archive: any Archive, _ owner: String = "a", at now: Int, for seconds: Int = 60, limit: Int = 10
    ) async throws -> [Delivery] {
        try await archive.claimDeliveries(
            destination: "pacs", owner: owner, until: Samples.time(now + seconds), now: Samples.time(now), limit: limit)
    }

    private static func delivery(_ number: Int, lane: String = "p", rank: Int = 1, due: Int = 0, to destination: String = "pacs")
        -> NewDelivery
    {
        NewDelivery(destination: destination, file: "1.2.9.\(number)", lane: lane, rank: rank, due: Samples.time(due))
    }

    static let deliveries = [
        Check("what was made of a reading is published once, with its job") { archive in
            let (study, reading, job) = try await read(archive, 0)
            let files = [file(1, of: study, reading: reading), file(2, of: study, reading: reading)]
            try await expect(.leaseLost, "another's job") {
                try await archive.publish(files, to: [], completing: (job, "q"), now: Samples.time(110))
            }
            try await expect(.notFound, "a delivery of nothing") {
                try await archive.publish(files, to: [delivery(7)], completing: (job, "p"), now: Samples.time(110))
            }
            try expect(try await archive.resultFiles(of: study.id), is: [], "files after what failed")
            try await archive.publish(
                files, to: [delivery(1), delivery(2), delivery(1, to: "ris")], completing: (job, "p"), now: Samples.time(110))
            try expect(try await archive.resultFiles(of: study.id), is: files, "the files")
            try expect(try await archive.resultFile("1.2.9.2"), is: files[1], "a file")
            try expect(try await archive.resultFile("1.2.9.3"), is: nil, "no file")
            try expect(try await archive.resultFiles(after: "1.2.9.1", limit: 5), is: [files[1]], "the files behind one")
            try expect(
                try await archive.deliveryCounts(), is: ["pacs": [.waiting: 2], "ris": [.waiting: 1]], "the number of deliveries")
            try expect(try await archive.jobs(state: .done, study: study.id, limit: 5).map(\.id), is: [job], "the job")
            // The same again, as after a program that ended before it heard that it was done.
            let (other, otherReading, second) = try await read(archive, 1)
            var changed = file(1, of: other, reading: otherReading)
            changed.digest = "other"
            try await archive.publish([changed], to: [delivery(1)], completing: (second, "p"), now: Samples.time(120))
            try expect(try await archive.resultFile("1.2.9.1"), is: files[0], "a file that was there")
            try expect(try await archive.deliveryCounts()["pacs"], is: [.waiting: 2], "the number of deliveries after it")
            try await expect(.leaseLost, "a job that is done") {
                try await archive.completeJob(second, owner: "p")
            }
        },
        Check("deliveries go by rank, due date and number, and none overtakes in its lane") { archive in
            let (study, reading, job) = try await read(archive, 0)
            let wanted = [
                delivery(1, lane: "p", rank: 2, due: 5), delivery(2, lane: "p", rank: 1, due: 50), delivery(3, lane: "p", rank: 1, due: 10),
                delivery(4, lane: "q", rank: 1, due: 40), delivery(5, lane: "r", rank: 0, due: 90), delivery(6, lane: "q", rank: 1, due: 1),
            ]
            try await archive.publish(
                (1...6).map { file($0, of: study, reading: reading) }, to: wanted, completing: (job, "p"), now: Samples.time(100))
            let first = try await claim(archive, at: 110)
            try expect(first.map(\.id), is: [5], "what is smallest")
            try expect(first.map(\.state), is: [.running], "its state")
            try expect(try await claim(archive, at: 110).map(\.id), is: [4, 2], "what is larger")
            try expect(try await claim(archive, at: 110).map(\.id), is: [1], "what is largest")
            try expect(try await claim(archive, at: 111), is: [], "what may be sent meanwhile")
            try await archive.end(2, owner: "a", as: .delivered(proof: "0000"), now: Samples.time(112))
            try await archive.end(
                4, owner: "a", as: .postponed(until: Samples.time(200), reason: "busy", wasGiven: true), now: Samples.time(112))
            try expect(try await claim(archive, at: 113).map(\.id), is: [3], "what may be sent after an end and a delay")
            try await archive.end(3, owner: "a", as: .failed(reason: "refused"), now: Samples.time(114))
            try expect(try await claim(archive, at: 200).first?.id, is: 5, "a lease that ran out")
            let later = try await claim(archive, at: 201).map(\.id)
            try expect(later, is: [4], "what may be sent again, of the next rank")
            try expect(try await archive.delivery(4)?.attempts, is: 1, "the attempts")
            try expect(try await archive.delivery(3)?.lastError, is: "refused", "the reason")
            try expect(try await archive.delivery(2)?.proof, is: "0000", "the proof")
            try await expect(.leaseLost, "what is ended") {
                try await archive.end(2, owner: "a", as: .failed(reason: "x"), now: Samples.time(202))
            }
        },
        Check("what was accepted waits for its proof, and is sent again without it") { archive in
            let (study, reading, job) = try await read(archive, 0)
            try await archive.publish(
                (1...3).map { file($0, of: study, reading: reading) }, to: (1...3).map { delivery($0, lane: "\($0)") },
                completing: (job, "p"), now: Samples.time(100))
            for delivery in try await claim(archive, at: 100) {
                try await archive.end(delivery.id, owner: "a", as: .accepted(until: Samples.time(150)), now: Samples.time(101))
            }
            try expect(try await claim(archive, at: 149), is: [], "what may be sent before the time")
            let confirmed = try await archive.confirm(["1.2.9.1", "9.9"], destination: "pacs", proof: "committed", now: Samples.time(120))
            try expect(confirmed, is: 1, "the number confirmed")
            try expect(
                try await archive.confirm(["1.2.9.1"], destination: "pacs", proof: "again", now: Samples.time(121)), is: 0,
                "the number confirmed again")
            try expect(try await archive.confirm(["1.2.9.2"], destination: "ris", proof: "x", now: Samples.time(121)), is: 0, "another's")
            _ = try await archive.confirm(["1.2.9.2"], destination: "pacs", proof: nil, now: Samples.time(122))
            try expect(try await claim(archive, at: 123).map(\.id), is: [2], "what the destination lost")
            try expect(try await claim(archive, at: 150).map(\.id), is: [3], "what it never confirmed")
            try expect(try await archive.delivery(1)?.state, is: .delivered, "the state of what it confirmed")
            try expect(try await archive.delivery(1)?.ended, is: Samples.time(120), "when that was")
        },
        Check("deliveries are released, retried, dismissed and listed") { archive in
            let (study, reading, job) = try await read(archive, 0)
            try await archive.publish(
                (1...3).map { file($0, of: study, reading: reading) }, to: (1...3).map { delivery($0, lane: "\($0)") },
                completing: (job, "p"), now: Samples.time(100))
            let all = try await claim(archive, at: 100)
            try expect(
                try await archive.renewLease(ofDeliveries: all.map(\.id), owner: "a", until: Samples.time(900)),
                "the leases are the owner's")
            try expect(
                try await archive.renewLease(ofDeliveries: [1], owner: "b", until: Samples.time(900)), is: false, "another's lease")
            try await archive.end(1, owner: "a", as: .failed(reason: "no"), now: Samples.time(101))
            try await archive.releaseDeliveries(of: "b")
            try expect(try await claim(archive, at: 500), is: [], "what may be sent after another's release")
            try await archive.releaseDeliveries(of: "a")
            try expect(try await claim(archive, "b", at: 501, limit: 1).map(\.id), is: [2], "what may be sent after the release")
            try await archive.releaseDeliveries(of: nil)
            try await expect(.notFound, "dismissing what has not failed") { try await archive.dismissDelivery(2) }
            try await archive.dismissDelivery(1)
            try expect(try await archive.delivery(1)?.state, is: .dismissed, "the state")
            try await archive.retryDelivery(1, now: Samples.time(600))
            try expect(try await archive.delivery(1)?.attempts, is: 0, "the attempts")
            try expect(try await archive.delivery(1)?.nextTry, is: Samples.time(600), "the next try")
            try await expect(.notFound, "no delivery") { try await archive.retryDelivery(77, now: Samples.time(600)) }
            let list = { (states: Set<Delivery.State>, before: Int64?) in
                try await archive.deliveries(states: states, destination: "pacs", study: study.id, before: before, limit: 2).map(\.id)
            }
            try expect(try await list([], nil), is: [3, 2], "the newest")
            try expect(try await list([.waiting], 3), is: [2, 1], "the next page")
            try expect(try await list([.failed], nil), is: [], "those that failed")
            try expect(
                try await archive.deliveries(states: [], destination: nil, study: Samples.study(9).id, before: nil, limit: 5), is: [],
                "another study's")
        },
    ]
}
