import Datasets
import Findings
import Foundation
import Geometry
import ModelGraph
import Models
import Networks
import PleuraTesting
import Radiographs
import RunRecords
import Testing
import Training
import TrainingExamples
import TrainingSettings
import Weights

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

    // MARK: Pictures

    private static func messages(_ dataset: Dataset, in folder: URL) throws -> [String] {
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: folder) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        return messages
    }

    /// Boxes that nobody can see would teach that the picture has no finding.
    @Test(arguments: [
        Box(x: 5000, y: 5000, width: 10, height: 10), Box(x: -50, y: 10, width: 20, height: 20), Box(x: 5, y: 5, width: 1e-9, height: 1e-9),
        Box(x: -1e300, y: -1e300, width: 1e301, height: 1e301), Box(x: 5, y: 5, width: .nan, height: 9),
        Box(x: .infinity, y: 5, width: 9, height: 9),
    ])
    func aPictureWhoseBoxIsNotOnItIsLeftOutAndNamed(_ box: Box) throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        let place = try #require(dataset.images.firstIndex { !$0.boxes.isEmpty })
        let count = dataset.images[place].boxes.count
        dataset.images[place].boxes[0].box = box
        let run = folder.file("run")
        let expected =
            "\(dataset.images[place].fileName): no images: 1 of its \(count) boxes have no size, lie outside the picture or have no finding of the label map"
        #expect(try Self.messages(dataset, in: run).contains(expected))
        #expect(try ModelBundle(directory: run.appendingPathComponent("bundle")).card.trainingData.images == dataset.images.count - 1)
    }

    /// The part of a box that is on the picture is learnt from.
    @Test func aBoxThatReachesOverTheEdgeIsLearntFrom() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        let place = try #require(dataset.images.firstIndex { !$0.boxes.isEmpty })
        dataset.images[place].boxes[0].box = Box(x: -2, y: 200, width: 50, height: 58)
        let messages = try Self.messages(dataset, in: folder.file("run"))
        #expect(!messages.contains { $0.contains(dataset.images[place].fileName) })
    }

    /// Pictures made smaller after their boxes were drawn: every box would lie elsewhere.
    @Test func aPictureOfAnotherSizeThanItsBoxesAreOfIsLeftOutAndNamed() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let image = try #require(dataset.images.first { !$0.boxes.isEmpty })
        let small = PixelImage(width: 128, height: 100, bits: 8, samples: (0..<12_800).map { UInt16($0 % 250) })
        try small.png().write(to: dataset.url(of: image))
        let run = folder.file("run")
        let expected =
            "\(image.fileName): no images: it has 128 x 100 pixels, and its boxes are of a picture of \(image.width) x \(image.height)"
        #expect(try Self.messages(dataset, in: run).contains(expected))
        #expect(try ModelBundle(directory: run.appendingPathComponent("bundle")).card.trainingData.images == dataset.images.count - 1)
    }

    /// Not after hours of training: the rest is learnt from, and the card counts only that.
    @Test func picturesThatAreGoneAreNamedAndNotCounted() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let (gone, run) = (dataset.images[1], folder.file("run"))
        try FileManager.default.removeItem(at: dataset.url(of: gone))
        #expect(try Self.messages(dataset, in: run).contains { $0.hasPrefix("\(gone.fileName): ") })
        let data = try ModelBundle(directory: run.appendingPathComponent("bundle")).card.trainingData
        #expect(data.images == dataset.images.count - 1)
        #expect(data.boxes == dataset.images.filter { $0.id != gone.id }.reduce(0) { $0 + $1.boxes.count })
    }

    @Test func blackPicturesAreToldBeforeTheTraining() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        for image in dataset.images {
            let black = DrawnPictures.flat(width: image.width, height: image.height, grey: 0)
            try black.png().write(to: dataset.url(of: image))
        }
        var steps = 0
        let text = try Self.failure {
            _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: folder.file("run")) {
                if case .step = $0 { steps += 1 }
            }
        }
        #expect(text.contains("no image has any contrast") && steps == 0)
    }

    @Test func aBatchOfOneGivesAModelOfNumbers() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.loop.batchSize = 1
        let run = folder.file("run")
        _ = try SmallTraining.run(SmallTraining.dataset(folder), configuration, in: run)
        let weights = try SmallTraining.weights(run)
        #expect(weights.count > 400 && weights.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }

    // MARK: Run folders

    @Test func aFolderWithSomebodysFilesIsLeftAsItIs() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        for (name, expected) in [
            ("configuration.yaml", "configuration.yaml is there, and no run of Pleura wrote it"),
            ("labels.png", "labels.png is there, and no run of Pleura wrote it"),
            ("bundle", "holds a run already"), ("annotations.json", "is a dataset directory"),
        ] {
            let run = folder.file("run-\(name)")
            try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: run.appendingPathComponent(name))
            let text = try Self.failure { _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: run) }
            #expect(text.contains(expected), "\(text)")
            #expect(try Files.names(in: run) == [name])
            #expect(try Data(contentsOf: run.appendingPathComponent(name)) == Data("mine".utf8))
        }
        // A model_dir of the Object Detection API holds other files.
        let run = folder.file("model_dir")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        try Data("model {}".utf8).write(to: run.appendingPathComponent("pipeline.config"))
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: run)
    }

    @Test func twoTrainingsDoNotShareAFolder() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        var second = ""
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: run) { event in
            guard case .step(let step) = event, step.step == 1 else { return }
            second = try Self.failure { _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: run) }
        }
        #expect(second.contains("another training is writing into this folder"))
        #expect(try SmallTraining.column("step", of: run) == ["0", "1"])
        // Afterwards it is free again.
        var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 2))
        training.stepsOnResuming = 3
        _ = try training.run(in: run, resume: true) { _ in }
    }

    @Test func aRunThatGoesOnNeedsToKnowItsFoldAndCannotGoBack() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 4))
        training.testFold = 1
        _ = try training.run(in: run, resume: false) { _ in }
        let settings = try Data(contentsOf: run.appendingPathComponent("configuration.yaml"))
        training.testFold = nil
        training.stepsOnResuming = 2
        let back = try Self.failure { _ = try training.run(in: run, resume: true) { _ in } }
        #expect(back.contains("4 steps are done; it cannot go on to step 2"))
        #expect(try Data(contentsOf: run.appendingPathComponent("configuration.yaml")) == settings)
        try FileManager.default.removeItem(at: run.appendingPathComponent("environment.json"))
        training.stepsOnResuming = 6
        let blind = try Self.failure { _ = try training.run(in: run, resume: true) { _ in } }
        #expect(blind.contains("environment.json is not there or damaged, so which fold it leaves out is not known"))
    }

    @Test func aFinishedRunWithoutItsCheckpointIsNotBegunAnew() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        let bundle = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: run)
        try FileManager.default.removeItem(at: run.appendingPathComponent("weights/last.safetensors"))
        let model = try Data(contentsOf: bundle.appendingPathComponent("model.onnx"))
        for resume in [false, true] {
            let text = try Self.failure {
                _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 1), in: run, resume: resume)
            }
            #expect(text.contains(resume ? "a finished run and no checkpoint" : "holds a run already"), "\(text)")
        }
        #expect(try Data(contentsOf: bundle.appendingPathComponent("model.onnx")) == model)
    }

    /// Figures of another dataset are not pooled with this one's because they lie in the same folder.
    @Test func aCrossValidationOfOtherDataIsNotTakenForDone() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder)
        let all = folder.file("all")
        let first = CrossValidation(SmallTraining.training(dataset, SmallTraining.configuration(steps: 1)), folds: [0])
        _ = try first.run(in: all) { _, _ in }
        #expect(try first.run(in: all) { _, _ in }.images > 0)
        for index in dataset.images.indices where !dataset.images[index].boxes.isEmpty { dataset.images[index].boxes[0].box.x += 1 }
        let second = CrossValidation(SmallTraining.training(dataset, SmallTraining.configuration(steps: 1)), folds: [0])
        let text = try Self.failure { _ = try second.run(in: all) { _, _ in } }
        #expect(text.contains("fold_0 is done, but with other images or boxes than this dataset's"))
    }

    /// What the card will say is looked at before the first step, not after the last.
    @Test func aCardThatCouldNotBeWrittenIsRefusedAtOnce() throws {
        let folder = try TemporaryFolder()
        var training = SmallTraining.training(try SmallTraining.dataset(folder), SmallTraining.configuration(steps: 1))
        training.dataDescription = "two\nlines"
        let text = try Self.failure { _ = try training.run(in: folder.file("run"), resume: false) { _ in } }
        #expect(text.contains("the description of the data is"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
    }
}
