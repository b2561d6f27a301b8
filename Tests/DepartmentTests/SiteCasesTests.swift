import Archive
import Basics
import Department
import DepartmentTesting
import Detection
import Explanations
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

/// What persons rejected stands beside similar cases: digests, labels and vectors, and never the patient's own.
@Suite struct SiteCasesTests {
    /// A model with a bank of one case far away, so that what is shown as rejected is the site's.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let directory = folder.file("tiny")
        try TinyModel.write(to: directory, network: "features", card: TinyModel.card(threshold: 0.6))
        let plain = try ModelBundle(directory: directory)
        let prepared = try Detector(bundle: plain).prepare(
            Radiograph(pixels: DrawnPictures.cell(column: 0, row: 0)), from: .generated("probe"))
        let length = try BoxFeatures(plain).vectors(of: [Box(x: 0, y: 0, width: 16, height: 16)], in: prepared)[0].count
        let whitening = Whitening(
            mean: [Float](repeating: 0, count: length),
            directions: (0..<length).map { row in (0..<length).map { $0 == row ? 1 : 0 } })
        let bank = CaseBank(
            whitening: whitening, cases: [CaseBank.Case(image: "far", label: "Bright", vector: [Float](repeating: 9, count: length))])
        let bytes = try bank.bytes()
        var card = plain.card
        card.similarCases = ModelCard.SimilarCases(
            file: "cases.bank", digest: Digest(of: bytes).hexadecimal,
            verdicts: [.init(finding: "Bright", isShown: true, cases: 1, purity: 1, prior: 0.5)], split: "none")
        try FileManager.default.removeItem(at: directory)
        try TinyModel.write(to: directory, network: "features", card: card)
        try bytes.write(to: directory.appendingPathComponent("cases.bank"))
        return folder
    }

    private func study(_ room: DepartmentUnderTest, of uid: String) async throws -> (Study, Reading, Instance) {
        let page = try await room.archive.worklist(WorklistQuery())
        let study = try #require(page.studies.first { $0.uid == uid })
        let instance = try #require(try await room.archive.instances(of: study.id).first)
        return (study, try #require(try await room.archive.readings(of: study.id).last { !$0.reader.isPerson }), instance)
    }

    private func reject(_ room: DepartmentUnderTest, _ uid: String) async throws {
        let (study, reading, _) = try await study(room, of: uid)
        let finding = try #require(reading.content.findings.first)
        _ = try await room.department.review(
            ReviewRequest(
                basedOn: study.revision,
                findings: [.init(label: finding.label, box: finding.box, origin: finding.id, decision: .rejected, reason: "rib")],
                isComplete: true, signs: true), of: study.id, by: "ann")
    }

    private func shown(_ room: DepartmentUnderTest, _ uid: String) async throws -> [ExplanationJSON.FindingEntry.Similar.Case] {
        let (study, reading, instance) = try await study(room, of: uid)
        let finding = try #require(reading.content.findings.first)
        let answer = try await room.department.explanations.answer(
            instance, finding: finding.id, readings: try await room.archive.readings(of: study.id))
        return try #require(answer.explanation.similar).cases
    }

    /// Waits until a look-alike is told of, for ten seconds at most.
    private func lookAlike(_ room: DepartmentUnderTest, _ uid: String) async throws -> ExplanationJSON.FindingEntry.Similar.Case? {
        for _ in 0..<200 {
            if let found = try await shown(room, uid).first(where: \.rejected) { return found }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func add(_ room: DepartmentUnderTest, _ study: String, patient: String, column: Int) async throws {
        let bytes = DepartmentUnderTest.dicom(column: column, uid: study + ".9", study: study) { $0.set(0x0010, 0x0020, "LO", patient) }
        _ = try await room.add(bytes, name: "\(study).dcm")
        try await room.settle()
    }

    @Test func whatWasRejectedIsShownBesideOtherPatientsFindings() async throws {
        let folder = try folder()
        let room = try await DepartmentUnderTest(in: folder)
        try await add(room, "1.2.10", patient: "P1", column: 1)
        try await add(room, "1.2.20", patient: "P2", column: 2)
        try await add(room, "1.2.30", patient: "P1", column: 3)
        #expect(try await shown(room, "1.2.20").map(\.image) == ["far"])
        try await reject(room, "1.2.10")
        let found = try #require(try await lookAlike(room, "1.2.20"))
        let (_, _, rejected) = try await study(room, of: "1.2.10")
        #expect(found.image == rejected.digest && found.label == "Bright")
        // Not of itself, and not of the same patient's other film.
        #expect(try await shown(room, "1.2.10").contains { $0.rejected } == false)
        #expect(try await shown(room, "1.2.30").contains { $0.rejected } == false)
        // The file holds no name and no identifier of a patient.
        let kept = try FileManager.default.contentsOfDirectory(at: folder.file("archive"), includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix("rejected-") }
        #expect(kept.count == 2)
        for file in kept {
            let bytes = try Data(contentsOf: file)
            #expect(bytes.range(of: Data("DOE".utf8)) == nil && bytes.range(of: Data("1.2.10".utf8)) == nil)
        }
        await room.department.stop()

        // Another program on the same archive knows it, with the file and without it.
        for removes in [false, true] {
            if removes { for file in kept { try FileManager.default.removeItem(at: file) } }
            let again = try await DepartmentUnderTest(in: folder)
            #expect(try await lookAlike(again, "1.2.20")?.image == rejected.digest)
            await again.department.stop()
        }
    }

    @Test func whatAPersonTakesBackIsNoLookAlikeAnyMore() async throws {
        let room = try await DepartmentUnderTest(in: try folder())
        try await add(room, "1.2.10", patient: "P1", column: 1)
        try await add(room, "1.2.20", patient: "P2", column: 2)
        try await reject(room, "1.2.10")
        _ = try #require(try await lookAlike(room, "1.2.20"))
        let (study, reading, _) = try await study(room, of: "1.2.10")
        let finding = try #require(reading.content.findings.first)
        _ = try await room.department.review(
            ReviewRequest(
                basedOn: study.revision, findings: [.init(label: finding.label, box: finding.box, origin: finding.id)], isComplete: true,
                signs: true), of: study.id, by: "ben")
        var isGone = false
        for _ in 0..<200 where !isGone {
            isGone = try await shown(room, "1.2.20").allSatisfy { !$0.rejected }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(isGone)
        await room.department.stop()
    }
}
