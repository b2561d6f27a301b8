import Foundation
import PleuraTesting
import Testing

/// `pleura train` as a person starts, loses, watches and plans it.
@Suite(.timeLimit(.minutes(20))) struct TrainCommandTests {
    private static let small = [
        "--weights", "none", "--set", "model.input_side=128", "--set", "sampling.normal_share=0", "--set", "loop.checkpoint_interval=2",
        "--batch-size", "2", "--threads", "1", "--precision", "f32", "--steps", "14",
    ]

    private static func phantoms(_ folder: TemporaryFolder) throws {
        let made = try ProgramUnderTest.pleura("phantom", "--count", "8", "--size", "512", "--out", "set", in: folder.url)
        try #require(made.status == 0, "\(made.errors)")
    }

    private static func train(_ folder: TemporaryFolder, _ more: String...) throws -> Shell.Result {
        try ProgramUnderTest.run(["train", "--dataset", "set"] + more, in: folder.url)
    }

    /// Waits for the file, but not for ever, and not when the process has ended.
    private static func wait(for file: URL, of process: Process) -> Bool {
        for _ in 0..<12_000 where process.isRunning {
            if FileManager.default.fileExists(atPath: file.path) { return true }
            usleep(10_000)
        }
        return false
    }

    /// No handler runs and nothing is flushed: what is on the disk must do.
    @Test func aTrainingThatIsKilledGoesOnAndEndsWithTheSameWeights() throws {
        let folder = try TemporaryFolder()
        try Self.phantoms(folder)
        let whole = try ProgramUnderTest.run(["train", "--dataset", "set", "--run", "whole", "--quiet"] + Self.small, in: folder.url)
        try #require(whole.status == 0, "\(whole.errors)")

        let process = Process()
        process.executableURL = try ProgramUnderTest.file()
        process.arguments = ["train", "--dataset", "set", "--run", "killed", "--quiet"] + Self.small
        process.currentDirectoryURL = folder.url
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let hasCheckpoint = Self.wait(for: folder.file("killed/weights/last.safetensors"), of: process)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(hasCheckpoint && process.terminationReason == .uncaughtSignal)
        #expect(!FileManager.default.fileExists(atPath: folder.file("killed/bundle").path))

        let again = try Self.train(folder, "--run", "killed", "--quiet", "--resume")
        #expect(again.status == 0, "\(again.errors)")
        let (killed, uncut) = (folder.file("killed"), folder.file("whole"))
        for name in ["weights/last.safetensors", "bundle/model.onnx"] {
            let same = try Data(contentsOf: killed.appendingPathComponent(name)) == Data(contentsOf: uncut.appendingPathComponent(name))
            #expect(same, "\(name)")
        }
        let steps = try String(contentsOf: killed.appendingPathComponent("steps.csv"), encoding: .utf8).split(separator: "\n")
        #expect(steps.dropFirst().map { $0.prefix { $0 != "," } } == (0..<14).map { Substring("\($0)") })
    }

    @Test func aRunIsWatchedWhereThereIsOne() throws {
        let folder = try TemporaryFolder()
        try Self.phantoms(folder)
        let trained = try ProgramUnderTest.run(["train", "--dataset", "set", "--run", "run", "--quiet"] + Self.small, in: folder.url)
        try #require(trained.status == 0, "\(trained.errors)")
        let watched = try ProgramUnderTest.pleura("train", "--watch", "--run", "run", in: folder.url)
        #expect(watched.status == 0)
        // Elsewhere than on a terminal it is drawn once, without colour; fourteen steps are 0 to 13, of which every other is named.
        #expect(watched.output.contains("loss") && !watched.output.contains("\u{1B}"))
        let ticks = watched.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(ticks.contains(["0", "2", "4", "6", "8", "10", "12"]) && ticks.last == ["step"])
        let nothing = try ProgramUnderTest.pleura("train", "--watch", "--run", "nowhere", in: folder.url)
        #expect(nothing.status == 3 && nothing.output.isEmpty)
        #expect(nothing.errors.hasSuffix("/nowhere holds no run\n"), "\(nothing.errors)")
        #expect(nothing.errors.split(separator: "\n").count == 1)
        let unknown = try ProgramUnderTest.pleura("train", "--dataset", "nowhere", "--run", "other", in: folder.url)
        #expect(unknown.status == 3)
        #expect(unknown.errors == "pleura-train: missing: nowhere: there is no such dataset directory or file of records\n")
    }

    /// What is proposed is a file that a training takes.
    @Test func aPlanIsTrainedAsItIs() throws {
        let folder = try TemporaryFolder()
        try Self.phantoms(folder)
        let plan = try Self.train(folder, "--plan", "--config", "retina-resnet18")
        try #require(plan.status == 0, "\(plan.errors)")
        try plan.output.write(to: folder.file("plan.yaml"), atomically: true, encoding: .utf8)
        try "extends: plan.yaml\nmodel: {input_side: 256}\ncache: {side: 256}\n"
            .write(to: folder.file("mine.yaml"), atomically: true, encoding: .utf8)
        let trained = try Self.train(
            folder, "--config", "mine.yaml", "--run", "run", "--weights", "none", "--steps", "1", "--batch-size", "2", "--quiet")
        #expect(trained.status == 0, "\(trained.errors)")
        let resolved = try String(contentsOf: folder.file("run/configuration.yaml"), encoding: .utf8)
        #expect(resolved.contains("backbone: resnet-18") && resolved.contains("share: 0.15"))
    }
}
