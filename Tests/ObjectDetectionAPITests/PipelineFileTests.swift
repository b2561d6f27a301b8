import Basics
import Findings
import Foundation
import ObjectDetectionAPI
import PleuraTesting
import SwiftProtobuf
import Testing

@Suite struct PipelineFileTests {
    /// Golden: the Object Detection API's own messages read the same text and serialised what they had read.
    @Test func everySampleMeansWhatTheObjectDetectionAPIReads() throws {
        let bytes = try Data(contentsOf: PipelineSamples.folder.appendingPathComponent("pipelines.json"))
        let golden = try JSONDecoder().decode([String: Data].self, from: bytes)
        let names = try PipelineSamples.names()
        #expect(names.count == 56)
        #expect(Set(golden.keys) == Set(names))
        for name in names {
            let file = try PipelineFile(text: PipelineSamples.text(name), name: name)
            let expected = try ObjectDetection_Protos_TrainEvalPipelineConfig(serializedBytes: #require(golden[name]))
            #expect(file.message == expected, "\(name)")
            #expect(file.unknownFields.isEmpty && file.repeatedFields.isEmpty)
        }
    }

    @Test func linesAreThoseOfTheText() throws {
        let text = try PipelineSamples.text("ssd_mobilenet_v1_pets")
        let file = try PipelineFile(text: text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for place in file.places {
            let name = try #require(place.path.split(separator: ".").last)
            #expect(lines[place.line - 1].contains(name), "\(place.path) at \(place.line)")
        }
        // Counted by hand in the file.
        #expect(file.lines(of: "model.ssd.num_classes") == [3])
        #expect(file.lines(of: "train_config.data_augmentation_options.ssd_random_crop") == [58])
    }

    struct Fault: CustomTestStringConvertible {
        let text: String
        let code: PipelineError.Code
        let line: Int
        let path: String
        var testDescription: String { "\(code.rawValue): \(text.prefix(40))" }

        init(_ text: String, _ code: PipelineError.Code, line: Int, path: String = "") {
            (self.text, self.code, self.line, self.path) = (text, code, line, path)
        }
    }

    @Test(arguments: [
        Fault("model {\n ssd {\n  num_classes: 3\n", .syntax, line: 2),
        Fault("model { }\n}\n", .syntax, line: 2),
        Fault("model { ssd { } >", .syntax, line: 1),
        Fault("train_config {\n fine_tune_checkpoint: \"abc\n}\n", .syntax, line: 2),
        Fault("train_config {\n batch_size 3\n}", .syntax, line: 2),
        Fault("train_config {\n batch_size: \n}", .syntax, line: 3),
        Fault("train_config {\n 7: 3\n}", .syntax, line: 2),
        Fault("train_input_reader {\n tf_record_input_reader { input_path: [\"a\" \"b\", }", .syntax, line: 2),
        Fault("eval_input_reader: [{ shuffle: true }\n, 3]", .syntax, line: 2),
        Fault("\n\ntrain_config { batch_sise: 3 }", .unknownField, line: 3, path: "train_config.batch_sise"),
        Fault("model {\n ssd {\n  foo {\n bar: 3\n } } }", .unknownField, line: 3, path: "model.ssd.foo"),
        Fault("[a.b.c] { }", .unknownField, line: 1, path: "[a.b.c]"),
        Fault("train_config {\n batch_size: -3\n}", .value, line: 2, path: "train_config.batch_size"),
        Fault("train_config {\n batch_size: three\n}", .value, line: 2, path: "train_config.batch_size"),
        Fault("train_config {\n sync_replicas: 2\n}", .value, line: 2, path: "train_config.sync_replicas"),
        Fault("train_config {\n optimizer: 3\n}", .value, line: 2, path: "train_config.optimizer"),
        Fault("train_config {\n batch_size { }\n}", .value, line: 2, path: "train_config.batch_size"),
        Fault(
            "model { ssd { post_processing {\n score_converter: TANH } } }", .value, line: 2,
            path: "model.ssd.post_processing.score_converter"),
        Fault(
            "train_config { optimizer {\n adam_optimizer { }\n momentum_optimizer { } } }", .value, line: 3,
            path: "train_config.optimizer.momentum_optimizer"),
        Fault("model {\n faster_rcnn { number_of_stages: 2 } }", .architecture, line: 2, path: "model.faster_rcnn"),
        Fault("model {\n center_net { anything: [1, 2] } }", .architecture, line: 2, path: "model.center_net"),
    ])
    func aFaultIsToldWithItsLineAndField(_ fault: Fault) throws {
        let error = #expect(throws: PipelineError.self) { try PipelineFile(text: fault.text, name: "f") }
        let problem = try #require(error?.problems.first)
        #expect(error?.problems.count == 1)
        #expect(problem.code == fault.code)
        #expect(problem.line == fault.line)
        #expect(problem.path == fault.path)
        let place = "f:\(fault.line): " + (fault.path.isEmpty ? "" : "\(fault.path): ")
        #expect(error?.description == place + problem.reason)
    }

    @Test func everyFaultIsToldAndNotOnlyTheFirst() throws {
        let text = "train_config {\n batch_sise: 3\n num_steps: many\n optimizer { sgd { rate: 3 } }\n}\nmodell { ssd { } }\n"
        let error = try #require(throws: PipelineError.self) { try PipelineFile(text: text) }
        #expect(error.problems.map(\.line) == [2, 3, 4, 6])
        #expect(error.problems.map(\.code) == [.unknownField, .value, .unknownField, .unknownField])
        // Asked to go on in spite of unknown fields, only the value is in the way.
        let other = try #require(throws: PipelineError.self) { try PipelineFile(text: text, unknownFields: .list) }
        #expect(other.problems.map(\.line) == [3])
    }

    @Test func unknownFieldsAreListedWhenAskedFor() throws {
        let text = "train_config {\n batch_sise: 3\n num_steps: 7\n extra { a: [1, 2] b { c: 'x' } }\n [x.y] { z: 1 }\n}\n"
        let file = try PipelineFile(text: text, unknownFields: .list)
        #expect(file.unknownFields.map(\.path) == ["train_config.batch_sise", "train_config.extra", "train_config.[x.y]"])
        #expect(file.unknownFields.map(\.line) == [2, 4, 5])
        #expect(file.message.trainConfig.numSteps == 7)
    }

    @Test func theGrammarIsTakenAsTheObjectDetectionAPITakesIt() throws {
        let text = """
            \u{FEFF}# A comment { with brackets
            train_config: < batch_size: 0x10; num_steps: 5, # another }
              optimizer { momentum_optimizer { learning_rate { constant_learning_rate { learning_rate: 4. } } } }
              fine_tune_checkpoint: 'a#b' "c\\"}" # and one
              freeze_variables: ["x", 'y'] freeze_variables: "z"
              sync_replicas: True
            >
            eval_input_reader: [{ shuffle: f }, < num_readers: 1 >] eval_input_reader { }
            """
        let message = try PipelineFile(text: text).message
        #expect(message.trainConfig.batchSize == 16)
        #expect(message.trainConfig.optimizer.momentumOptimizer.learningRate.constantLearningRate.learningRate == 4)
        #expect(message.trainConfig.fineTuneCheckpoint == "a#bc\"}")
        #expect(message.trainConfig.freezeVariables == ["x", "y", "z"])
        #expect(message.trainConfig.syncReplicas)
        #expect(message.evalInputReader.count == 3)
    }

    @Test func aFieldGivenTwiceIsToldAndTheLastCounts() throws {
        let text =
            "train_config {\n batch_size: 3\n freeze_variables: 'a'\n freeze_variables: 'b'\n batch_size: 4\n}\ntrain_config { num_steps: 2 }"
        let file = try PipelineFile(text: text)
        #expect(file.repeatedFields.map(\.path) == ["train_config.batch_size", "train_config"])
        #expect(file.repeatedFields.map(\.line) == [5, 7])
        #expect(file.message.trainConfig.batchSize == 4)
    }

    @Test func filesThatAreNoTextOrTooLargeAreRefused() throws {
        let folder = try TemporaryFolder()
        let binary = folder.file("binary.config")
        try Data([0xFF, 0xFE, 0x00, 0xC3]).write(to: binary)
        #expect(throws: PipelineError.self) { try PipelineFile(contentsOf: binary) }
        #expect(throws: PipelineError.self) { try PipelineFile(contentsOf: folder.file("none.config")) }
        let large = String(repeating: "#", count: PipelineFile.sizeLimit + 1)
        #expect(throws: PipelineError.self) { try PipelineFile(text: large) }
        let deep = String(repeating: "model { ", count: 4000) + String(repeating: "}", count: 4000)
        let error = try #require(throws: PipelineError.self) { try PipelineFile(text: deep) }
        #expect(error.problems.first?.code == .syntax)
    }

    /// Whatever a slip of the finger does to a file, it is read or refused with a line of it; and the outline never refuses what
    /// SwiftProtobuf takes.
    @Test func brokenFilesAreReadOrRefusedWithALine() throws {
        var generator = SeededGenerator(seed: 11, stream: 0)
        let whole = Array(try PipelineSamples.text("facessd_mobilenet_v2_quantized_320x320_open_image_v4").utf8)
        let start = whole.count * 3 / 5
        let marks = Array("{}[]<>:;,\"'#-.\n \\09ex".utf8)
        var refused = 0
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: start..<bytes.count - 1, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = marks.randomElement(using: &generator) ?? 0
                default: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let direct = try? ObjectDetection_Protos_TrainEvalPipelineConfig(textFormatString: text)
            do throws(PipelineError) {
                let file = try PipelineFile(text: text)
                #expect(file.message == direct)
            } catch {
                refused += 1
                // Numbers for names, and a number that runs into the next name, SwiftProtobuf takes and the Object Detection API does not.
                let line = text.split(separator: "\n", omittingEmptySubsequences: false)[(error.problems.first?.line ?? 1) - 1]
                let isLenience = error.description.contains("not by numbers") || line.contains(/[0-9][A-Za-z_]/)
                #expect(direct == nil || isLenience, "refused, but SwiftProtobuf takes it: \(error)")
                let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
                #expect(error.problems.allSatisfy { (1...lines).contains($0.line ?? 0) }, "\(error)")
            }
        }
        #expect(refused > 100)
    }
}
