import Archive
import ArchiveConformance
import Basics
import Foundation
import Results
import Testing

/// The same random orders, patients and deliveries on SQLite's store and on the plainest one give the same answers.
struct RandomDeliveryTests {
    @Test(arguments: UInt64(1)...4) func theSameWorkGivesTheSameOutbox(seed: UInt64) async throws {
        let (folder, plain) = (try ArchiveFolder(), try ArchiveFolder())
        var tested = try folder.open()
        let naive = try NaiveArchive(folder: plain.url)
        var work = DeliveryWork(seed: seed)
        for step in 0..<400 {
            let (name, operation) = work.next()
            let (answer, expected) = (await answer(operation, tested), await answer(operation, naive))
            #expect(answer == expected, "step \(step): \(name)")
            guard step % 50 == 49 else { continue }
            if step % 100 == 99 { tested = try folder.open() }
            try await compare(tested, naive)
        }
        #expect(try await tested.structuralFaults() == [])
    }

    private func answer(_ operation: DeliveryWork.Operation, _ archive: any Archive) async -> String {
        do {
            return try await operation(archive)
        } catch let error as ArchiveError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    private func compare(_ tested: any Archive, _ naive: any Archive) async throws {
        #expect(try await tested.deliveryCounts() == naive.deliveryCounts())
        #expect(try await tested.resultFiles(after: nil, limit: 999) == naive.resultFiles(after: nil, limit: 999))
        let (all, expected) = (
            try await tested.deliveries(states: [], destination: nil, study: nil, before: nil, limit: 999),
            try await naive.deliveries(states: [], destination: nil, study: nil, before: nil, limit: 999)
        )
        #expect(all == expected)
        #expect(
            try await tested.patientChanges(study: nil, before: nil, limit: 999)
                == naive.patientChanges(study: nil, before: nil, limit: 999))
        for number in 0..<DeliveryWork.studies {
            let id = ConformanceSamples.study(number).id
            let (one, other) = (try await tested.study(id), try await naive.study(id))
            #expect(one == other)
            #expect(one?.patient == other?.patient)
            #expect(try await tested.order(of: id) == naive.order(of: id))
            #expect(try await tested.jobs(state: nil, study: id, limit: 99) == naive.jobs(state: nil, study: id, limit: 99))
        }
        for word in ["p1", "p2", "a1", "renamed", "smith"] {
            let query = WorklistQuery(words: word, limit: 50)
            #expect(try await tested.worklist(query).studies.map(\.id) == naive.worklist(query).studies.map(\.id), "\(word)")
        }
    }
}

/// What a clinic might send and ask for, by seed.
private struct DeliveryWork {
    typealias Operation = @Sendable (any Archive) async throws -> String

    static let studies = 8
    private var random: SeededGenerator
    private var now = 0
    private let rule = ConformanceSamples.rule

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    private mutating func one<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
    private mutating func maybe<Value>(_ value: Value) -> Value? { number(3) == 0 ? nil : value }

    private mutating func patient() -> PatientIdentity {
        PatientIdentity(name: maybe(one(["SMITH^A", "RENAMED^B"])), id: maybe("P\(number(4))"), issuer: maybe("H"), sex: maybe("F"))
    }

    private mutating func change() -> ClinicalChange {
        switch number(6) {
        case 0...2:
            let index = number(Self.studies)
            return .order(
                ClinicalOrder(
                    accessionNumber: maybe("A\(index)"), studyUID: number(4) == 0 ? ConformanceSamples.study(index).uid : nil,
                    patient: patient(),
                    details: ResultOrder(placerNumber: maybe("PL\(number(6))"), indication: maybe("cough \(number(3))")),
                    urgency: one(StudyUrgency.allCases), isCancelled: number(6) == 0, received: ConformanceSamples.time(now)))
        case 3: return .patient(patient())
        case 4: return .merge(retired: patient(), surviving: patient())
        default: return .unmerge(retired: patient(), surviving: patient())
        }
    }

    mutating func next() -> (name: String, operation: Operation) {
        now += number(60)
        let (rule, time) = (rule, ConformanceSamples.time(now))
        let (owner, destination, id) = (one(["a", "b"]), one(["pacs", "ris"]), Int64(1 + number(40)))
        let index = number(Self.studies)
        switch number(16) {
        case 0...2:
            let study = ConformanceSamples.study(index, patient: patient(), accession: maybe("A\(index)"), received: index)
            let instance = ConformanceSamples.instance(number(30), of: study, received: now)
            let follow = maybe("publish")
            let made = now
            return (
                "register and read",
                { archive in
                    let registered = try await archive.register(instance, in: study, jobKind: nil, standing: rule)
                    let reading = try await archive.add(
                        ConformanceSamples.modelReading(of: instance, ["Mass"], made: made), completing: nil, onlyAfterLatest: false,
                        followUp: follow, standing: rule)
                    return "\(registered) \(reading)"
                }
            )
        case 3, 4:
            let study = ConformanceSamples.study(index)
            let (completes, first) = (number(3) > 0, number(50))
            let files = (0..<(1 + number(3))).map { offset in
                (identifier: "1.2.9.\(first + offset)", rank: number(3), lane: "L\(number(3))")
            }
            let due = now + number(500) - 250
            return (
                "publish",
                { archive in
                    let job = try await archive.claimJob(kind: "publish", owner: owner, until: time + 50, now: time)
                    let reading = try await archive.readings(of: study.id).last?.id
                    guard let reading else { return "nothing to publish" }
                    let made = files.map {
                        ResultFile(
                            identifier: $0.identifier, kind: "sr", study: study.id, reading: reading, size: 10, digest: "d\($0.identifier)",
                            made: time)
                    }
                    let deliveries = files.map {
                        NewDelivery(
                            destination: destination, file: $0.identifier, lane: $0.lane, rank: $0.rank, due: ConformanceSamples.time(due))
                    }
                    try await archive.publish(
                        made, to: deliveries, completing: completes ? job.map { ($0.id, owner) } : nil, now: time)
                    return "published by \(String(describing: job?.id))"
                }
            )
        case 5...7:
            let (seconds, limit) = (Double(number(200)), 1 + number(4))
            return (
                "claim",
                { archive in
                    let claimed = try await archive.claimDeliveries(
                        destination: destination, owner: owner, until: time + seconds, now: time, limit: limit)
                    return claimed.map { "\($0.id) \($0.state) \($0.attempts)" }.joined(separator: ", ")
                }
            )
        case 8...10:
            let outcome: DeliveryOutcome = one([
                .delivered(proof: "AA"), .accepted(until: time + 40),
                .postponed(until: time + 30, reason: "busy", wasGiven: number(2) == 0),
                .failed(reason: "no"),
            ])
            return ("end", { "\(try await $0.end(id, owner: owner, as: outcome, now: time))" })
        case 11:
            let (uid, proof) = ("1.2.9.\(number(50))", maybe("kept"))
            return ("confirm", { "\(try await $0.confirm([uid], destination: destination, proof: proof, now: time))" })
        case 12:
            return number(2) == 0
                ? ("retry", { "\(try await $0.retryDelivery(id, now: time))" }) : ("dismiss", { "\(try await $0.dismissDelivery(id))" })
        case 13:
            return (
                "renew or release",
                { archive in
                    if id % 4 == 0 { try await archive.releaseDeliveries(of: id % 8 == 0 ? nil : owner) }
                    return "\(try await archive.renewLease(ofDeliveries: [id, id + 1], owner: owner, until: time + 100))"
                }
            )
        default:
            let changes = (0..<(1 + number(2))).map { _ in change() }
            let (message, follow) = (maybe(MessageKey(sender: "his", controlID: "\(number(30))")), maybe("publish"))
            return (
                "message",
                { archive in
                    let applied = try await archive.apply(changes, from: message, now: time, followUp: follow, standing: rule)
                    return "\(applied.isRepeated) \(applied.studies.map(\.rawValue).sorted())"
                }
            )
        }
    }
}
