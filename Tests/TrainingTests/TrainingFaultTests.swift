import Datasets
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import TestSupport
import Testing
import Training

/// What a training says of data and files that it cannot use, and what is left when it ends so.
@Suite(.serialized) struct TrainingFaultTests {
    private static func failure(_ body: () throws -> Void) throws -> String {
        let error = try #require(throws: (any Error).self) { try body() }
        let text = "\(error)"
        #expect(!text.contains("\n"))
        return text
    }

    @Test func aDatasetWithoutBoxesIsRefused() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        for index in dataset.images.indices { dataset.images[index].boxes = [] }
        let text = try Self.failure { _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: folder.file("run")) }
        #expect(text.contains("has a box; a detector learns from boxes"))
    }

    @Test func oneImageIsEnough() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        dataset.images = [try #require(dataset.images.first { !$0.boxes.isEmpty })]
        let bundle = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: folder.file("run"))
        #expect(try ModelBundle(directory: bundle).card.trainingData.images == 1)
    }

    @Test func aFindingWithoutABoxIsTold() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        dataset.findingClasses.append(FindingClass(id: 99, name: "Fibrosis"))
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: folder.file("run")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        #expect(messages.contains { $0.contains("Fibrosis") })
    }

    @Test func aCorruptImageIsNamedAndTheRestIsLearntFrom() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        try Data("no picture".utf8).write(to: dataset.url(of: dataset.images[3]))
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: folder.file("run")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        #expect(messages.contains { $0.contains(dataset.images[3].fileName) })
    }

    @Test func aCheckpointOfAnotherNetworkIsRefusedWhole() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: run)
        let before = try Data(contentsOf: run.appendingPathComponent("weights/last.safetensors"))
        // The same folder, with the settings of another network.
        var other = SmallTraining.configuration(steps: 4)
        other.model.backbone = .mobileNetV2
        try ConfigurationFile.text(of: other).write(
            to: run.appendingPathComponent("configuration.yaml"), atomically: true, encoding: .utf8)
        let text = try Self.failure { _ = try SmallTraining.run(dataset, other, in: run, resume: true) }
        #expect(text.contains("the checkpoint is of another network: ssdlite_mobilenet_v3_large"))
        #expect(try Data(contentsOf: run.appendingPathComponent("weights/last.safetensors")) == before)
    }

    @Test func anotherNumberOfFindingsIsRefusedToo() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: run)
        dataset.findingClasses.append(FindingClass(id: 99, name: "Fibrosis"))
        let text = try Self.failure {
            var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 2))
            training.stepsOnResuming = 4
            _ = try training.run(in: run, resume: true) { _ in }
        }
        #expect(text.contains("the checkpoint is of another network"))
    }

    /// A folder in which nothing can be made stands for a full disk: the checkpoint before is whole, and the run goes on from it.
    @Test func aCheckpointThatCannotBeWrittenLeavesTheOneBefore() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        let checkpoint = run.appendingPathComponent("weights/last.safetensors")
        let weights = run.appendingPathComponent("weights")
        let moved = folder.file("moved")
        let text = try Self.failure {
            _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 6), in: run) { event in
                guard case .step(let step) = event, step.step == 3 else { return }
                // Between the checkpoints of steps 2 and 4 the folder becomes a file, which even root cannot write into.
                try FileManager.default.moveItem(at: weights, to: moved)
                try Data().write(to: weights)
            }
        }
        #expect(text.contains("last.safetensors cannot be written"))
        try FileManager.default.removeItem(at: weights)
        try FileManager.default.moveItem(at: moved, to: weights)
        #expect(try WeightFile(contentsOf: checkpoint).metadata["step"] == "2")
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 6), in: run, resume: true)
        #expect(try SmallTraining.column("step", of: run) == ["0", "1", "2", "3", "4", "5"])
    }

    @Test func aFindingThatIsNotThereCannotBeLearntFromLabels() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 1)
        configuration.model.hasImageHead = true
        configuration.loss.imageWeight = 1
        configuration.loss.imageFindings = ["Cardiomegali"]
        let text = try Self.failure { _ = try SmallTraining.run(SmallTraining.dataset(folder), configuration, in: folder.file("run")) }
        #expect(text.contains("no finding Cardiomegali; the nearest is Cardiomegaly"))
    }

    @Test func aFindingThatIsNotThereCannotBePasted() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 1)
        configuration.augmentation.copyPaste.findings = ["Cardiomegali"]
        let text = try Self.failure { _ = try SmallTraining.run(SmallTraining.dataset(folder), configuration, in: folder.file("run")) }
        #expect(text.contains("augmentation.copy_paste.findings: the dataset has no finding Cardiomegali; the nearest is Cardiomegaly"))
    }

    @Test func withoutNormalImagesNothingIsPastedAndThatIsTold() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        dataset.images.removeAll { $0.boxes.isEmpty }
        var configuration = SmallTraining.configuration(steps: 1)
        configuration.augmentation.copyPaste.probability = 1
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("run")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        #expect(messages.contains { $0.contains("no image without findings to put one on") })
    }
}
