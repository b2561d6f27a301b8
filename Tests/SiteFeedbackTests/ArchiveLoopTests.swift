import Archive
import DICOM
import Department
import DepartmentTesting
import Detection
import Foundation
import Geometry
import Inference
import Models
import PleuraTesting
import Radiographs
import ReadingLists
import SiteFeedback
import Testing
import Watching

@Suite struct ArchiveLoopTests {
    private static func room(_ count: Int) async throws -> (DepartmentUnderTest, [Study], SiteFolder) {
        let room = try await DepartmentUnderTest()
        for number in 0..<count {
            let bytes = DepartmentUnderTest.dicom(column: number % 4, uid: "1.2.3.4.\(number)", study: "1.2.3.\(number)") {
                $0.set(0x0010, 0x0020, "LO", "P\(number)")
                $0.set(0x0008, 0x1010, "SH", "ROOM 1")
                $0.set(0x0018, 0x1020, "LO", number < 2 ? "1.0" : "2.0")
            }
            _ = try await room.add(bytes, name: "\(number).dcm")
        }
        try await room.settle()
        let studies = try await room.archive.worklist(WorklistQuery()).studies.sorted { $0.uid < $1.uid }
        return (room, studies, SiteFolder(archive: room.folder.file("archive")))
    }

    @Test func whatIsWatchedIsMeasuredAndNamesNobody() async throws {
        let (room, studies, folder) = try await Self.room(3)
        let said = try #require(try await room.archive.readings(of: studies[0].id).first?.content.findings.first)
        _ = try await room.department.review(
            ReviewRequest(
                basedOn: studies[0].revision,
                findings: [
                    .init(label: said.label, box: said.box, origin: said.id),
                    .init(label: "Dark", box: Box(x: 1, y: 1, width: 5, height: 5)),
                ], isComplete: true, signs: true), of: studies[0].id, by: "ann")
        let images = try await ArchiveWatch(room.archive, folder: folder, decoders: .standard).images().sorted { $0.time < $1.time }
        #expect(images.count == 3 && Set(images.map(\.device)) == ["ROOM 1"])
        #expect(Set(images.compactMap { $0.tags["software version"] }) == ["1.0", "2.0"])
        // One cell of sixteen is white.
        for image in images { #expect(abs((image.numbers["mean grey"] ?? 0) - 1.0 / 16) < 0.02 && image.numbers["boxes"] == 1) }
        #expect(images.flatMap(\.decisions) == [true])
        let kept = try String(contentsOf: folder.url.appendingPathComponent("watched.json"), encoding: .utf8)
        #expect(!kept.contains("DOE") && !kept.contains("P1"))
        #expect(try await ArchiveWatch(room.archive, folder: folder, decoders: .standard).images().sorted { $0.time < $1.time } == images)
    }

    /// A candidate that calls bright dark: every image differs, and none of what it says is a reading.
    @Test func aShadowReadsAlongUnseen() async throws {
        let (room, studies, folder) = try await Self.room(3)
        let place = room.folder.file("candidate")
        try ModelBundle.write(
            to: place, onnx: Data(contentsOf: TinyModel.network()), labelMap: TinyModel.labels(["Dark", "Bright"]), card: TinyModel.card())
        let detector = try Detector(bundle: ModelBundle(directory: place), settings: EngineSettings(precision: .f32, threads: 1))
        let candidate = ModelReader(service: DetectionService(soon: detector, decoders: .standard))
        let before = try await room.archive.readings(of: studies[0].id)
        let shadow = ShadowReading(room.archive, folder: folder, candidate: candidate, settings: .standard)
        #expect(try await shadow.catchUp(most: 2) == 2)
        #expect(try await shadow.catchUp(most: 10, isNeeded: { true }) == 0)
        #expect(try await shadow.catchUp(most: 10) == 1)
        #expect(try await shadow.catchUp(most: 10) == 0)
        let differences = shadow.differences()
        #expect(differences.count == 3 && differences.allSatisfy { $0.onlyCurrent == ["Bright"] && $0.onlyCandidate == ["Dark"] })
        #expect(Set(differences.map(\.candidate)) == [candidate.bundle.digest])
        #expect(try await room.archive.readings(of: studies[0].id) == before)
    }

    @Test func theListIsByLotUntilAReplayShowsMore() async throws {
        let (room, studies, folder) = try await Self.room(4)
        var list = ArchiveList(room.archive, folder: folder, decoders: .standard)
        var outcome = try await list.next(count: 3, seed: 1)
        #expect(outcome.strategy == .random && outcome.picks.count == 3 && outcome.picks.allSatisfy { $0.reason == .random })
        #expect(Set(outcome.picks.map(\.study)).isSubset(of: studies.map(\.id.rawValue)) && outcome.gainOfFiftyBoxes == nil)
        list.evidence = ReplayEvidence(
            dataset: "d",
            runs: (1...3).flatMap { seed in
                [(ReadingList.Strategy.random, 0.0), (.mixed, 0.1)].map {
                    ReplayEvidence.Run(
                        strategy: $0.0, seed: UInt64(seed), images: [0, 100], boxes: [0, 100], map50: [0.1 + $0.1, 0.2 + $0.1])
                }
            })
        outcome = try await list.next(count: 4, seed: 1)
        #expect(outcome.strategy == .mixed && outcome.picks.map(\.reason).filter { $0 == .spread }.count == 2)
        #expect(abs((outcome.gainOfFiftyBoxes ?? 0) - 0.05) < 1e-9)
    }
}
