import Datasets
import Detection
import Domains
import Findings
import Foundation
import Geometry
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing
import Training
import TrainingExamples
import TrainingSettings

@Suite(.serialized) struct DomainTrainingTests {
    /// A chest's card is what it was, and the domain beside it.
    @Test func aChestsCardHasOneBlockMore() throws {
        let folder = try TemporaryFolder()
        let bundle = try SmallTraining.run(
            SmallTraining.dataset(folder), SmallTraining.configuration(steps: 2), in: folder.file("run"))
        let card = try ModelBundle(directory: bundle).card
        #expect(card.domain == .chestRadiograph && card.applicability == nil)
        #expect(card.intendedUse == ModelCard.defaultIntendedUse && card.notice == Notice.researchUseOnly)
        #expect(card.summary.contains("learnt from radiologists' boxes; starting weights: "))
        #expect(
            card.preprocessing.steps == [
                .percentileWindow(low: 0.5, high: 99.5), .letterbox(width: 128, height: 128, fill: 0),
                .normalise(mean: 0.5, standardDeviation: 0.5),
            ])
        let keys = try #require(try JSONSerialization.jsonObject(with: card.json()) as? [String: Any]).keys
        #expect(
            Set(keys) == [
                "appearance", "architecture", "created", "domain", "findings", "input_gate", "input_side", "intended_use", "licence",
                "metrics", "name",
                "notice",
                "preprocessing", "score_threshold", "summary", "suppression", "training_data", "version",
            ])
        #expect(!FileManager.default.fileExists(atPath: folder.file("run/domain.yaml").path))
    }

    /// From pictures in colour to a bundle that looks at pictures in colour, and at no others.
    @Test func aDomainInColourIsLearntAndUsed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("set/images"), withIntermediateDirectories: true)
        var dataset = Dataset(
            directory: folder.file("set"), findingClasses: [FindingClass(id: 1, name: "Cell")], images: [], folds: [:])
        func picture(_ index: Int) -> (ColourPicture, Box) {
            let box = Box(x: Double(20 + 5 * index), y: Double(70 - 5 * index), width: 30, height: 30)
            let picture = ColourPicture(width: 128, height: 128) { x, y in
                let distance = hypot(Double(x) + 0.5 - box.centerX, Double(y) + 0.5 - box.centerY)
                return distance < 15 ? (UInt8(120 + index), 40, 150) : (230, 210, UInt8(200 + x % 7))
            }
            return (picture, box)
        }
        for index in 0..<8 {
            let (image, box) = picture(index)
            try image.png.write(to: folder.file("set/images/\(index).png"))
            dataset.images.append(
                DatasetImage(
                    id: index + 1, fileName: "\(index).png", width: 128, height: 128, patient: "p\(index)",
                    boxes: [Annotation(classID: 1, box: box)]))
        }
        var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 3))
        training.domain = try #require(Domain.builtIn("blood-smear"))
        let bundle = try ModelBundle(directory: training.run(in: folder.file("run"), resume: false) { _ in })
        #expect(bundle.card.inputChannels == 3 && bundle.card.domain == training.domain && bundle.card.inputGate == nil)
        #expect(bundle.card.preprocessing.steps.first == .letterbox(width: 128, height: 128, fill: 0))

        // OpenVINO says what LibTorch says, but for weights of 16 bits.
        let detector = try Detector(bundle: bundle)
        let decoders = detector.decoders(DrawnPictures.decoders)
        let radiograph = try decoders.decode(picture(3).0.png)
        let prepared = try detector.prepare(radiograph, from: .generated("smear"))
        #expect(prepared.inputs[0].values.count == 3 * 128 * 128)
        let found = try detector.findings(prepared, threshold: 0.005).findings
        let learnt = try training.predictions(ofRunIn: folder.file("run"), on: [dataset.images[3]], of: dataset)[0]
        let best = try #require(learnt.max { $0.score < $1.score })
        let top = try #require(found.first)
        #expect(abs(top.score - best.score) < 2e-3 && top.boundingBox.intersectionOverUnion(best.box) > 0.98)

        // A film in grey clothes, and one in colour's.
        let film = try decoders.decode(SampleFiles.png())
        #expect(
            throws: ImageFailure(code: "outside use", "outside use: the image is grey; the model is for stained blood smears in colour")
        ) {
            try detector.prepare(film, from: .generated("film"))
        }
    }

    /// A run that goes on keeps the domain that it was begun with.
    @Test func aRunThatGoesOnKeepsItsDomain() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 1, side: 512, kind: .ultrasound).writeDataset(count: 6, to: folder.file("set"))
        var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 2))
        training.domain = try #require(Domain.builtIn("ultrasound"))
        var lines: [String] = []
        _ = try training.run(in: folder.file("run"), resume: false) { if case .message(let line) = $0 { lines.append(line) } }
        #expect(lines.contains { $0.contains("6 of 6 pictures have something burnt in outside the sector") })
        var later = SmallTraining.training(dataset, SmallTraining.configuration(steps: 2))
        later.stepsOnResuming = 4
        let bundle = try ModelBundle(directory: later.run(in: folder.file("run"), resume: true) { _ in })
        #expect(bundle.card.domain == training.domain)
        #expect(bundle.card.preprocessing.steps.first == .sector)
    }

    @Test func whatDoesNotGoWithColourIsRefused() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.augmentation.copyPaste.probability = 0.5
        var training = SmallTraining.training(try SmallTraining.dataset(folder, count: 2), configuration)
        training.domain = try #require(Domain.builtIn("blood-smear"))
        #expect(throws: TrainingError(.configuration, "")) { try training.run(in: folder.file("run"), resume: false) { _ in } }
    }
}
