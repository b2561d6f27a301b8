import Foundation
import PleuraTesting
import Testing

/// `pleura train` with the options of the Object Detection API's `model_main_tf2.py`.
@Suite(.timeLimit(.minutes(20))) struct PipelineCommandTests {
    private static func config(records: String, model: String = "ssd", batch: String = "batch_size: 2") -> String {
        """
        model { \(model) { num_classes: 2 } }
        train_config {
          \(batch) num_steps: 3
          optimizer { adam_optimizer { learning_rate { constant_learning_rate { learning_rate: 0.001 } } } }
        }
        train_input_reader {
          label_map_path: "map.pbtxt"
          tf_record_input_reader { input_path: "\(records)" }
        }
        """
    }

    private static func run(_ text: String, _ more: String...) throws -> Shell.Result {
        let work = try TemporaryFolder()
        try text.write(to: work.file("p.config"), atomically: true, encoding: .utf8)
        return try ProgramUnderTest.run(["train", "--pipeline_config_path=p.config", "--model_dir", "m"] + more, in: work.url)
    }

    @Test func filesThatAreNotThereAreToldWithTheirLines() throws {
        let result = try Self.run(
            Self.config(records: "PATH_TO_BE_CONFIGURED/train.record@10"), "--num_train_steps=5", "--alsologtostderr",
            "--sample_1_of_n_eval_examples=1", "--checkpoint_every_n", "50")
        #expect(result.status == 3)
        #expect(
            result.errors == """
                pleura-train: p.config:7: train_input_reader.label_map_path: no file is there, neither in the current folder nor in that of \
                the file
                pleura-train: p.config:8: train_input_reader.tf_record_input_reader.input_path: PATH_TO_BE_CONFIGURED was never filled in

                """)
    }

    @Test func aSlipOfThePenIsToldAndNothingIsTrained() throws {
        let result = try Self.run(Self.config(records: "a.record", batch: "batch_sise: 2"))
        #expect(result.status == 1)
        #expect(result.errors == "pleura-train: p.config:3: train_config.batch_sise: the Object Detection API has no such field here\n")
        let lenient = try Self.run(Self.config(records: "a.record", batch: "batch_sise: 2"), "--allow-unknown-fields")
        #expect(lenient.status == 3)
        #expect(!lenient.errors.contains("batch_sise: the"))
    }

    @Test func anotherArchitectureIsRefusedByName() throws {
        let result = try Self.run(Self.config(records: "a.record", model: "faster_rcnn"))
        #expect(result.status == 1)
        #expect(result.errors == "pleura-train: p.config:1: model.faster_rcnn: Pleura trains single-shot detectors (model.ssd) only\n")
    }

    @Test(arguments: [["--dataset", "d"], ["--fold", "0"], ["--checkpoint_dir", "m"], ["--num_workers", "2"]])
    func whatDoesNotGoTogetherIsWrongUse(_ more: [String]) throws {
        let work = try TemporaryFolder()
        let result = try ProgramUnderTest.run(["train", "--pipeline-config", "p.config", "--model-dir", "m"] + more, in: work.url)
        #expect(result.status == 2)
        #expect(!FileManager.default.fileExists(atPath: work.file("m").path))
    }

    /// From boxes to a bundle as an Object Detection API project goes: shards, a label map, a configuration, one command.
    @Test func aProjectOfShardsBecomesABundle() throws {
        let work = try TemporaryFolder()
        let made = try ProgramUnderTest.pleura("phantom", "--count", "6", "--size", "512", "--out", "set", in: work.url)
        let export = try ProgramUnderTest.pleura(
            "dataset", "export", "set", "--format", "tfrecord", "--shards", "2", "--out", "shards", in: work.url)
        try #require(made.status == 0 && export.status == 0)
        try """
        model { ssd { num_classes: 8 image_resizer { fixed_shape_resizer { height: 320 width: 320 } } } }
        train_config {
          batch_size: 2 num_steps: 1
          optimizer { adam_optimizer { learning_rate { constant_learning_rate { learning_rate: 0.001 } } } }
        }
        train_input_reader {
          label_map_path: "shards/label_map.pbtxt"
          tf_record_input_reader { input_path: "shards/dataset.record-?????-of-00002" }
        }
        """.write(to: work.file("pipeline.config"), atomically: true, encoding: .utf8)
        let train = try ProgramUnderTest.pleura(
            "train", "--pipeline_config_path", "pipeline.config", "--model_dir", "run", "--num_train_steps", "2", "--weights", "none",
            "--quiet", in: work.url)
        #expect(train.status == 0, "\(train.errors)")
        #expect(FileManager.default.fileExists(atPath: work.file("run/bundle/model.onnx").path))
        let rows = try String(contentsOf: work.file("run/steps.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 3, "a header and two steps")
        // A flipped bit in a shard stops it before anything is trained.
        let shard = work.file("shards/dataset.record-00001-of-00002")
        var bytes = try Data(contentsOf: shard)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: shard)
        let broken = try ProgramUnderTest.pleura(
            "train", "--pipeline_config_path", "pipeline.config", "--model_dir", "other", "--weights", "none", "--quiet", in: work.url)
        #expect(broken.status == 1 && broken.errors.contains("dataset.record-00001-of-00002, record"))
    }
}
