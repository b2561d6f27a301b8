import DatasetChecks
import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// A check names what is wrong with what the sources of a dataset say.
@Suite struct SourceCheckingTests {
    private let root: TemporaryFolder

    init() throws { root = try TemporaryFolder() }

    private func problems(_ change: (inout Dataset) -> Void) throws -> [DatasetProblem] {
        let box = Box(x: 20, y: 30, width: 40, height: 30)
        var image = DatasetImage(
            id: 1, fileName: "a.png", width: 512, height: 512, patient: "p1", labels: [], boxes: [Annotation(classID: 1, box: box)])
        image.sources = ["boxes", "labels"]
        var set = Dataset(
            directory: root.file("set"), findingClasses: [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")],
            images: [image], folds: [:],
            sources: [
                DataSource(name: "boxes", boxed: ["Mass", "Nodule"], complete: ["Mass", "Nodule"]),
                DataSource(name: "labels", labelled: ["Mass"], complete: []),
            ])
        change(&set)
        try set.write(to: root.file("set"))
        try DrawnPictures.structured(1).png().write(to: root.file("set").appendingPathComponent("images/a.png"))
        return try DatasetChecker().check([("set", .directory(root.file("set")))]).problems.filter { $0.kind.rawValue.hasPrefix("source") }
    }

    @Test func aContradictionIsAWarningWithBothSources() throws {
        let found = try problems { _ in }
        #expect(
            found.map(\.line) == [
                "set: annotations.json, image 1 (a.png): Mass is boxed by boxes and labelled absent by labels; the box is taken"
            ])
        #expect(found.allSatisfy { $0.severity == .warning })
    }

    @Test func aFindingThatNoSourceIsCompleteForIsAFailure() throws {
        let found = try problems { $0.sources[0].complete = ["Mass"] }
        let failure = try #require(found.first)
        #expect(failure.severity == .failure && failure.place == "sources.json")
        #expect(failure.message.hasPrefix("no source is complete for Nodule, so nothing says where it is not; name it under \"complete\""))
    }

    @Test func aDatasetWithoutSourcesHasNoSuchProblem() throws { #expect(try problems { $0.sources = [] }.isEmpty) }

    @Test func aFileThatCannotBeReadIsAFailure() throws {
        _ = try problems { _ in }
        try Files.write(Data("{}".utf8), to: root.file("set").appendingPathComponent("sources.json"))
        let report = try DatasetChecker().check([("set", .directory(root.file("set")))])
        #expect(report.failures.map(\.kind) == [.source])
        #expect(report.failures.first?.message == "sources.json is not an object with a list \"sources\"")
    }
}
