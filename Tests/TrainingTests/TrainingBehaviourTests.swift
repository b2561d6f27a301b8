import Datasets
import Findings
import Foundation
import ModelGraph
import Models
import PleuraTesting
import RunRecords
import Testing
import Training
import TrainingExamples
import TrainingSettings
import Weights

@Suite(.serialized) struct TrainingBehaviourTests {
    /// Figures of patients that are not learnt from, the best weights kept, and the pictures of the run.
    @Test func aValidationTellsHowItGoes() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 6)
        configuration.validation.share = 0.3
        configuration.validation.interval = 2
        var validations: [ValidationReport] = []
        let run = folder.file("run")
        _ = try SmallTraining.run(SmallTraining.dataset(folder, count: 12), configuration, in: run) {
            if case .validation(let validation) = $0 { validations.append(validation) }
        }
        #expect(validations.map(\.step) == [2, 4, 6])
        #expect(validations.allSatisfy { $0.deciding != nil })
        #expect(try SmallTraining.column("step", of: run, file: "results.csv") == ["2", "4", "6"])
        let files = try Files.names(in: run)
        for name in [
            "labels.png", "train_batch0.jpg", "results.png", "PR_curve.png", "F1_curve.png", "P_curve.png", "R_curve.png",
            "confusion_matrix.png", "confusion_matrix_normalized.png", "val_batch0_labels.jpg", "val_batch0_pred.jpg",
            "environment.json", "configuration.yaml",
        ] {
            #expect(files.contains(name), "\(name)")
        }
        #expect(files.contains { $0.hasPrefix("events.out.tfevents.") })
        // What was learnt from is what the card says: the validation's patients are not in it.
        let card = try ModelBundle(directory: run.appendingPathComponent("bundle")).card
        #expect(card.trainingData.images < 12)
    }

    /// The mean losses of a validation are those of its steps.
    @Test func aValidationHasTheMeansOfItsSteps() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 4)
        configuration.validation.interval = 2
        let run = folder.file("run")
        _ = try SmallTraining.run(SmallTraining.dataset(folder), configuration, in: run)
        let losses = try SmallTraining.column("loss", of: run).compactMap(Double.init)
        let means = try SmallTraining.column("train/loss", of: run, file: "results.csv").compactMap(Double.init)
        #expect(abs(means[0] - (losses[0] + losses[1]) / 2) < 1e-5)
        #expect(abs(means[1] - (losses[2] + losses[3]) / 2) < 1e-5)
    }

    @Test func patienceEndsARunAndItStaysEnded() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 40)
        // A rate too small to change any figure.
        configuration.optimiser.learningRate = 1e-12
        configuration.validation.share = 0.3
        configuration.validation.interval = 1
        configuration.validation.patience = 2
        let dataset = try SmallTraining.dataset(folder, count: 12)
        let run = folder.file("run")
        _ = try SmallTraining.run(dataset, configuration, in: run)
        let steps = try SmallTraining.column("step", of: run)
        #expect(steps.count == 3, "the first validation is the best, and two more are no better")
        _ = try SmallTraining.run(dataset, configuration, in: run, resume: true)
        #expect(try SmallTraining.column("step", of: run) == steps)
    }

    /// A batch that goes through the network in parts moves the weights as one that goes at once, where normalisation does not mix images.
    @Test(arguments: [OptimiserConfiguration.Kind.adamw, .sgd])
    func partsOfABatchAddUp(_ kind: OptimiserConfiguration.Kind) throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.optimiser.kind = kind
        configuration.loop.batchSize = 4
        configuration.loop.normalisation = .frozen
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("whole"))
        configuration.loop.accumulation = 4
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("parts"))
        let losses = try ["whole", "parts"].map { try SmallTraining.column("loss", of: folder.file($0)).compactMap(Double.init) }
        let norms = try ["whole", "parts"].map { try SmallTraining.column("gradient_norm", of: folder.file($0)).compactMap(Double.init) }
        #expect(abs(losses[0][0] - losses[1][0]) < 1e-4 * losses[0][0])
        #expect(abs(norms[0][0] - norms[1][0]) < 1e-3 * norms[0][0])
        // The first step of AdamW takes the sign of gradients that are rounding, too: what follows is near, not equal.
        #expect(abs(losses[0][1] - losses[1][1]) < 0.02 * losses[0][1])
    }

    @Test func theSameSeedGivesTheSameWeightsAndAnotherDoesNot() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.cache.workers = 3
        for name in ["a", "b"] { _ = try SmallTraining.run(dataset, configuration, in: folder.file(name)) }
        configuration.loop.seed = 2
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("c"))
        #expect(try SmallTraining.weights(folder.file("a")) == SmallTraining.weights(folder.file("b")))
        #expect(try SmallTraining.weights(folder.file("a")) != SmallTraining.weights(folder.file("c")))
    }

    @Test func frozenStagesStayAsTheyWere() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        var configuration = SmallTraining.configuration(steps: 1, side: 256)
        configuration.model = try ConfigurationFile.read("retina-resnet18").model
        configuration.model.inputSide = 256
        configuration.model.channels = 16
        configuration.optimiser.frozenStages = 2
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("one"))
        configuration.loop.steps = 3
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("three"))
        let (one, three) = (try SmallTraining.weights(folder.file("one")), try SmallTraining.weights(folder.file("three")))
        let changed = one.keys.filter { $0.hasPrefix("network/backbone.") && one[$0] != three[$0] }
        #expect(one.keys.contains { $0.hasPrefix("network/backbone.stem") })
        #expect(!changed.contains { $0.hasPrefix("network/backbone.stem") })
        #expect(!changed.isEmpty, "later stages learn")
    }

    /// Every fold is trained once and tested once, and a cross-validation that is begun again does nothing twice.
    @Test func everyFoldIsTestedOnce() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder, count: 12)
        var messages: [String] = []
        let validation = CrossValidation(SmallTraining.training(dataset, SmallTraining.configuration(steps: 2)))
        func run() throws -> PooledScores {
            try validation.run(in: folder.file("all")) { fold, event in
                if case .message(let text) = event { messages.append("\(fold): \(text)") }
            }
        }
        let scores = try run()
        #expect(scores.images == dataset.images.count { !$0.boxes.isEmpty })
        #expect(scores.boxes == dataset.boxCount)
        for fold in 0..<4 {
            let card = try ModelBundle(directory: folder.file("all/fold_\(fold)/bundle")).card
            #expect(card.trainingData.folds == [0, 1, 2, 3].filter { $0 != fold })
        }
        messages = []
        #expect(try run() == scores)
        #expect(messages == (0..<4).map { "\($0): fold \($0) is done already" })
    }

    /// Images of which only whole-image findings are known teach the head for them, and pretrain a backbone that a detector starts from.
    @Test func imageLabelsTeachAHeadAndABackbone() throws {
        let folder = try TemporaryFolder()
        var dataset = try SmallTraining.dataset(folder, count: 12)
        let names = Dictionary(uniqueKeysWithValues: dataset.findingClasses.map { ($0.id, $0.name) })
        for index in dataset.images.indices {
            dataset.images[index].labels = Set(dataset.images[index].boxes.compactMap { names[$0.classID] }).sorted()
            if index >= 6 { dataset.images[index].boxes = [] }
        }
        var joint = SmallTraining.configuration(steps: 3)
        joint.model.hasImageHead = true
        joint.loss.imageWeight = 0.5
        joint.sampling.labelledShare = 0.5
        let bundle = try SmallTraining.run(dataset, joint, in: folder.file("joint"))
        #expect(try SmallTraining.column("image_loss", of: folder.file("joint")).compactMap(Double.init).allSatisfy { $0 > 0 })
        let model = try ONNXModel(bytes: Data(contentsOf: bundle.appendingPathComponent("model.onnx")))
        #expect(model.outputNames == ["boxes", "scores", "image_scores"])

        var pretraining = SmallTraining.configuration(steps: 3, side: 64)
        pretraining.model = try ConfigurationFile.read("pretrain-resnet18").model
        pretraining.model.inputSide = 64
        pretraining.loss.imageWeight = 1
        pretraining.validation.share = 0.3
        var validations: [ValidationReport] = []
        let weights = try SmallTraining.run(dataset, pretraining, in: folder.file("pretrained")) {
            if case .validation(let validation) = $0 { validations.append(validation) }
        }
        #expect(weights.lastPathComponent == "best.safetensors")
        #expect(validations.last?.figures.map(\.name).contains("metrics/AUROC") == true)

        var detector = SmallTraining.configuration(steps: 1, side: 256)
        detector.model = try ConfigurationFile.read("retina-resnet18").model
        detector.model.inputSide = 256
        detector.start = folder.file("pretrained").path
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, detector, in: folder.file("boxes")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        // Every tensor of the backbone is taken.
        let count = try WeightFile(contentsOf: weights).arrays.keys.count { $0.hasPrefix("backbone.") }
        #expect(messages.contains { $0.contains("\(count) of") }, "\(messages)")
        // Another run's heads under that backbone: each file is read for its part, and the card names both.
        var plain = detector
        plain.start = "none"
        plain.loop.seed = 9
        _ = try SmallTraining.run(dataset, plain, in: folder.file("plain"))
        var second = detector
        second.start = folder.file("plain").path
        second.backboneStart = folder.file("pretrained").path
        second.optimiser.learningRate = 1e-9
        messages = []
        _ = try SmallTraining.run(dataset, second, in: folder.file("second")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        #expect(messages.contains { $0.hasPrefix("backbone: ") && $0.contains("\(count) of") }, "\(messages)")
        func arrays(_ run: String) throws -> [String: NumericArray] {
            try WeightFile(contentsOf: folder.file(run).appendingPathComponent("weights/best.safetensors")).arrays
        }
        let (backbone, heads, mixed) = (try arrays("pretrained"), try arrays("plain"), try arrays("second"))
        let convolutions = backbone.keys.filter { $0.hasPrefix("backbone.") && $0.hasSuffix(".weight") }
        #expect(!convolutions.isEmpty)
        func distance(_ a: NumericArray?, _ b: NumericArray?) -> Float {
            zip(a?.values ?? [], b?.values ?? []).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        for name in convolutions { #expect(distance(mixed[name], backbone[name]) < 1e-4, "\(name)") }
        #expect(convolutions.contains { distance(mixed[$0], heads[$0]) > 1e-3 })
        for name in heads.keys where name.hasPrefix("head.") && name.hasSuffix(".weight") {
            #expect(distance(mixed[name], heads[name]) < 1e-4, "\(name)")
        }
        #expect(second.startName == "plain, backbone of pretrained")
    }

    /// Weights that another preset makes and that are not there are asked for before any image is read.
    @Test func aMissingStartIsToldBeforeAnythingIsRead() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder, count: 2)
        for (start, reason) in [
            ("pretrain-phantoms", "the preset pretrain-phantoms makes it"),
            ("pretrain-phantoms-pyramid", "the preset pretrain-phantoms-pyramid makes it"), ("elsewhere", "there is no file"),
        ] {
            var configuration = SmallTraining.configuration(steps: 1)
            configuration.start = folder.file(start).path
            var messages: [String] = []
            let error = #expect(throws: (any Error).self) {
                try SmallTraining.run(dataset, configuration, in: folder.file("run")) {
                    if case .message(let text) = $0 { messages.append(text) }
                }
            }
            #expect("\(error as Any)".contains(reason), "\(error as Any)")
            #expect(!messages.contains { $0.hasPrefix("reading") }, "\(messages)")
            #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
        }
    }
}
