import Archive
import ArchiveConformance
import Basics
import Foundation
import Results
import Testing

/// The same random work on SQLite's store and on the plainest one gives the same answers.
struct RandomComparisonTests {
    @Test(arguments: UInt64(1)...4) func theSameWorkGivesTheSameArchive(seed: UInt64) async throws {
        let (folder, plain) = (try ArchiveFolder(), try ArchiveFolder())
        var tested = try folder.open()
        let naive = try NaiveArchive(folder: plain.url)
        var work = RandomWork(seed: seed)
        for step in 0..<400 {
            let (name, operation) = work.next()
            let (answer, expected) = (await answer(operation, tested), await answer(operation, naive))
            #expect(answer == expected, "step \(step): \(name)")
            guard step % 50 == 49 else { continue }
            // What is asked afterwards is on the disk.
            if step % 100 == 99 { tested = try folder.open() }
            try await compare(tested, naive, &work)
        }
        #expect(try await tested.structuralFaults() == [])
        #expect(try await tested.firstBrokenAuditEntry() == nil)
    }

    private func answer(_ operation: RandomWork.Operation, _ archive: any Archive) async -> String {
        do {
            return try await operation(archive)
        } catch let error as ArchiveError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    private func compare(_ tested: any Archive, _ naive: any Archive, _ work: inout RandomWork) async throws {
        #expect(try await tested.statusCounts() == naive.statusCounts())
        for number in 0..<RandomWork.studies {
            let id = ConformanceSamples.study(number).id
            #expect(try await tested.study(id) == naive.study(id))
            #expect(try await tested.study(id)?.patient.name == naive.study(id)?.patient.name)
            #expect(try await tested.instances(of: id) == naive.instances(of: id))
            #expect(try await tested.readings(of: id) == naive.readings(of: id))
            #expect(try await tested.priors(of: id, limit: 3).map(\.id) == naive.priors(of: id, limit: 3).map(\.id))
            #expect(try await tested.jobs(state: nil, study: id, limit: 99) == naive.jobs(state: nil, study: id, limit: 99))
            for user in RandomWork.users { #expect(try await tested.draft(of: id, by: user) == naive.draft(of: id, by: user)) }
        }
        for state in Job.State.allCases {
            #expect(try await tested.jobs(state: state, study: nil, limit: 20) == naive.jobs(state: state, study: nil, limit: 20))
            #expect(try await tested.jobCount(state: state) == naive.jobCount(state: state))
        }
        #expect(try await tested.users() == naive.users())
        for _ in 0..<30 {
            let query = work.query()
            #expect(try await walk(tested, query) == walk(naive, query), "\(query)")
        }
    }

    private func walk(_ archive: any Archive, _ query: WorklistQuery) async throws -> [StudyID] {
        var (query, found) = (query, [StudyID]())
        repeat {
            let page = try await archive.worklist(query)
            found += page.studies.map(\.id)
            query.after = page.next
        } while query.after != nil
        return found
    }
}

/// Random calls of an archive, of the kinds that a department makes, with collisions of all sorts.
private struct RandomWork {
    typealias Operation = @Sendable (any Archive) async throws -> String

    static let studies = 25
    static let users = ["ann", "bob"]
    private static let owners = ["a", "b"]
    private static let labels = ["Pneumothorax", "Nodule", "Mass"]
    private var random: SeededGenerator
    private var now = 0
    private let rule = ConformanceSamples.rule

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    private mutating func one<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
    private mutating func maybe<Value>(_ value: Value) -> Value? { number(3) == 0 ? nil : value }

    private mutating func study() -> Study {
        let index = number(Self.studies)
        let patient = PatientIdentity(
            name: maybe(one(["MÜLLER^ANNA", "SMITH^JOHN", "胸^水"])), id: maybe("P\(index / 3)"), issuer: maybe("H"), sex: maybe("F"))
        return ConformanceSamples.study(
            index, patient: patient, age: maybe(Double(number(90))), date: maybe("20\(10 + number(15))-01-01"),
            accession: maybe("A\(index)"),
            description: maybe("CHEST"), received: index / 2 * 600, urgency: number(5) == 0 ? .stat : .routine)
    }

    private mutating func instance() -> (instance: Instance, study: Study) {
        let study = study()
        // The same content may come again, even for another study, and another content under the same UID.
        let content = number(60)
        let instance = ConformanceSamples.instance(
            content, of: study, uid: number(12) == 0 ? number(60) : nil, name: "\(one(["IM", "scan"])) \(content).dcm",
            view: maybe(one(["PA", "LL"])),
            modality: maybe("DX"), received: now)
        return (instance, study)
    }

    mutating func query() -> WorklistQuery {
        let words = ["", "", "mull", "anna smith", "smith", "p1", "chest 20", "im", "scan dcm", "胸", "a1 chest", "*", "nobody"]
        return WorklistQuery(
            statuses: Set((0..<number(4)).map { _ in one(StudyStatus.allCases) }), words: one(words),
            finding: one([.any, .any, .none] + Self.labels.map { .label($0) }), limit: 1 + number(9))
    }

    mutating func next() -> (name: String, operation: Operation) {
        now += number(120)
        let (rule, time) = (rule, ConformanceSamples.time(now))
        let (image, owner, user, job) = (instance(), one(Self.owners), one(Self.users), Int64(1 + number(40)))
        let id = image.study.id
        switch number(20) {
        case 0...4:
            let kind = maybe("read")
            return ("register", { "\(try await $0.register(image.instance, in: image.study, jobKind: kind, standing: rule))" })
        case 5, 6:
            let drawn = ConformanceSamples.modelReading(
                of: image.instance, (0..<number(3)).map { _ in one(Self.labels) }, digest: one(["d1", "d2"]),
                error: number(6) == 0 ? "why" : nil,
                made: now)
            let (completes, content) = (number(2) == 0, number(60))
            return (
                "a model's reading",
                { archive in
                    // Of an image that may be there.
                    var reading = drawn
                    if let there = try await archive.instances(of: id).dropFirst(content % 3).first { reading.instance = there.id }
                    let added = try await archive.add(
                        reading, completing: completes ? (job, owner) : nil, onlyAfterLatest: false, standing: rule)
                    return "\(added)"
                }
            )
        case 7, 8:
            let labels = (0..<number(3)).map { _ in one(Self.labels) }
            let status = one(ReadingStatus.allCases)
            let (isStrict, isRight) = (number(2) == 0, number(4) > 0)
            let made = now
            return (
                "a person's reading",
                { archive in
                    let latest = try await archive.study(id)?.revision
                    let reading = ConformanceSamples.personReading(
                        of: image.study, by: user, labels, status: status, made: made, basedOn: isRight ? latest : 7)
                    return "\(try await archive.add(reading, completing: nil, onlyAfterLatest: isStrict, standing: rule))"
                }
            )
        case 9:
            let (urgency, name) = (maybe(one(StudyUrgency.allCases)), maybe(one(["standard", "emergency"])))
            return ("update", { "\(try await $0.update(id, urgency: urgency, protocolName: name, standing: rule))" })
        case 10...12:
            let seconds = Double(number(600))
            return (
                "claim",
                { "\(String(describing: try await $0.claimJob(kind: "read", owner: owner, until: time + seconds, now: time)?.id))" }
            )
        case 13: return ("renew", { "\(try await $0.renewLease(of: job, owner: owner, until: time + 100))" })
        case 14, 15:
            let next = maybe(time + Double(number(300)))
            return ("fail", { "\(try await $0.failJob(job, owner: owner, reason: "why \(job)", nextTry: next, standing: rule))" })
        case 16: return ("retry", { "\(try await $0.retryJob(job, now: time, standing: rule))" })
        case 17:
            return number(2) == 0
                ? ("dismiss", { "\(try await $0.dismissJob(job, standing: rule))" })
                : ("release", { "\(try await $0.releaseJobs(of: job % 8 == 0 ? nil : owner))" })
        case 18:
            let draft = maybe(ReviewDraft(basedOn: maybe(3), saved: time, content: Data("{}".utf8)))
            return ("draft", { "\(try await $0.setDraft(draft, of: id, by: user))" })
        default:
            return (
                "the rest",
                { archive in
                    try await archive.appendAudit([AuditEvent(time: time, user: user, action: "a", study: id)])
                    try await archive.updateStandings(rule)
                    try? await archive.addUser(User(name: user, role: .reader, passwordHash: "h", made: time))
                    return try await archive.auditEntries(user: user, study: nil, before: nil, limit: 2).map(\.hash).joined()
                }
            )
        }
    }
}
