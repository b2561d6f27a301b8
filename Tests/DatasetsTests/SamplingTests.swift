import Datasets
import Findings
import Foundation
import Geometry
import Testing

/// Samples show every finding, are the same for the same seed, and hold only what was asked for.
@Suite struct SamplingTests {
    /// A hundred images of a frequent finding, three of a rare one, forty without boxes of which five are said to have an effusion.
    private let set: Dataset = {
        var images: [DatasetImage] = []
        func add(_ count: Int, boxes: [Int], labels: [String] = [], part: String) {
            for _ in 0..<count {
                images.append(
                    DatasetImage(
                        id: images.count + 1, fileName: "\(images.count).png", width: 9, height: 9, patient: "p", part: part,
                        labels: labels, boxes: boxes.map { Annotation(classID: $0, box: Box(x: 1, y: 1, width: 2, height: 2)) }))
            }
        }
        add(100, boxes: [1], part: "train")
        add(3, boxes: [1, 2], part: "train")
        add(35, boxes: [], part: "test")
        add(5, boxes: [], labels: ["Effusion"], part: "test")
        return Dataset(
            directory: FileManager.default.temporaryDirectory,
            findingClasses: [
                FindingClass(id: 2, name: "Nodule"), FindingClass(id: 1, name: "Mass"), FindingClass(id: 3, name: "Effusion"),
            ],
            images: images, folds: [:])
    }()

    @Test func rareFindingsAreAmongFewImages() throws {
        let sample = try set.sample(count: 9)
        #expect(sample.map { $0.boxes.map(\.classID) } == [[1, 2], [1, 2], [1, 2], [1], [1], [1], [], [], []])
        // Where a group has no more, the others fill up.
        let larger = try set.sample(count: 23)
        #expect(larger.filter { $0.boxes.count == 2 }.count == 3 && larger.filter { $0.boxes.count == 1 }.count == 10)
        #expect(Set(larger.map(\.id)).count == 23 && larger.filter(\.boxes.isEmpty).count == 10)
        #expect(try set.sample(count: 1_000).map(\.id).sorted() == set.images.map(\.id))
    }

    @Test func theSeedAndNotTheOrderDecides() throws {
        var turned = set
        turned.images.reverse()
        #expect(try set.sample(count: 20, seed: 4) == turned.sample(count: 20, seed: 4))
        #expect(try set.sample(count: 20, seed: 4) != set.sample(count: 20, seed: 5))
    }

    @Test func onlyWhatIsAskedForIsDrawn() throws {
        #expect(try set.sample(count: 50, finding: "Nodule").count == 3)
        // Nobody drew a box of it: those of whom it is said.
        let said = try set.sample(count: 50, finding: "Effusion")
        #expect(said.count == 5 && said.allSatisfy { $0.labels == ["Effusion"] })
        #expect(try set.sample(count: 500, part: "test").allSatisfy { $0.part == "test" })
        for (finding, part) in [("Hernia", nil), ("Nodule", "test"), (nil, "validation")] as [(String?, String?)] {
            let error = #expect(throws: DatasetError.self) { try set.sample(count: 5, finding: finding, part: part) }
            #expect(error?.code == .missing)
        }
    }
}
