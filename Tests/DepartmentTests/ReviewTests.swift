import Archive
import Department
import DepartmentTesting
import Foundation
import Geometry
import Testing
import Triage

@Suite struct ReviewTests {
    private func read(_ count: Int = 1) async throws -> (DepartmentUnderTest, Study, [Reading]) {
        let room = try await DepartmentUnderTest()
        for number in 0..<count {
            _ = try await room.add(DepartmentUnderTest.dicom(column: number, uid: "1.2.3.4.\(number)"), name: "\(number).dcm")
        }
        try await room.settle()
        let study = try await room.study
        return (room, study, try await room.archive.readings(of: study.id))
    }

    private func request(_ basedOn: Int64?, _ findings: [ReviewRequest.Finding], signs: Bool = true) -> ReviewRequest {
        ReviewRequest(basedOn: basedOn, findings: findings, isComplete: true, comment: "seen", signs: signs)
    }

    @Test func whatAPersonSaysIsKeptAsItWasSaid() async throws {
        let (room, study, readings) = try await read()
        let origin = try #require(readings[0].content.findings.first)
        let moved = Box(x: 20.25, y: 30.5, width: 20, height: 18.125)
        let reading = try await room.department.review(
            request(
                study.revision,
                [
                    .init(label: "Bright", box: moved, origin: origin.id), .init(label: "Dark", box: Box(x: 0, y: 0, width: 5, height: 5)),
                    .init(
                        label: "Dark", box: readings[0].content.candidates?.last?.box ?? moved,
                        origin: readings[0].content.candidates?.last?.id,
                        decision: .rejected, reason: "rib"),
                ]), of: study.id, by: "ann")
        #expect(reading.status == .final && reading.reader == .person("ann") && reading.basedOn == study.revision)
        let kept = try #require(try await room.archive.readings(of: study.id).last)
        #expect(kept.content == reading.content && kept.content.findings.map(\.decision) == [.moved, .added])
        #expect(
            kept.content.findings.map(\.box) == [moved, Box(x: 0, y: 0, width: 5, height: 5)]
                && kept.content.rejected?.map(\.reason) == ["rib"])
        let after = try await room.study
        #expect(after.standing.status == .signed && after.signedBy == "ann" && after.revision == reading.id)
    }

    @Test func aReadingThatCameMeanwhileIsNeverOverwritten() async throws {
        let (room, study, _) = try await read()
        let first = try await room.department.review(request(study.revision, []), of: study.id, by: "ann")
        await #expect(throws: ArchiveError(.newerReading, "")) {
            try await room.department.review(request(study.revision, []), of: study.id, by: "ben")
        }
        #expect(try await room.archive.readings(of: study.id).count == 2)
        let second = try await room.department.review(request(first.id, [], signs: true), of: study.id, by: "ben")
        #expect(second.status == .amended)
    }

    @Test func whatDoesNotFitIsRefusedWhole() async throws {
        let (room, study, readings) = try await read(2)
        let first = try #require(readings.first)
        let (one, origin) = (first.instance, try #require(first.content.findings.first).id)
        let box = Box(x: 1, y: 1, width: 5, height: 5)
        let wrong: [ReviewRequest.Finding] = [
            .init(label: "Bright", box: box),  // Which of two images?
            .init(instance: InstanceID(ofContent: "elsewhere"), label: "Bright", box: box),
            .init(instance: one, label: "Fracture", box: box),
            .init(instance: one, label: "Bright", box: Box(x: 60, y: 60, width: 10, height: 10)),
            .init(instance: one, label: "Bright", box: Box(x: 1, y: 1, width: 0, height: 5)),
            .init(instance: one, label: "Bright", box: Box(x: .nan, y: 1, width: 1, height: 5)),
            .init(instance: one, label: "Bright", box: box, origin: "99"),
            .init(instance: one, label: "Bright", box: box, origin: origin, decision: .rejected),
            .init(instance: one, label: "Bright", box: box, decision: .accepted),
        ]
        for (index, finding) in wrong.enumerated() {
            let error = await #expect(throws: DepartmentError.self, "\(index)") {
                try await room.department.review(request(study.revision, [finding]), of: study.id, by: "ann")
            }
            #expect(error?.code == .badReview, "\(index)")
        }
        #expect(try await room.archive.readings(of: study.id).count == 2)
    }

    @Test func settingsThatCannotBeAreRefusedAndOthersHoldAtOnce() async throws {
        let (room, study, _) = try await read()
        var settings = room.department.settings
        settings.defaultProtocol = "none"
        await #expect(throws: DepartmentError(.badSettings, "")) { try await room.department.change(settings) }
        settings = .standard
        settings.protocols[0].allowances = try settings.protocols[0].allowances.setting(["Bright": 7])
        try await room.department.change(settings)
        let due = try await room.study.standing.due
        #expect(due.timeIntervalSince(study.received) == 7 * 60)
        // They outlive the program.
        let next = try await DepartmentUnderTest(in: room.folder)
        #expect(next.department.settings == settings)
    }

    /// Nothing, rather than more than was asked for.
    @Test func aProtocolThatAllowsLessThanAnyOperatingPointShowsNothing() async throws {
        let room = try await DepartmentUnderTest()
        var settings = room.department.settings
        settings.protocols[0].falseBoxesPer100Images = 0.5
        try await room.department.change(settings)
        let taken = try #require(try await room.add(try DepartmentUnderTest.cell(1, 1), name: "a.png").taken.first)
        try await room.settle()
        let content = try #require(try await room.archive.readings(of: taken.study).first?.content)
        #expect(content.findings.isEmpty && content.candidates?.isEmpty == false)
    }

    @Test func aProtocolShowsWhatItsOperatingPointShowsUnderTheSameIds() async throws {
        let room = try await DepartmentUnderTest()
        var settings = room.department.settings
        settings.protocols[0].falseBoxesPer100Images = 1
        settings.protocols[1].falseBoxesPer100Images = 10
        try await room.department.change(settings)
        let result = try await room.add(try DepartmentUnderTest.cell(1, 1), name: "a.png", protocolName: "screening")
        try await room.settle()
        let study = try #require(result.taken.first).study
        let content = try #require(try await room.archive.readings(of: study).first?.content)
        // At 10 false boxes the 15 black cells are shown as dark, with 0.5 above 0.45; alternatives in one place apart.
        #expect(
            content.findings.count > 1
                && content.findings.allSatisfy { finding in
                    content.candidates?.contains { $0.id == finding.id && $0.box == finding.box } == true
                })
    }
}
