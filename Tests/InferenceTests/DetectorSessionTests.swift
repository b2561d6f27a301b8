import Basics
import Findings
import Foundation
import Inference
import Models
import PleuraTesting
import Testing

@Suite struct DetectorSessionTests {
    static func noise(_ seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        let bias = random.uniform(-0.4...0.4)
        return (0..<4096).map { _ in Float(random.uniform() + bias) }
    }

    @Test func equalsTheNetworksDefinition() throws {
        let session = try DetectorSession(modelFile: TinyModel.network(), width: 64, height: 64)
        #expect(session.anchorCount == 16 && session.classCount == 2)
        for seed in 0..<5 as Range<UInt64> {
            let input = Self.noise(seed)
            let output = try session.run(input)
            let (boxes, scores) = (output.boxes, output.scores)
            let expected = TinyModel.answer(to: input)
            #expect(boxes.count == 64 && scores.count == 32)
            #expect(zip(boxes, expected.boxes).allSatisfy { abs($0 - $1) < 1e-4 })
            #expect(zip(scores, expected.scores).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test func manyCallersAtOnceGetTheirOwnAnswers() async throws {
        let session = try DetectorSession(modelFile: TinyModel.network(), width: 64, height: 64, settings: EngineSettings(threads: 1))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for seed in 0..<64 as Range<UInt64> {
                group.addTask {
                    let input = Self.noise(seed)
                    let expected = TinyModel.answer(to: input).scores
                    return try zip(session.run(input).scores, expected).allSatisfy { abs($0 - $1) < 1e-5 }
                }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test func sixteenBitFloatsComeClose() throws {
        let session = try DetectorSession(
            modelFile: TinyModel.network(), width: 64, height: 64, settings: EngineSettings(precision: .bf16))
        let input = Self.noise(9)
        let expected = TinyModel.answer(to: input).scores
        #expect(try zip(session.run(input).scores, expected).allSatisfy { abs($0 - $1) < 0.02 })
    }

    @Test(arguments: [
        ("no_scores", "it has no output named scores"), ("no_boxes", "it has no output named boxes"),
        ("no_image", "it has no input named image"),
        ("three_channels", "its input does not take [1, 1, 64, 64]"),
    ])
    func aNetworkThatDoesNotFitSaysWhy(name: String, reason: String) {
        #expect(throws: InferenceError(.wrongNetwork, reason)) {
            try DetectorSession(modelFile: TinyModel.network(name), width: 64, height: 64)
        }
    }

    @Test func whatIsNoNetworkIsTheEnginesError() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: TinyModel.network())
        for (index, bytes) in [Data(), Data("text".utf8), whole.prefix(whole.count / 2)].enumerated() {
            let file = folder.file("\(index).onnx")
            try bytes.write(to: file)
            #expect {
                try DetectorSession(modelFile: file, width: 64, height: 64)
            } throws: {
                ($0 as? InferenceError)?.code == .engine && !"\($0)".contains("\n") && "\($0)".count < 400
            }
        }
    }

    @Test func anInputOfTheWrongSizeIsRefused() throws {
        let session = try DetectorSession(modelFile: TinyModel.network(), width: 64, height: 64)
        #expect(throws: InferenceError(.wrongInput, "100 values for an input of 64 x 64")) {
            try session.run(Array(repeating: 0, count: 100))
        }
    }

    /// Objects of the engine that are not freed, counted one by one, in a process of its own: nothing else makes any there.
    @Test func nothingLeaks() async {
        await #expect(processExitsWith: .success) {
            for settings in [EngineSettings(threads: 1), EngineSettings(mode: .throughput)] {
                let session = try DetectorSession(modelFile: TinyModel.network("image_scores"), width: 64, height: 64, settings: settings)
                let input = DetectorSessionTests.noise(1)
                _ = try session.run(input)
                let held = EngineObject.aliveCount
                #expect(held == 3, "the engine, the network and one request")
                for _ in 0..<100 { _ = try session.run(input) }
                #expect(EngineObject.aliveCount == held, "after 100 runs")
                withExtendedLifetime(session) {}
            }
            #expect(EngineObject.aliveCount == 0, "after the sessions")
            #expect(throws: InferenceError.self) { try DetectorSession(modelFile: TinyModel.network("no_scores"), width: 64, height: 64) }
            #expect(EngineObject.aliveCount == 0, "after a session that could not be made")
        }
    }
}
