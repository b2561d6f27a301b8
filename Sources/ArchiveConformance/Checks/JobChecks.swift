import Archive
import Foundation

extension ArchiveConformance {
    /// Studies with a job each, the later ones due first.
    private static func fill(_ archive: any Archive, _ count: Int) async throws {
        for number in 0..<count {
            let study = Samples.study(number, received: -number)
            _ = try await archive.register(
                Samples.instance(number, of: study, received: 0), in: study, jobKind: "read", standing: Samples.rule)
        }
    }

    private static func claim(_ archive: any Archive, _ owner: String = "a", at now: Int, for seconds: Int = 60) async throws -> Job? {
        try await archive.claimJob(kind: "read", owner: owner, until: Samples.time(now + seconds), now: Samples.time(now))
    }

    static let jobs = [
        Check("the job that is due first is taken, and nobody else gets it") { archive in
            try await fill(archive, 5)
            for number in [4, 3] {
                let job = try await claim(archive, at: 10)
                try expect(job?.study, is: Samples.study(number).id, "the job's study")
                try expect(job?.instance, is: Samples.instance(number, of: Samples.study(number)).id, "the job's image")
                try expect(job?.attempts, is: 1, "the attempts")
                try expect(job?.state, is: .running, "the state")
                try expect(job?.leaseOwner, is: "a", "the owner")
                try expect(job?.leaseEnds, is: Samples.time(70), "the lease")
            }
            try expect(
                try await archive.claimJob(kind: "send", owner: "a", until: Samples.time(99), now: Samples.time(10)), is: nil,
                "another kind")
            try expect(try await archive.jobCount(state: .running), is: 2, "the number of running jobs")
            try expect(
                try await archive.jobs(state: .waiting, study: nil, limit: 10).map(\.study), is: [2, 1, 0].map { Samples.study($0).id },
                "the queue")
        },
        Check("a lease that ran out is taken over, and its owner told") { archive in
            try await fill(archive, 1)
            guard let job = try await claim(archive, "a", at: 10) else { throw ConformanceFault(description: "there is no job") }
            try expect(try await archive.renewLease(of: job.id, owner: "a", until: Samples.time(100)), "the lease is the owner's")
            try expect(try await archive.renewLease(of: job.id, owner: "b", until: Samples.time(900)), is: false, "another's lease")
            try expect(try await claim(archive, "b", at: 99), is: nil, "what is to be done during the lease")
            let second = try await claim(archive, "b", at: 100)
            try expect(second?.id, is: job.id, "what is to be done after the lease")
            try expect(second?.attempts, is: 2, "the attempts")
            try expect(try await archive.renewLease(of: job.id, owner: "a", until: Samples.time(900)), is: false, "the first owner's lease")
            let (study, instance) = (Samples.study(0), Samples.instance(0, of: Samples.study(0)))
            try await expect(.leaseLost, "the first owner's reading") {
                _ = try await archive.add(
                    Samples.modelReading(of: instance), completing: (job.id, "a"), onlyAfterLatest: false, standing: Samples.rule)
            }
            try await expect(.leaseLost, "the first owner's failure") {
                try await archive.failJob(job.id, owner: "a", reason: "r", nextTry: nil, standing: Samples.rule)
            }
            try expect(try await archive.readings(of: study.id), is: [], "the readings")
            _ = try await archive.add(
                Samples.modelReading(of: instance), completing: (job.id, "b"), onlyAfterLatest: false, standing: Samples.rule)
            try expect(try await archive.jobCount(state: .done), is: 1, "the number of jobs done")
            try expect(try await archive.study(study.id)?.standing.status, is: .read, "the status")
            // The first owner comes late: the work is done, so that it has nothing to complain of.
            let again = try await archive.add(
                Samples.modelReading(of: instance), completing: (job.id, "a"), onlyAfterLatest: false, standing: Samples.rule)
            try expect(again, is: 1, "the number of the reading that is there")
        },
        Check("a job whose reading is there already is done by that") { archive in
            try await fill(archive, 1)
            let instance = Samples.instance(0, of: Samples.study(0))
            let id = try await archive.add(
                Samples.modelReading(of: instance), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            guard let job = try await claim(archive, at: 10) else { throw ConformanceFault(description: "there is no job") }
            let again = try await archive.add(
                Samples.modelReading(of: instance), completing: (job.id, "a"), onlyAfterLatest: false, standing: Samples.rule)
            try expect(again, is: id, "the reading's number")
            try expect(try await archive.jobCount(state: .done), is: 1, "the number of jobs done")
            try expect(try await archive.study(instance.study)?.standing.status, is: .read, "the status")
        },
        Check("a job that failed is tried again at its time, and one that failed for good is shown until a person deals with it") {
            archive in
            try await fill(archive, 1)
            let study = Samples.study(0).id
            guard let job = try await claim(archive, at: 10) else { throw ConformanceFault(description: "there is no job") }
            try await archive.failJob(job.id, owner: "a", reason: "first", nextTry: Samples.time(50), standing: Samples.rule)
            try expect(try await archive.study(study)?.standing.status, is: .waiting, "the status")
            try expect(try await claim(archive, at: 49), is: nil, "what is to be done before its time")
            try expect(try await claim(archive, at: 50)?.lastError, is: "first", "why it failed")
            try await archive.failJob(job.id, owner: "a", reason: "second", nextTry: nil, standing: Samples.rule)
            let after = try await archive.study(study)
            try expect(after?.standing.status, is: .failed, "the status")
            try expect(after?.standing.failure, is: "second", "the failure")
            try expect(try await claim(archive, at: 9_999), is: nil, "what is to be done of what failed for good")
            try await archive.retryJob(job.id, now: Samples.time(60), standing: Samples.rule)
            try expect(try await archive.study(study)?.standing.status, is: .waiting, "the status")
            try expect(try await claim(archive, at: 60)?.attempts, is: 1, "the attempts from the beginning")
            try await expect(.notFound, "dismissing one that runs") { try await archive.dismissJob(job.id, standing: Samples.rule) }
            try await archive.failJob(job.id, owner: "a", reason: "third", nextTry: nil, standing: Samples.rule)
            try await archive.dismissJob(job.id, standing: Samples.rule)
            try expect(
                try await archive.jobs(state: .dismissed, study: study, limit: 9).map(\.lastError), is: ["third"], "what was dismissed")
            try expect(try await archive.jobCount(state: .failed), is: 0, "the number of failed jobs")
            for id in [Int64(99), -1] {
                try await expect(.notFound, "no job") { try await archive.retryJob(id, now: Samples.time(0), standing: Samples.rule) }
                try await expect(.notFound, "no job") { try await archive.dismissJob(id, standing: Samples.rule) }
            }
        },
        Check("jobs that are given back wait again") { archive in
            try await fill(archive, 4)
            for owner in ["a", "a", "b"] { _ = try await claim(archive, owner, at: 10) }
            try await archive.releaseJobs(of: "a")
            try expect(try await archive.jobs(state: .running, study: nil, limit: 9).map(\.leaseOwner), is: ["b"], "who still works")
            try await archive.releaseJobs(of: nil)
            try expect(try await archive.jobCount(state: .waiting), is: 4, "the number of waiting jobs")
        },
        Check("many at once do each job once") { archive in
            try await fill(archive, 100)
            let done = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for worker in 0..<16 {
                    group.addTask {
                        var done: [Int64] = []
                        while let job = try await claim(archive, "worker \(worker)", at: 10) {
                            done.append(job.id)
                            guard let id = job.instance, let instance = try await archive.instance(id) else { continue }
                            _ = try await archive.add(
                                Samples.modelReading(of: instance), completing: (job.id, "worker \(worker)"), onlyAfterLatest: false,
                                standing: Samples.rule)
                        }
                        return done
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expect(done.sorted(), is: Array(1...100), "the jobs")
            try expect(try await archive.statusCounts()[.read], is: 100, "the number of studies read")
        },
    ]
}
