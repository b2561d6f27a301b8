import Archive
import ChangeGate
import Datasets
import Department
import DepartmentTesting
import Feedback
import Findings
import Foundation
import Geometry
import HashChains
import Models
import PleuraTesting
import SiteFeedback
import Testing

@Suite struct ArchiveFeedbackTests {
    /// Studies of one image each, read by `TinyModel`.
    private static func room(_ count: Int) async throws -> (DepartmentUnderTest, [Study], SiteFolder) {
        let room = try await DepartmentUnderTest()
        for number in 0..<count {
            let bytes = DepartmentUnderTest.dicom(column: number % 4, uid: "1.2.3.4.\(number)", study: "1.2.3.\(number)") {
                $0.set(0x0010, 0x0020, "LO", "P\(number)")
            }
            _ = try await room.add(bytes, name: "\(number).dcm")
        }
        try await room.settle()
        let studies = try await room.archive.worklist(WorklistQuery()).studies.sorted { $0.uid < $1.uid }
        return (room, studies, SiteFolder(archive: room.folder.file("archive")))
    }

    private static func review(
        _ room: DepartmentUnderTest, _ id: StudyID, by user: String, isComplete: Bool, signs: Bool = true,
        _ findings: (ReadFinding) -> [ReviewRequest.Finding]
    ) async throws {
        let study = try #require(try await room.archive.study(id))
        let said = try #require(try await room.archive.readings(of: id).first?.content.findings.first)
        _ = try await room.department.review(
            ReviewRequest(basedOn: study.revision, findings: findings(said), isComplete: isComplete, signs: signs), of: id, by: user)
    }

    @Test func reviewsBecomeEventsOnce() async throws {
        let (room, studies, folder) = try await Self.room(3)
        let place = Box(x: 1, y: 2, width: 9, height: 8)
        try await Self.review(room, studies[0].id, by: "ann", isComplete: true) {
            [.init(label: $0.label, box: $0.box, origin: $0.id), .init(label: "Dark", box: place)]
        }
        try await Self.review(room, studies[1].id, by: "ann", isComplete: false) {
            [.init(label: $0.label, box: $0.box, origin: $0.id, decision: .rejected, reason: "rib")]
        }
        try await Self.review(room, studies[2].id, by: "ben", isComplete: false, signs: false) {
            [.init(label: "Dark", box: $0.box, origin: $0.id)]
        }
        let feedback = ArchiveFeedback(room.archive, folder: folder)
        let events = try await feedback.catchUp()
        #expect(events.map(\.content.kind) == [.accept, .missed, .complete, .reject, .partial, .relabel, .partial])
        #expect(events[5].content.label == "Dark" && events[5].content.modelLabel == "Bright" && events[5].content.modelBox != nil)
        #expect(events.map(\.context.isSigned) == [true, true, true, true, true, false, false])
        #expect(Set(events.map(\.context.model)) == [room.department.model.bundle.digest])
        // The same again adds nothing; a later word of one reader does.
        #expect(try await feedback.catchUp() == events)
        try await Self.review(room, studies[1].id, by: "ann", isComplete: true) { [.init(label: $0.label, box: $0.box, origin: $0.id)] }
        #expect(try await feedback.catchUp().suffix(2).map(\.content.kind) == [.accept, .complete])

        // Nobody is named: neither a reader nor a patient.
        let text = try String(contentsOf: folder.url.appendingPathComponent("feedback.jsonl"), encoding: .utf8)
        for name in ["ann", "ben", "DOE", "\"P0\"", "\"P1\""] { #expect(!text.contains(name), "\(name)") }
        #expect(Set(events.map(\.context.reader)).count == 2)
    }

    @Test func aForgedEventStopsTheLog() async throws {
        let (room, studies, folder) = try await Self.room(2)
        try await Self.review(room, studies[0].id, by: "ann", isComplete: true) { [.init(label: $0.label, box: $0.box, origin: $0.id)] }
        let feedback = ArchiveFeedback(room.archive, folder: folder)
        try await feedback.catchUp()
        let file = folder.url.appendingPathComponent("feedback.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(text.replacing("\"accept\"", with: "\"reject\"").utf8).write(to: file)
        try await Self.review(room, studies[1].id, by: "ann", isComplete: true) { [.init(label: $0.label, box: $0.box, origin: $0.id)] }
        await #expect { try await feedback.catchUp() } throws: {
            ($0 as? ChainError)?.code == .broken && ($0 as? ChainError)?.reason.contains("event 1 ") == true
        }
    }

    /// From reviews to a directory that a training reads: DICOM became PNG, places that were rejected are there, the locked patient is not.
    @Test func aDatasetGrows() async throws {
        let (room, studies, folder) = try await Self.room(4)
        for (index, study) in studies.prefix(3).enumerated() {
            try await Self.review(room, study.id, by: "ann", isComplete: index == 0) { said in
                index < 2
                    ? [.init(label: said.label, box: said.box, origin: said.id)]
                    : [.init(label: said.label, box: said.box, origin: said.id, decision: .rejected, reason: "rib")]
            }
        }
        let classes = room.department.model.bundle.labelMap.classes
        let target = room.folder.file("grown")
        let account = try await SiteDataset(room.archive, folder: folder).write(to: target, findingClasses: classes, locked: [])
        #expect(account.images == 3 && account.boxes == 2 && account.absentPlaces == 1 && account.completeImages == 1)
        let dataset = try Dataset.read(directory: target)
        #expect(dataset.images.count == 3 && dataset.images.allSatisfy { $0.fileName.hasSuffix(".png") && $0.labels == nil })
        #expect(dataset.images.flatMap(\.absent).count == 1 && dataset.images.flatMap(\.boxes).allSatisfy { $0.reader?.count == 12 })
        #expect(
            dataset.sources == [
                DataSource(
                    name: GrownDataset.completeSource, readers: "readers of the site", boxed: ["Bright", "Dark"],
                    complete: ["Bright", "Dark"]),
                DataSource(name: GrownDataset.partialSource, readers: "readers of the site", boxed: ["Bright", "Dark"]),
            ])
        try dataset.requireSoundSources()
        #expect(FileManager.default.fileExists(atPath: dataset.url(of: dataset.images[0]).path))

        // Two patients are locked, by a set that was exported from the same archive.
        let locked = room.folder.file("locked")
        let own = dataset.images.filter { !$0.boxes.isEmpty }.prefix(2)
        var set = dataset
        set.images = Array(own)
        let written = try set.write(to: locked)
        for image in own {
            try FileManager.default.copyItem(at: dataset.url(of: image), to: written.url(of: image))
        }
        let reference = try ReferenceSet(locking: written, name: "locked", fittingShare: 0.3)
        let second = try await SiteDataset(room.archive, folder: folder).write(
            to: room.folder.file("second"), findingClasses: classes, locked: [reference])
        #expect(second.images == 1 && second.leftOut["patient of the locked set"] == 2)
        #expect(
            try Dataset.read(directory: room.folder.file("second")).images.allSatisfy { image in
                !own.contains { $0.patient == image.patient }
            })
    }

    @Test func anEmptyArchiveGrowsNothing() async throws {
        let (room, _, folder) = try await Self.room(1)
        await #expect {
            try await SiteDataset(room.archive, folder: folder).write(
                to: room.folder.file("grown"), findingClasses: [], locked: [])
        } throws: { ($0 as? FeedbackError)?.code == .nothing }
        #expect(!FileManager.default.fileExists(atPath: room.folder.file("grown").path))
    }
}
