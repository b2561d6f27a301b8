import Foundation
import Migration
import ObjectDetectionAPI
import PleuraTesting
import Testing
import TrainingExamples
import TrainingSettings

@Suite struct PipelineTranslationTests {
    private static func translation(_ text: String, unknownFields: PipelineFile.UnknownFields = .refuse) throws -> PipelineTranslation {
        try PipelineTranslation(PipelineFile(text: text, unknownFields: unknownFields), name: "test")
    }

    private static func sample(_ name: String, replacing changes: [String: String] = [:]) throws -> PipelineTranslation {
        try translation(PipelineSamples.text(name, replacing: changes))
    }

    /// Golden: an ssd_mobilenet_v2_fpnlite, the commonest start of a TensorFlow 2 project.
    @Test func anFPNLiteBecomesThisConfiguration() throws {
        let translation = try Self.sample("ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8")
        var expected = TrainingConfiguration(name: "test", inputSide: 320)
        expected.model = try #require(Preset.named("ssd-mobilenetv2-fpnlite")).configuration().model
        expected.model.inputSide = 320
        expected.model.anchorScales = [4, 4 * 2.0.squareRoot()]
        expected.model.anchorAspects = [1, 0.5, 2]
        expected.model.negativeOverlap = 0.5
        expected.start = "mobilenet-v2-imagenet"
        expected.loop.steps = 50_000
        expected.loop.batchSize = 128
        expected.optimiser.learningRate = 0.001
        // 0.001 / 0.08 of the file's rates.
        expected.schedule.exact = .cosine(
            base: 0.08 * 0.0125, totalSteps: 50_000, warmUpRate: 0.026666 * 0.0125, warmUpSteps: 1000, holdSteps: 0)
        expected.schedule.warmUpSteps = 0
        expected.loop.averageDecay = 0
        expected.loop.normalisationMomentum = 0.003
        expected.augmentation.grey.gamma = 0
        expected.augmentation.grey.contrast = 0
        expected.augmentation.grey.brightness = 0
        expected.augmentation.geometry.flipProbability = 0.5
        expected.augmentation.geometry.scaleLow = 0.75.squareRoot()
        expected.augmentation.geometry.scaleHigh = 1
        expected.augmentation.geometry.aspect = 1 - 0.75.squareRoot()
        expected.augmentation.geometry.visibleShare = 0
        #expect(translation.configuration == expected)
        #expect(translation.classCount == 90)
        #expect(translation.trainRecords == ["PATH_TO_BE_CONFIGURED/train2017-?????-of-00256.tfrecord"])
        #expect(translation.labelMap == "PATH_TO_BE_CONFIGURED/label_map.txt")
        #expect(translation.evalRecords == ["PATH_TO_BE_CONFIGURED/val2017-?????-of-00032.tfrecord"])
        #expect(translation.evalLabelMap == "PATH_TO_BE_CONFIGURED/label_map.txt")
        #expect(translation.fineTuneCheckpoint == "PATH_TO_BE_CONFIGURED/mobilenet_v2.ckpt-1")
        let golden = try String(contentsOf: PipelineSamples.folder.appendingPathComponent("fpnlite_notes.txt"), encoding: .utf8)
        #expect(translation.notes == golden.split(separator: "\n").map(String.init))
    }

    @Test func aPetsSSDKeepsItsExponentialDecay() throws {
        let configuration = try Self.sample("ssd_mobilenet_v1_pets").configuration
        #expect(configuration.loop.steps == 200_000)
        #expect(configuration.loop.batchSize == 24)
        #expect(
            configuration.schedule.exact
                == .exponential(
                    initial: 0.004 * 0.25, decaySteps: 800_720, factor: 0.95, inStairs: true, burnInRate: 0, burnInSteps: 0, minimum: 0))
        #expect(configuration.loop.averageDecay == 0.9999)
        #expect(configuration.loop.normalisationMomentum == 0.0003)
        // The seven crops of the SSD paper: a tenth of the area at least, aspects of a half to two.
        #expect(configuration.augmentation.geometry.scaleLow == 0.1.squareRoot())
        #expect(configuration.augmentation.geometry.aspect == 1 - 0.5.squareRoot())
        #expect(configuration.augmentation.geometry.visibleShare == 0.5)
    }

    @Test func theScalesOfAnSSDsAnchorsAreTaken() throws {
        let model = "model { ssd { num_classes: 1 anchor_generator { ssd_anchor_generator { min_scale: 0.125 max_scale: 0.75 } } } }"
        let configuration = try Self.translation(
            model + " train_config { optimizer { adam_optimizer { learning_rate { constant_learning_rate { } } } } }"
        ).configuration
        #expect(configuration.model.anchorScaleLow == 0.125 && configuration.model.anchorScaleHigh == 0.75)
    }

    @Test func anEfficientDetIsAsLargeAsItSays() throws {
        let translation = try Self.sample("ssd_efficientdet_d1_640x640_coco17_tpu-8")
        #expect(translation.configuration.model.inputSide == 640)
        #expect(translation.configuration.cache.side == 640)
        // Scales of 0.1 to 2 show half the picture to ten times it, of which Pleura goes to twice.
        #expect(translation.configuration.augmentation.geometry.scaleLow == 0.5)
        #expect(translation.configuration.augmentation.geometry.scaleHigh == 2)
        // Padded to a square is what Pleura does.
        #expect(!translation.notes.contains { $0.contains("image_resizer") })
    }

    /// Whatever is set is in the configuration or told, and told with more than that it is left out.
    @Test func everySampleIsTranslatedAndEverySettingHasALine() throws {
        for name in try PipelineSamples.names() {
            let translation = try Self.sample(name)
            _ = try translation.configuration.validated()
            #expect(!translation.notes.contains { $0.hasSuffix("has no counterpart") }, "\(name): \(translation.notes)")
            #expect(
                translation.notes.contains { $0.hasPrefix("model.ssd.feature_extractor.type") } == !name.contains("v3_large"), "\(name)")
            #expect(translation.notes.contains { $0.hasPrefix("graph_rewriter") } == (name.contains("quant")), "\(name)")
            let mines = try PipelineSamples.text(name).contains("hard_example_miner")
            #expect(translation.notes.contains { $0.hasPrefix("model.ssd.loss.hard_example_miner") } == mines, "\(name)")
        }
    }

    /// The table of what is done instead names fields that there are.
    @Test func everyPathOfTheTableIsAFieldOfTheAPI() throws {
        #expect(PipelineTranslation.treatedPaths.count > 100)
        for path in PipelineTranslation.treatedPaths {
            let names = path.split(separator: ".")
            let text = names.map { "\($0) {" }.joined(separator: " ") + names.map { _ in "}" }.joined()
            do throws(PipelineError) {
                _ = try PipelineFile(text: text)
            } catch {
                #expect(!error.problems.contains { $0.code == .unknownField }, "\(path)")
            }
        }
    }

    @Test func aFieldWithoutALineOfItsOwnIsToldAsItself() throws {
        let text = try PipelineSamples.text("ssd_mobilenet_v1_pets") + "[x.y] { a: 1 }\ntrain_config {\n batch_sise: 3\n}\n"
        let notes = try Self.translation(text, unknownFields: .list).notes
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("batch_sise") } ?? 0
        #expect(notes.contains("train_config.batch_sise (line \(line + 1)): the Object Detection API of 2022 has no such field: left out"))
        #expect(notes.contains { $0.hasPrefix("[x.y] (line \(line - 1)): ") })
        #expect(notes.contains { $0.hasPrefix("train_config (line \(line)): given more than once") })
    }

    @Test func adamKeepsItsRatesAndOthersAreScaled() throws {
        let text =
            "model { ssd { num_classes: 8 } } train_config { batch_size: 2 num_steps: 9 optimizer { OPTIMISER { learning_rate { "
            + "manual_step_learning_rate { initial_learning_rate: 0.02 warmup: true schedule { step: 5 learning_rate: 0.04 } "
            + "schedule { step: 8 learning_rate: 0.01 } } } } } }"
        func schedule(_ optimiser: String) throws -> LearningRateSchedule? {
            try Self.translation(text.replacingOccurrences(of: "OPTIMISER", with: optimiser)).configuration.schedule.exact
        }
        let file = LearningRateSchedule.steps(
            initial: 0.02, changes: [.init(step: 5, rate: 0.04), .init(step: 8, rate: 0.01)], warmsUp: true)
        #expect(try schedule("adam_optimizer") == file)
        #expect(try schedule("momentum_optimizer") == file.scaled(by: 0.001 / 0.04))
        #expect(try schedule("rms_prop_optimizer") == file.scaled(by: 0.001 / 0.04))
    }

    private static func minimal(_ train: String = "", model: String = "num_classes: 8") -> String {
        "model { ssd { \(model) } }\ntrain_config {\n num_steps: 3 batch_size: 4\n optimizer { adam_optimizer { learning_rate { "
            + "constant_learning_rate { learning_rate: 0.002 } } } }\n\(train)\n}\n"
    }

    @Test func eachOptionOfAugmentationIsTakenOrTold() throws {
        func augmentation(_ options: String...) throws -> (Augmentation, [String]) {
            let text = options.map { " data_augmentation_options { \($0) }" }.joined(separator: "\n")
            let translation = try Self.translation(Self.minimal(text))
            return (translation.configuration.augmentation, translation.notes.filter { $0.contains("data_augmentation_options") })
        }
        var still = Augmentation()
        still.geometry.flipProbability = 0
        (still.geometry.scaleLow, still.geometry.scaleHigh, still.geometry.aspect) = (1, 1, 0)
        (still.grey.gamma, still.grey.contrast, still.grey.brightness) = (0, 0, 0)
        #expect(try augmentation() == (still, []))

        var expected = still
        expected.geometry.flipProbability = 0.25
        expected.grey.brightness = 0.125
        #expect(
            try augmentation("random_horizontal_flip { probability: 0.25 }", "random_adjust_brightness { max_delta: 0.125 }")
                == (expected, []))

        expected = still
        expected.grey.contrast = 0.5
        let (contrast, told) = try augmentation("random_adjust_contrast { min_delta: 0.75 max_delta: 1.5 }")
        #expect(contrast == expected && told.count == 1)

        expected = still
        (expected.geometry.scaleLow, expected.geometry.scaleHigh) = (0.6, 1.3)
        #expect(try augmentation("random_square_crop_by_scale { scale_min: 0.6 scale_max: 1.3 }").0 == expected)

        expected = still
        (expected.geometry.scaleLow, expected.geometry.scaleHigh, expected.geometry.aspect, expected.geometry.visibleShare) = (
            0.5, 1.5, 0, 0.5
        )
        #expect(
            try augmentation(
                "ssd_random_crop_pad_fixed_aspect_ratio { operations { min_area: 0.25 max_area: 1 overlap_thresh: 0.25 } "
                    + "operations { min_area: 0.5 max_area: 1 overlap_thresh: 0.75 } max_padded_size_ratio: [1.5, 1.25] }"
            ).0 == expected)

        expected = still
        (expected.cutOut.probability, expected.cutOut.count, expected.cutOut.fill) = (0.25, 4, 0)
        (expected.cutOut.sideLow, expected.cutOut.sideHigh) = (0.125, 0.125)
        let (patches, hidden) = try augmentation(
            "random_black_patches { max_black_patches: 4 probability: 0.25 size_to_image_ratio: 0.125 }")
        #expect(patches == expected && hidden.count == 1)

        expected = still
        (expected.noise.probability, expected.noise.electronic, expected.noise.quantum) = (1, 0.1, 0.2 / 12.0.squareRoot())
        let (noisy, noises) = try augmentation(
            "random_patch_gaussian { random_coef: 0.5 max_gaussian_stddev: 0.75 }", "random_pixel_value_scale { minval: 0.9 maxval: 1.1 }")
        #expect(noisy.fault == nil && abs(noisy.noise.quantum - expected.noise.quantum) < 1e-12)
        expected.noise.quantum = noisy.noise.quantum
        #expect(noisy == expected && noises.count == 2)

        for name in [
            "random_vertical_flip", "random_rotation90", "random_rgb_to_gray", "autoaugment_image", "remap_labels", "adjust_gamma",
        ] {
            let (left, notes) = try augmentation("\(name) { }")
            #expect(left == still)
            #expect(notes.count == 1)
            #expect(notes.first?.hasPrefix("train_config.data_augmentation_options.\(name) (line 5): left out: ") == true)
        }
    }

    @Test(arguments: [
        (
            "train_config { batch_size: 0 optimizer { adam_optimizer { learning_rate { constant_learning_rate { } } } } }", 2,
            "train_config.batch_size"
        ),
        ("train_config { batch_size: 4000000000 }", 2, "train_config.batch_size"),
        ("train_config { }", nil, "train_config.optimizer"),
        ("train_config { optimizer {\n adam_optimizer { } } }", nil, "train_config.optimizer.adam_optimizer.learning_rate"),
        (
            "train_config { optimizer { adam_optimizer { learning_rate {\n cosine_decay_learning_rate { total_steps: 3 } } } } }", 3,
            "train_config.optimizer.adam_optimizer.learning_rate.cosine_decay_learning_rate"
        ),
        (
            "train_config { optimizer { adam_optimizer { learning_rate { constant_learning_rate {\n learning_rate: nan } } } } }", 2,
            "train_config.optimizer.adam_optimizer.learning_rate.constant_learning_rate"
        ),
        (
            "train_config { data_augmentation_options {\n random_crop_image { min_area: 2 } } }", 3,
            "train_config.data_augmentation_options.random_crop_image"
        ),
        (
            "train_config { data_augmentation_options {\n random_scale_crop_and_pad_to_square { scale_min: 0 } } }", 3,
            "train_config.data_augmentation_options.random_scale_crop_and_pad_to_square"
        ),
        (
            "train_config { data_augmentation_options {\n random_horizontal_flip { probability: 1.5 } } }", 3,
            "train_config.data_augmentation_options.random_horizontal_flip"
        ),
        (
            "train_config { data_augmentation_options {\n random_black_patches { max_black_patches: -1 } } }", 3,
            "train_config.data_augmentation_options.random_black_patches"
        ),
        (
            "train_config { data_augmentation_options {\n random_patch_gaussian { max_gaussian_stddev: 2 } } }", 3,
            "train_config.data_augmentation_options.random_patch_gaussian"
        ),
        (
            "train_config { data_augmentation_options {\n random_adjust_contrast { min_delta: nan } } }", 3,
            "train_config.data_augmentation_options.random_adjust_contrast"
        ),
    ])
    func aValueThatCannotBeTrainedWithIsTold(_ train: String, line: Int?, path: String) throws {
        let error = try #require(throws: PipelineError.self) { try Self.translation("model { ssd { num_classes: 8 } }\n\(train)") }
        let problem = try #require(error.problems.first { $0.path == path }, "\(error)")
        #expect(problem.line == line)
    }

    @Test(arguments: [
        ("", "model.ssd"), ("model { ssd { } }", "model.ssd.num_classes"), ("model { ssd { num_classes: -1 } }", "model.ssd.num_classes"),
        (
            "model { ssd { num_classes: 1 image_resizer { fixed_shape_resizer { height: -300 width: 2 } } } }",
            "model.ssd.image_resizer.fixed_shape_resizer"
        ),
        (
            "model { ssd { num_classes: 1 anchor_generator { ssd_anchor_generator { min_scale: 0.9 max_scale: 0.8 } } } }",
            "model.ssd.anchor_generator.ssd_anchor_generator"
        ),
        (
            "model { ssd { num_classes: 1 image_resizer { keep_aspect_ratio_resizer { max_dimension: 2000000000 } } } }",
            "model.ssd.image_resizer.keep_aspect_ratio_resizer"
        ),
    ])
    func aModelThatCannotBeTrainedIsTold(_ model: String, path: String) throws {
        let error = try #require(throws: PipelineError.self) {
            try Self.translation(model + " train_config { optimizer { adam_optimizer { learning_rate { constant_learning_rate { } } } } }")
        }
        #expect(error.problems.contains { $0.path == path }, "\(error)")
    }

    @Test func aTrainingWithoutEndGetsOne() throws {
        let endless = try Self.sample("embedded_ssd_mobilenet_v1_coco")
        #expect(endless.configuration.loop.steps == TrainingConfiguration(name: "").loop.steps)
        #expect(endless.notes.contains { $0.hasPrefix("train_config.num_steps: not given") })
        let cosine = try Self.sample("ssd_mobilenet_v2_320x320_coco17_tpu-8", replacing: ["  num_steps: 50000\n": ""])
        #expect(cosine.configuration.loop.steps == 50_000)
    }

    @Test func theInputIsSquareAndSaysSo() throws {
        let translation = try Self.translation(
            Self.minimal(model: "num_classes: 8 image_resizer { fixed_shape_resizer { height: 300 width: 400 } }"))
        #expect(translation.configuration.model.inputSide == 400)
        #expect(translation.notes.contains { $0.contains("400 x 300 becomes 400 x 400") })
        #expect(translation.note(onClassCount: 8) == nil)
        #expect(translation.note(onClassCount: 7) == "model.ssd.num_classes (line 1): 8, and the label map has 7: trained with 7")
    }

    @Test func inputsAreFoundInTheCurrentFolderAndThenBesideTheFile() throws {
        let folder = try TemporaryFolder()
        let (here, beside) = (folder.file("here"), folder.file("beside"))
        for path in ["here/data", "beside/data"] {
            try FileManager.default.createDirectory(at: folder.file(path), withIntermediateDirectories: true)
        }
        for path in ["here/a.record-00000-of-00002", "here/a.record-00001-of-00002", "beside/data/b.record", "beside/map.pbtxt"] {
            try Data().write(to: folder.file(path))
        }
        func text(_ reader: String) -> String { Self.minimal() + "train_input_reader {\n\(reader)\n}" }
        let good = try Self.translation(
            text(
                "label_map_path: 'map.pbtxt'\ntf_record_input_reader { input_path: ['a.record-?????-of-00002', 'data/b.record', 'a.record@2'] }"
            ))
        let inputs = try good.inputs(in: [here, beside])
        #expect(inputs.records.map(\.lastPathComponent) == ["a.record-00000-of-00002", "a.record-00001-of-00002", "b.record"])
        #expect(inputs.labelMap.path == beside.appendingPathComponent("map.pbtxt").path)

        let bad = try Self.translation(
            text(
                "label_map_path: 'PATH_TO_BE_CONFIGURED/map.pbtxt'\ntf_record_input_reader {\ninput_path: 'c.record'\ninput_path: 'data'\n}"
            ))
        let error = try #require(throws: PipelineError.self) { try bad.inputs(in: [here, beside]) }
        #expect(error.problems.map(\.line) == [8, 10, 11])
        #expect(error.problems.map(\.code) == [.placeholder, .missing, .missing])
        let none = try #require(throws: PipelineError.self) { try Self.translation(text("")).inputs(in: [here]) }
        #expect(none.problems.map(\.code) == [.missing, .missing])
    }
}
