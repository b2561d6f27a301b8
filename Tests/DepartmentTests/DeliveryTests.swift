import Archive
import Department
import DepartmentTesting
import Foundation
import PleuraTesting
import Radiographs
import Results
import Testing

@Suite struct DeliveryTests {
    private static func review(_ study: Study, signs: Bool = true) -> ReviewRequest {
        ReviewRequest(basedOn: study.revision, findings: [], isComplete: true, signs: signs)
    }

    /// What the model says goes to those who want it, and what a person signs to all.
    @Test func resultsGoWhereTheRulesSay() async throws {
        let all = RecordingDestination("all")
        let signed = RecordingDestination("signed", rules: DestinationRules(statuses: [.final, .amended]))
        let other = RecordingDestination("other", rules: DestinationRules(protocols: ["emergency"]))
        let urgent = RecordingDestination("urgent", rules: DestinationRules(onlyUrgent: true))
        let room = try await DepartmentUnderTest(destinations: [all, signed, other, urgent])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.deliver()
        #expect(all.got.count == 2 && signed.got.isEmpty && other.got.isEmpty && urgent.got.isEmpty)
        #expect(all.results.map(\.status) == [.preliminary] && all.results[0].reader.person == nil)
        #expect(all.got.map(\.bytes) == all.got.map { Data($0.identifier.dropFirst(4).replacing(":", with: " ").utf8) })
        _ = try await room.department.review(Self.review(try await room.study), of: try await room.study.id, by: "ann")
        try await room.deliver()
        #expect(all.got.count == 4 && signed.got.count == 2)
        #expect(signed.results.map(\.status) == [.final] && signed.results[0].reader.person == "ann")
        #expect(signed.results[0].findings.isEmpty, "the person accepted nothing")
        // Unfinished work is told to nobody.
        _ = try await room.department.review(Self.review(try await room.study, signs: false), of: try await room.study.id, by: "ann")
        _ = try await room.department.review(Self.review(try await room.study), of: try await room.study.id, by: "bob")
        try await room.deliver()
        #expect(signed.results.map(\.status) == [.final, .amended])
        #expect(signed.previous.last??.status == .final && signed.previous.last??.reader.person == "ann")
        let states = try await room.archive.deliveries(states: [], destination: nil, study: nil, before: nil, limit: 99).map(\.state)
        #expect(states.count == 10 && states.allSatisfy { $0 == .delivered })
        await room.department.stop()
    }

    /// What a result says is what the reading says.
    @Test func aResultSaysWhatTheReadingSays() async throws {
        let images = RecordingDestination("images")
        let study = RecordingDestination("study", scope: .study)
        let room = try await DepartmentUnderTest(starts: false, destinations: [images, study])
        _ = try await room.add(DepartmentUnderTest.dicom(column: 0, row: 0, uid: "1.2.1"), name: "a.dcm")
        _ = try await room.add(DepartmentUnderTest.dicom(column: 3, row: 3, uid: "1.2.2"), name: "b.dcm")
        room.department.start()
        try await room.deliver()
        let found = try await room.archive.readings(of: room.study.id)
        #expect(found.count == 2 && images.results.count == 2 && study.results.count == 2)
        for (reading, result) in zip(found, images.results.sorted { $0.revision < $1.revision }) {
            #expect(result.findings.map(\.box) == reading.content.findings.map(\.box))
            #expect(result.findings.map(\.label) == reading.content.findings.map(\.label))
            #expect(result.findings.map(\.score) == reading.content.findings.map { $0.score })
            #expect(result.images.count == 1 && result.revision == reading.id && result.study.uid == "1.2.3")
            #expect(result.patient.id == "P1" && result.link?.hasSuffix(reading.study.rawValue) == true)
        }
        // A message about the study says everything that was read until then.
        let last = study.results.max { $0.revision < $1.revision }
        #expect(last?.images.count == 2 && last?.findings.count == found.reduce(0) { $0 + $1.content.findings.count })
        #expect(Set(last?.findings.map(\.id) ?? []).count == last?.findings.count)
        #expect(Set((images.results + study.results).map(\.identifier)).count == 4)
        await room.department.stop()
    }

    /// A destination that is away gets everything when it is back, in the order of the patient's results, once.
    @Test func whoWasAwayGetsEverythingInOrder() async throws {
        let peer = RecordingDestination("peer")
        peer.answers { _, before in before < 3 ? .unreachable("nobody there") : .delivered(proof: "kept") }
        let room = try await DepartmentUnderTest(destinations: [peer])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.settle()
        _ = try await room.department.review(Self.review(try await room.study), of: try await room.study.id, by: "ann")
        try await room.deliver()
        #expect(peer.got.count == 4)
        let small = peer.got.map(\.identifier).filter { $0.contains("small") }
        #expect(small == peer.results.sorted { $0.revision < $1.revision }.map { "peer:small:\($0.identifier)" })
        let deliveries = try await room.archive.deliveries(states: [], destination: "peer", study: nil, before: nil, limit: 9)
        #expect(deliveries.allSatisfy { $0.state == .delivered && $0.attempts == 1 && $0.proof == "kept" && $0.lastError == nil })
        #expect(room.department.reached["peer"]?.failures == 0)
        await room.department.stop()
    }

    /// Small things first.
    @Test func whatIsSmallIsSentFirst() async throws {
        let peer = RecordingDestination("peer")
        let room = try await DepartmentUnderTest(destinations: [peer])
        peer.answers { _, _ in .unreachable("down") }
        for number in 0..<3 {
            _ = try await room.add(DepartmentUnderTest.dicom(uid: "1.2.\(number)", study: "1.9.\(number)"), name: "a.dcm")
        }
        try await room.settle()
        peer.answers { _, _ in .delivered(proof: "kept") }
        try await room.deliver()
        #expect(peer.got.map { $0.identifier.contains("small") } == [true, true, true, false, false, false])
        await room.department.stop()
    }

    /// What is refused is shown until a person deals with it; what is not answered is sent again, and given up at last.
    @Test func whatIsNotTakenIsShown() async throws {
        let peer = RecordingDestination("peer")
        peer.answers { delivery, _ in
            delivery.delivery.file.kind == "small" ? .refused("wrong patient") : .unanswered("no answer")
        }
        let room = try await DepartmentUnderTest(destinations: [peer])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.deliver()
        let failed = try await room.archive.deliveries(states: [.failed], destination: nil, study: nil, before: nil, limit: 9)
        #expect(Set(failed.compactMap(\.lastError)) == ["wrong patient", "no answer"])
        #expect(failed.first { $0.file.kind == "large" }?.attempts == 5)
        peer.answers { _, _ in .delivered(proof: "kept") }
        for delivery in failed { try await room.department.retry(delivery: delivery.id) }
        try await room.deliver()
        #expect(peer.got.count == 2)
        // The study itself was read, whatever became of its results.
        #expect(try await room.study.standing.status == .read)
        await room.department.stop()
    }

    /// A connection that ends in the middle: what was told is told, the rest goes later.
    @Test func aConnectionThatEndsLosesNothing() async throws {
        let peer = RecordingDestination("peer")
        peer.answers { delivery, before in delivery.delivery.file.kind == "large" && before < 2 ? nil : .delivered(proof: "kept") }
        let room = try await DepartmentUnderTest(destinations: [peer])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.deliver()
        #expect(peer.got.map { $0.identifier.contains("small") } == [true, false])
        await room.department.stop()
    }

    /// What was taken on trust is delivered when the peer says that it keeps it.
    @Test func whatIsAcceptedWaitsForItsProof() async throws {
        let peer = RecordingDestination("peer")
        peer.answers { _, _ in .accepted(seconds: 60) }
        let room = try await DepartmentUnderTest(destinations: [peer])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.deliver()
        let taken = peer.got.map(\.identifier)
        #expect(taken.count == 2)
        #expect(try await room.archive.deliveryCounts()["peer"] == [.accepted: 2])
        try await room.department.confirm([taken[0]], destination: "peer", proof: "committed")
        peer.answers { _, _ in .delivered(proof: "again") }
        try await room.department.confirm([taken[1]], destination: "peer", proof: nil)
        try await room.deliver()
        #expect(peer.tries.count == 3 && peer.tries.last == taken[1])
        #expect(try await room.archive.deliveryCounts()["peer"] == [.delivered: 2])
        await room.department.stop()
    }

    /// A program that ends between reading and sending: the next one sends, and nothing twice.
    @Test func theNextProgramGoesOn() async throws {
        let peer = RecordingDestination("peer")
        peer.answers { _, _ in .unreachable("down") }
        let first = try await DepartmentUnderTest(destinations: [peer])
        for number in 0..<5 {
            _ = try await first.add(DepartmentUnderTest.dicom(uid: "1.2.\(number)", study: "1.9.\(number)"), name: "a.dcm")
        }
        try await first.settle()
        await first.department.stop()
        // A job that was begun and not ended: the same files are made again.
        #expect(try await first.archive.jobs(state: .done, study: nil, limit: 99).filter { $0.kind == "publish" }.count == 5)
        peer.answers { _, _ in .delivered(proof: "kept") }
        let second = try await DepartmentUnderTest(in: first.folder, destinations: [peer])
        try await second.deliver()
        #expect(peer.got.count == 10 && Set(peer.got).count == 10)
        await second.department.stop()
    }

    /// What cannot be made for one keeps no other waiting, and is tried again.
    @Test func oneFaultKeepsNoOtherWaiting() async throws {
        let (good, bad) = (RecordingDestination("good"), RecordingDestination("bad"))
        bad.fails(DepartmentError(.unsendable, "it does not fit"))
        let room = try await DepartmentUnderTest(destinations: [bad, good])
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        for _ in 0..<200 where good.got.count < 2 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(good.got.count == 2 && bad.got.isEmpty)
        let jobs = try await room.archive.jobs(state: nil, study: nil, limit: 9).filter { $0.kind == "publish" }
        #expect(jobs.count == 1 && jobs[0].lastError?.contains("it does not fit") == true)
        bad.fails(nil)
        try await room.deliver()
        #expect(bad.got.count == 2 && good.got.count == 2)
        await room.department.stop()
    }

    /// An order that comes after the results: messages are sent again with its numbers, images' objects are not.
    @Test func aLateOrderIsTold() async throws {
        let (objects, messages) = (RecordingDestination("objects"), RecordingDestination("messages", scope: .study))
        let room = try await DepartmentUnderTest(destinations: [objects, messages])
        _ = try await room.add(DepartmentUnderTest.dicom { $0.set(0x0008, 0x0050, "SH", "A1") }, name: "a.dcm")
        try await room.deliver()
        let order = ClinicalOrder(
            accessionNumber: "A1", patient: PatientIdentity(id: "P1"), details: ResultOrder(placerNumber: "PL1", indication: "cough"),
            urgency: .stat, received: Date())
        let applied = try await room.department.apply([.order(order)], from: MessageKey(sender: "his", controlID: "1"))
        #expect(applied.studies.count == 1)
        try await room.deliver()
        #expect(objects.got.count == 2, "the objects do not name the order")
        #expect(messages.got.count == 4)
        #expect(messages.results.map { $0.order?.placerNumber } == [nil, "PL1"])
        #expect(messages.results.last?.isUrgent == true)
        #expect(try await room.study.standing.dueClass == "stat")
        // The same message again has no effect.
        #expect(try await room.department.apply([.order(order)], from: MessageKey(sender: "his", controlID: "1")).isRepeated)
        try await room.deliver()
        #expect(messages.got.count == 4)
        await room.department.stop()
    }

    /// An image that cannot be read is told, too: nobody may take silence for nothing found.
    @Test func anImageThatCannotBeReadIsTold() async throws {
        let peer = RecordingDestination("peer", scope: .study)
        let room = try await DepartmentUnderTest(
            decoders: DecoderRegistry(decoders: [FailingDecoder(failures: 9)]), destinations: [peer])
        _ = try await room.add(try DepartmentUnderTest.cell(1, 1), name: "a.png")
        try await room.deliver()
        #expect(peer.results.count == 1)
        #expect(peer.results.first?.images.first?.wasRead == false && peer.results.first?.images.first?.doubt != nil)
        await room.department.stop()
    }
}
