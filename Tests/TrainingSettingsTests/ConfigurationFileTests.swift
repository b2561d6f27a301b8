import Foundation
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples
import TrainingSettings

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
        // A model is called as what it was made by, not as another.
        #expect(configuration.name == preset.name)
        // What a run folder keeps is the same again.
        let kept = try ConfigurationFile.text(of: configuration)
        #expect(try ConfigurationFile.configuration(text: kept, file: "kept") == configuration)
        #expect(!kept.contains("e-1"), "numbers are written as people write them")
    }

    /// A recipe that lies there and that nobody can name is of no use.
    @Test func everyFileIsAPreset() throws {
        let folder = Repository.root.appendingPathComponent("Sources/TrainingSettings/Presets")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { String($0.dropLast(".yaml".count)) }
        #expect(Set(files) == Set(Preset.all.map(\.name)))
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
        ("loop: {batch_size: many}", "mine.yaml: loop.batch_size is many; it is a whole number"),
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
        "model: {attention: labels}", "schedule: {final_share: 2}", "preprocessing: [{name: letterbox, width: 320, height: 320, fill: 0}]",
    ])
    func whatCannotBeTrainedIsRefused(_ text: String) throws {
        let configuration = try Self.read(text)
        #expect(throws: TrainingError.self) { try configuration.validated() }
    }

    /// Numbers that no training can have, of every part: the key, what was found, what is allowed.
    @Test(arguments: [
        ("loop.batch_size=0", "loop.batch_size is 0; it is 1 to 16384"), ("loop.batch_size=-3", "loop.batch_size is -3; it is 1 to 16384"),
        ("loop.steps=9223372036854775807", "loop.steps is 9223372036854775807; it is 1 to 100000000"),
        ("loop.epochs=1e308", "loop.epochs is 1e+308; it is 0 to 1000000"), ("loop.epochs=.nan", "loop.epochs is nan; it is 0 to 1000000"),
        ("loop.threads=99999999999", "loop.threads is 99999999999; it is 0 to 1024"),
        ("loop.accumulation=5", "loop.accumulation is 5; a batch of 16 cannot be cut into so many equal parts"),
        ("loop.normalisation_momentum=.inf", "loop.normalisation_momentum is inf; it is 0 to 1"),
        ("optimiser.learning_rate=.nan", "optimiser.learning_rate is nan; it is above 0, at most 100"),
        ("optimiser.learning_rate=-1", "optimiser.learning_rate is -1; it is above 0, at most 100"),
        ("optimiser.momentum=2", "optimiser.momentum is 2; it is at least 0, below 1"),
        ("optimiser.backbone_rate_factor=.inf", "optimiser.backbone_rate_factor is inf; it is 0 to 100"),
        ("optimiser.weight_decay=1e308", "optimiser.weight_decay is 1e+308; it is 0 to 10"),
        ("schedule.step_places=[0.5, 1.5]", "schedule.step_places is 1.5; it is 0 to 1"),
        ("schedule.warm_up_steps=-1", "schedule.warm_up_steps is -1; it is 0 to 100000000"),
        ("loop.averaged_validations=65", "loop.averaged_validations is 65; it is 0 to 64"),
        ("loop.averaged_validations=-1", "loop.averaged_validations is -1; it is 0 to 64"),
        ("loss.multiple_instance_weight=-1", "loss.multiple_instance_weight is -1; it is 0 to 1000000"),
        ("loss.multiple_instance_weight=.nan", "loss.multiple_instance_weight is nan; it is 0 to 1000000"),
        (
            "loss.multiple_instance_weight=0.1",
            "loss.multiple_instance_weight teaches that a labelled finding without a box is somewhere; loss.unboxed: background "
                + "teaches that it is nowhere, so set loss.unboxed to ignored"
        ),
        (
            "model.attention=labels",
            "model.attention is labels: its maps learn from labels of images, so loss.image_weight must be above 0"
        ),
        (
            "loss.image_weight=1",
            "loss.image_weight teaches a head that model.has_image_head must give, or maps of model.attention: labels"
        ),
        ("loss.gamma=.inf", "loss.gamma is inf; it is 0 to 100"), ("model.input_side=7", "model.input_side is 7; it is 64 to 2048"),
        ("model.anchor_scale_low=0.9", "model.anchor_scale_low is 0.9, above model.anchor_scale_high, which is 0.8"),
        ("model.negative_overlap=0.9", "model.negative_overlap is 0.9, above model.positive_overlap, which is 0.4"),
        ("cache.side=0", "cache.side is 0; it is 16 to 16384"),
        ("cache.memory=9223372036854775807", "cache.memory is 9223372036854775807; it is 0 to 16777216"),
        ("validation.share=1", "validation.share is 1; it is at least 0, below 1"),
        ("sampling.normal_share=.nan", "sampling.normal_share is nan; it is 0 to 1"),
        ("augmentation.geometry.rotation=720", "augmentation.geometry.rotation is 720; it is 0 to 180"),
        ("augmentation.cut_out.count=-1", "augmentation.cut_out.count is -1; it is 0 to 100"),
        ("augmentation.mix_up.alpha=0", "augmentation.mix_up.alpha is 0; it is 0.01 to 1000"),
        ("score_threshold=30", "score_threshold is 30; it is 0 to 1"), ("name=''", "name is \"\"; it is one line of 1 to 200 letters"),
        (#"name="a\nb""#, #"name is "a\nb"; it is one line of 1 to 200 letters"#),
    ])
    func aNumberOutsideItsRangeIsToldWithItsKeyAndTheRange(_ setting: String, expected: String) throws {
        let configuration = try ConfigurationFile.read("nih8-boxes", settings: [setting])
        #expect(try #require(throws: TrainingError.self) { try configuration.validated() }.reason == expected)
    }

    @Test(arguments: [
        ("model.input_side=100", "model.input_side is 100; for retina it is a multiple of 64, 256 to 1024"),
        ("model.channels=0", "model.channels is 0; it is 1 to 2048"), ("model.depth=-1", "model.depth is -1; it is 0 to 16"),
        ("model.levels=100", "model.levels is 100; it is 3 to 6"),
        ("model.anchor_scales=[]", "model.anchor_scales has 0 numbers; it has 1 to 16"),
        ("model.anchor_aspects=[1, .nan]", "model.anchor_aspects is nan; it is 0.001 to 1000"),
    ])
    func ofAPyramidToo(_ setting: String, expected: String) throws {
        let configuration = try ConfigurationFile.read("retinanet-resnet18", settings: [setting])
        #expect(try #require(throws: TrainingError.self) { try configuration.validated() }.reason == expected)
    }

    /// Every number of every preset, set to what is no number of anything: none is taken, and each line names its key.
    @Test(arguments: Preset.all)
    func noNumberOfAPresetMayBeNoNumber(_ preset: Preset) throws {
        let text = try ConfigurationFile.text(of: preset.configuration())
        var path: [Substring] = []
        var tried = 0
        for line in text.split(separator: "\n").dropFirst() where !line.contains("- ") && line.contains(":") {
            let parts = line.split(separator: ":", maxSplits: 1)
            path = path.prefix(line.prefix { $0 == " " }.count / 2) + [parts[0].drop { $0 == " " }]
            guard parts.count == 2, Double(parts[1].dropFirst()) != nil, path.first != "preprocessing" else { continue }
            let key = path.joined(separator: ".")
            for value in [".nan", "-1e30", "many"] {
                let error = try #require(throws: TrainingError.self, "\(key)=\(value)") {
                    try ConfigurationFile.read(preset.name, settings: ["\(key)=\(value)"]).validated()
                }
                #expect(error.reason.contains(key) && !error.reason.contains("\n"), "\(error.reason)")
                tried += 1
            }
        }
        #expect(tried > 150)
    }

    /// A classifier has neither a neck nor anchors.
    @Test(arguments: [
        ("model.attention=coordinate", "model: attention is coordinate, but a classifier has no neck for it: set it to none"),
        ("loss.multiple_instance_weight=1", "loss.multiple_instance_weight teaches anchors, and a classifier has none"),
    ])
    func whatAClassifierCannotHaveIsRefused(_ setting: String, expected: String) throws {
        let configuration = try ConfigurationFile.read("pretrain-resnet18", settings: ["loss.unboxed=ignored", setting])
        #expect(try #require(throws: TrainingError.self) { try configuration.validated() }.reason == expected)
    }

    @Test(arguments: NeckAttention.allCases) func attentionGoesWithBothFamilies(_ attention: NeckAttention) throws {
        for preset in ["nih8-fast", "nih8-pyramid"] {
            let settings = ["model.attention=\(attention.rawValue)", "loss.multiple_instance_weight=0.2", "loop.averaged_validations=4"]
            let configuration = try ConfigurationFile.read(preset, settings: settings).validated()
            #expect(configuration.model.attention == attention)
            let kept = try ConfigurationFile.text(of: configuration)
            #expect(try ConfigurationFile.configuration(text: kept, file: "kept") == configuration)
        }
    }

    @Test(arguments: [
        "{name: clahe, tiles: 8, clip_limit: .inf}", "{name: normalise, mean: 0.5, standard_deviation: 1.0e-320}",
        "{name: normalise, mean: .inf, standard_deviation: 1}",
        "{name: non_local_means, patch_radius: 1, search_radius: 2, strength: .inf}",
    ])
    func aStepWhoseNumbersGiveNoPictureIsRefused(_ step: String) throws {
        let configuration = try Self.read("preprocessing: [\(step)]")
        #expect(throws: RadiographError.self) { try configuration.validated() }
    }

    @Test func whatIsOneOfAFewIsToldWithThem() throws {
        #expect(
            try Self.refusal("optimiser: {kind: adam}")
                == "mine.yaml: optimiser.kind is adam; it is one of adamw, sgd; the nearest is adamw")
        #expect(
            try Self.refusal("model: {attention: coordinates}")
                == "mine.yaml: model.attention is coordinates; it is one of none, labels, coordinate, both; the nearest is coordinate")
        #expect(try Self.refusal("loop: {precision: 3}") == "mine.yaml: loop.precision is 3; it is one of auto, f32, bf16")
        #expect(try Self.refusal("model: {has_image_head: maybe}") == "mine.yaml: model.has_image_head is maybe; it is true or false")
        #expect(try Self.refusal("loop: {seed: [1, 2]}") == "mine.yaml: loop.seed is a list; it is a single value")
        #expect(try Self.refusal("schedule: {exact: 3}").hasPrefix("mine.yaml: schedule.exact is 3; it is a mapping"))
        #expect(try Self.refusal("preprocessing: 3") == "mine.yaml: preprocessing is 3; it is a list")
        #expect(try Self.refusal("loop: {steps: }") == "mine.yaml: loop.steps is empty; it is a whole number")
    }

    /// A few lines of aliases of aliases would be a billion values.
    @Test func aliasesWithoutEndAreRefused() throws {
        let lines = (1...9).map { "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ") + "]" }
        let text = (["a0: &a0 [1]"] + lines).joined(separator: "\n")
        #expect(try Self.refusal(text) == "mine.yaml: more than 10000 values, aliases counted each time")
    }

    @Test func aMarkBeforeTheTextAndLineEndsOfOtherSystemsAreRead() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("mine.yaml")
        try (Data([0xEF, 0xBB, 0xBF]) + Data("extends: nih8-boxes\r\nloop: {seed: 9}\r\n".utf8)).write(to: file)
        #expect(try ConfigurationFile.read(file.path).loop.seed == 9)
        try Data("loop: {seed: 9}".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }).write(to: file)
        let bytes = Data([0xFF, 0xFE]) + (try Data(contentsOf: file))
        try bytes.write(to: file)
        #expect(
            try #require(throws: TrainingError.self) { try ConfigurationFile.read(file.path) }.reason == "mine.yaml is no text in UTF-8")
        #expect(
            try #require(throws: TrainingError.self) { try ConfigurationFile.read("/dev/zero") }.reason
                == "zero is no file; a configuration is a preset or a file of YAML")
        #expect(
            try #require(throws: TrainingError.self) { try ConfigurationFile.read(folder.url.path) }.reason.contains("is no file"))
    }

    @Test func aNameThatIsNothingTellsWhatThereIs() throws {
        let error = try #require(throws: TrainingError.self) { try ConfigurationFile.read("retina-resnet81") }
        #expect(error.code == .missing)
        #expect(error.reason.contains("the nearest preset is retina-resnet18"))
    }
}
