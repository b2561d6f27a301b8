import Foundation
import Networks
import Radiographs
import TestSupport
import Testing
import Training

@Suite struct ConfigurationFileTests {
    private static func read(_ text: String, settings: [String] = []) throws -> TrainingConfiguration {
        try ConfigurationFile.configuration(text: text, file: "mine.yaml", settings: settings)
    }

    private static func refusal(_ text: String, settings: [String] = []) throws -> String {
        try #require(throws: TrainingError.self) { try read(text, settings: settings) }.reason
    }

    @Test(arguments: Preset.all)
    func everyPresetCanBeTrained(_ preset: Preset) throws {
        let configuration = try preset.configuration().validated()
        #expect(!configuration.description.isEmpty)
        // What a run folder keeps is the same again.
        let kept = try ConfigurationFile.text(of: configuration)
        #expect(try ConfigurationFile.configuration(text: kept, file: "kept") == configuration)
        #expect(!kept.contains("e-1"), "numbers are written as people write them")
    }

    @Test func theNamesOfTheObjectDetectionAPIAreUnderstood() throws {
        #expect(Preset.named("ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8")?.name == "ssd-mobilenetv2-fpnlite")
        #expect(Preset.named("SSD_MobileNet_V2_keras")?.name == "ssd-mobilenetv2")
        #expect(Preset.named("faster_rcnn") == nil)
        let names = Preset.all.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test func aFileChangesAPresetAndACommandLineTheFile() throws {
        let text = """
            extends: retina-resnet18
            model: {input_side: 640}
            loop: {batch_size: 4, seed: 7}
            preprocessing:
              - {name: clahe, tiles: 8, clip_limit: 2}
              - {name: normalise, mean: 0.4, standard_deviation: 0.2}
            """
        let read = try Self.read(text, settings: ["loop.batch_size=6", "augmentation.geometry.flip_probability=0"])
        var expected = try ConfigurationFile.read("retina-resnet18")
        expected.model.inputSide = 640
        expected.loop.batchSize = 6
        expected.loop.seed = 7
        expected.augmentation.geometry.flipProbability = 0
        expected.preprocessing = [.clahe(tiles: 8, clipLimit: 2), .normalise(mean: 0.4, standardDeviation: 0.2)]
        #expect(read == expected)
    }

    @Test func theLetterboxIsAsLargeAsTheInputAndBeforeNormalising() throws {
        let steps = try Self.read("model: {input_side: 384}").wholePreprocessing.steps
        #expect(
            steps == [
                .percentileWindow(low: 0.5, high: 99.5), .letterbox(width: 384, height: 384, fill: 0),
                .normalise(mean: 0.5, standardDeviation: 0.5),
            ])
    }

    @Test(arguments: [
        ("loop: {bach_size: 4}", "mine.yaml: unknown key loop.bach_size; the nearest known is loop.batch_size"),
        ("modle: {}", "mine.yaml: unknown key modle; the nearest known is model"),
        ("loop: {zzzzzzzzzzzz: 4}", "mine.yaml: unknown key loop.zzzzzzzzzzzz"),
        ("loop: {batch_size: many}", "mine.yaml: loop.batch_size has a value of the wrong kind"),
        ("loop: 3", "loop has keys of its own: seed, steps"),
        (
            "extends: retina-resnet19",
            "mine.yaml: extends retina-resnet19, which is neither a preset nor a file; the nearest preset is retina-resnet18"
        ),
        ("- a\n- b", "mine.yaml: not a mapping"),
        ("loop: {batch_size: 4", "mine.yaml: "),
        ("model: {backbone: resnet-19}", "mine.yaml: model.backbone"),
    ])
    func aMistakeIsNamedWithItsPlace(_ text: String, expected: String) throws {
        let reason = try Self.refusal(text)
        #expect(reason.contains(expected), "\(reason)")
        #expect(!reason.contains("\n"))
    }

    @Test func aFileExtendsAnotherFromItsOwnFolder() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("below"), withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws { try text.write(to: folder.file(name), atomically: true, encoding: .utf8) }
        try write("extends: retina-resnet18\nloop: {batch_size: 4, seed: 9}\n", "base.yaml")
        try write("extends: ../base.yaml\nloop: {seed: 7}\n", "below/mine.yaml")
        let configuration = try ConfigurationFile.read(folder.file("below/mine.yaml").path)
        #expect(configuration.loop.seed == 7 && configuration.loop.batchSize == 4 && configuration.model.family == .retina)
        try write("extends: mine.yaml\n", "mine.yaml")
        let error = #expect(throws: TrainingError.self) { try ConfigurationFile.read(folder.file("mine.yaml").path) }
        #expect(error?.reason == "mine.yaml: extends itself")
    }

    @Test func aSettingWithoutAValueIsRefused() throws {
        #expect(try Self.refusal("{}", settings: ["loop.batch_size"]).contains("key=value"))
        #expect(try Self.refusal("{}", settings: ["loop.batch_sizes=3"]).contains("nearest known is loop.batch_size"))
    }

    @Test(arguments: [
        "model: {family: ssdlite, backbone: resnet-18}", "model: {head: anchor-free, family: retina, assigner: overlap}",
        "optimiser: {nesterov: true}", "loop: {batch_size: 6, accumulation: 4}", "loss: {image_weight: 1}", "validation: {share: 1}",
        "schedule: {final_share: 2}", "preprocessing: [{name: letterbox, width: 320, height: 320, fill: 0}]",
    ])
    func whatCannotBeTrainedIsRefused(_ text: String) throws {
        let configuration = try Self.read(text)
        #expect(throws: TrainingError.self) { try configuration.validated() }
    }

    @Test func aNameThatIsNothingTellsWhatThereIs() throws {
        let error = try #require(throws: TrainingError.self) { try ConfigurationFile.read("retina-resnet81") }
        #expect(error.code == .missing)
        #expect(error.reason.contains("the nearest preset is retina-resnet18"))
    }
}
