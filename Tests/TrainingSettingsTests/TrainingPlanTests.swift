import Datasets
import Findings
import Foundation
import Geometry
import Radiographs
import Testing
import TrainingExamples
import TrainingSettings

/// Settings proposed from a dataset.
@Suite struct TrainingPlanTests {
    private static let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")]

    /// Pictures of 1024 by 1024 with one box each, of the sizes given, the second class on every `rare`-th.
    private static func dataset(_ sizes: [(width: Double, height: Double)], rare: Int = 2, normal: Int = 0) -> Dataset {
        var images = sizes.enumerated().map { index, size in
            DatasetImage(
                id: index + 1, fileName: "\(index).png", width: 1024, height: 1024, patient: "p\(index)", view: "PA",
                boxes: [
                    Annotation(
                        classID: index % rare == 0 ? 2 : 1, box: Box(x: 100, y: 100, width: size.width, height: size.height))
                ])
        }
        for index in 0..<normal {
            images.append(
                DatasetImage(
                    id: sizes.count + index + 1, fileName: "n\(index).png", width: 1024, height: 1024, patient: "n\(index)",
                    view: "PA", boxes: []))
        }
        return Dataset(directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: images, folds: [:])
    }

    private static func values(_ plan: TrainingPlan) -> [String: String] {
        Dictionary(plan.proposals.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// The file that is printed says what is proposed, whatever the preset.
    @Test(arguments: Preset.all.map(\.name).filter { !$0.contains("classifier") })
    func theTextIsAConfiguration(_ preset: String) throws {
        let sizes = (0..<60).map { (width: 100 + Double($0), height: 150.0) }
        let plan = try TrainingPlan(dataset: Self.dataset(sizes, normal: 20), preset: preset, memory: 8e9)
        let planned = try ConfigurationFile.configuration(text: plan.text, file: "plan.yaml")
        var expected = try ConfigurationFile.read(preset, settings: plan.proposals.map { "\($0.key)=\($0.value)" })
        expected.loop.steps = planned.loop.steps
        #expect(planned == expected)
        #expect(planned.scoreThreshold == 0.3 && planned.validation.share == 0.15)
        #expect(planned.loop.batchSize % planned.loop.accumulation == 0)
        #expect(plan.proposals.allSatisfy { $0.reason.count > 10 })
    }

    /// Boxes twice as high as wide want anchors of that shape, and all of one size are met by one.
    @Test func anchorsTakeTheShapeOfTheBoxes() throws {
        let plan = try TrainingPlan(
            dataset: Self.dataset(Array(repeating: (width: 120, height: 240), count: 40)), preset: "retina-resnet18",
            settings: ["model.head=anchors", "model.assigner=overlap"], memory: 8e9)
        let values = Self.values(plan)
        #expect(values["model.anchor_aspects"] == "[2.0]")
        let reason = try #require(plan.proposals.first { $0.key == "model.anchor_scales" }).reason
        let overlap = try #require(Double(reason.split(separator: " ").first { $0.hasPrefix("0.") || $0.hasPrefix("1.") }?.prefix(4) ?? ""))
        #expect(overlap >= 0.95, "\(reason)")
        #expect(plan.text.contains("--set model.head=anchors"))
    }

    @Test func smallBoxesWantALargeInput() throws {
        func side(_ box: Double) throws -> Int {
            let plan = try TrainingPlan(
                dataset: Self.dataset(Array(repeating: (width: box, height: box), count: 40)), preset: "retina-resnet18", memory: 64e9)
            return try #require(Self.values(plan)["model.input_side"].flatMap(Int.init))
        }
        // 16 pixels across on the finest map: 16 of 1024 is all of it, 32 half, and what is large does with the least.
        #expect(try [side(16), side(32), side(400)] == [1024, 512, 320])
    }

    @Test func littleMemoryTakesABatchInParts() throws {
        let dataset = Self.dataset(Array(repeating: (width: 30, height: 30), count: 40))
        let values = try Self.values(TrainingPlan(dataset: dataset, preset: "retina-resnet18", memory: 1.2e9))
        let batch = try #require(values["loop.batch_size"].flatMap(Int.init))
        let parts = try #require(values["loop.accumulation"].flatMap(Int.init))
        #expect(parts > 1 && batch % parts == 0 && batch >= 8)
        #expect(try Self.values(TrainingPlan(dataset: dataset, preset: "retina-resnet18", memory: 64e9))["loop.accumulation"] == nil)
    }

    @Test func rareFindingsAreShownMoreOftenAndFewImagesAreTold() throws {
        let plan = try TrainingPlan(
            dataset: Self.dataset(Array(repeating: (width: 90, height: 90), count: 60), rare: 10), preset: "ssdlite-mobilenet", memory: 8e9)
        #expect(Self.values(plan)["sampling.class_balance"] == "0.5")
        #expect(plan.remarks.contains("Nodule is on 6 images: expect little of it."))
        #expect(Self.values(plan)["sampling.normal_share"] == "0")
    }

    @Test func withoutABoxThereIsNoPlan() {
        #expect(throws: TrainingError.self) { try TrainingPlan(dataset: Self.dataset([], normal: 5), preset: "ssdlite-mobilenet") }
    }
}
