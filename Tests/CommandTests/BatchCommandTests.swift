import Foundation
import PleuraTesting
import Testing

/// Films of many machines: in parts, cut off and gone on with, and together again as one program would have written them.
@Suite(.timeLimit(.minutes(20))) struct BatchCommandTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
    }

    private func films(_ count: Int) throws {
        try FileManager.default.createDirectory(at: work.file("in"), withIntermediateDirectories: true)
        for index in 0..<count {
            try SampleFiles.png(column: index % 4, row: index / 4 % 4).write(to: work.file(String(format: "in/%04d.png", index)))
        }
    }

    private func pleura(_ line: String) throws -> Shell.Result {
        try ProgramUnderTest.run(line.split(separator: " ").map(String.init), in: work.url)
    }
    private func text(_ name: String) throws -> String { try String(contentsOf: work.file(name), encoding: .utf8) }

    @Test func partsTogetherAreByteForByteWhatOneRunWrites() throws {
        try films(37)
        try Data("\u{89}PNG no more".utf8).write(to: work.file("in/0011.png"))
        let whole = try pleura("detect in nowhere*.png --model ./tiny --json whole.json")
        #expect(whole.status == 1)
        for part in [3, 1, 4, 2] {
            let result = try pleura("detect in nowhere*.png --model ./tiny --batch run --shard \(part)/4")
            // Only who has a file that cannot be read says so.
            #expect(result.status == (part == 4 || part == 2 ? 1 : 0), "\(part): \(result.errors)")
        }
        let merged = try pleura("detect --merge run --json merged.json")
        #expect(merged.status == 1)
        #expect(merged.output == "38 images in 4 parts, each done once: \(try count("\"label\"")) findings, 2 images failed\n")
        #expect(merged.errors.contains("pleura: in/0011.png: ") && merged.errors.contains("pleura: nowhere*.png: no file matches"))
        #expect(try text("merged.json") == text("whole.json"))
        let standard = try pleura("detect --merge run --json -")
        #expect(try standard.output == text("whole.json"))
    }

    private func count(_ word: String) throws -> Int { try text("whole.json").components(separatedBy: word).count - 1 }

    @Test func whatWasNotDoneAndWhatWasDoneTwiceIsNamed() throws {
        try films(5)
        #expect(try pleura("detect --merge run").status == 3)
        _ = try pleura("detect in --model ./tiny --batch run --shard 2/2")
        let missing = try pleura("detect --merge run --json merged.json")
        #expect(missing.status == 1 && missing.output.isEmpty)
        for name in ["0000", "0002", "0004"] { #expect(missing.errors.contains("in/\(name).png: was not done\n"), "\(missing.errors)") }
        #expect(missing.errors.contains("of 5 images 3 were not done and 0 were done more than once"))
        #expect(!FileManager.default.fileExists(atPath: work.file("merged.json").path))
        // Somebody chose other parts, too: the second film is in two of them.
        _ = try pleura("detect in --model ./tiny --batch run")
        let twice = try pleura("detect --merge run")
        #expect(twice.status == 1 && twice.errors.contains("in/0001.png: was done more than once\n"), "\(twice.errors)")
    }

    @Test func aPartThatWasKilledIsGoneOnWith() throws {
        try films(3_000)
        let part = work.file("run/shard-1-of-1.jsonl")
        let killed = try ProgramUnderTest.run(
            ["detect", "in", "--model", "./tiny", "--batch", "run"], in: work.url,
            started: { process in
                while process.isRunning, ((try? Data(contentsOf: part).count) ?? 0) < 20_000 { usleep(500) }
                kill(process.processIdentifier, SIGKILL)
            })
        #expect(killed.signalled)
        // As a crash leaves it: a line that is not whole.
        let file = try FileHandle(forWritingTo: part)
        try file.seekToEnd()
        try file.write(contentsOf: Data("{\"index\": 2999, \"image\": {\"ima".utf8))
        try file.close()
        let before = try text("run/shard-1-of-1.jsonl").split(separator: "\n").count - 2
        #expect(before > 0 && before < 3_000)
        let refused = try pleura("detect in --model ./tiny --batch run")
        #expect(refused.status == 3 && refused.errors.contains("shard-1-of-1.jsonl is there already; --resume goes on with it"))
        let resumed = try pleura("detect in --model ./tiny --batch run --resume")
        #expect(
            resumed.status == 0 && resumed.errors.contains("\(before) of 3000 images were done before"), "\(resumed.errors.suffix(300))")
        #expect(try pleura("detect --merge run --json merged.json").status == 0)
        _ = try pleura("detect in --model ./tiny --json whole.json")
        #expect(try text("merged.json") == text("whole.json"))
    }

    @Test func twoProgramsDoNotDoOnePart() throws {
        try films(2_000)
        let part = work.file("run/shard-1-of-1.jsonl")
        _ = try ProgramUnderTest.run(
            ["detect", "in", "--model", "./tiny", "--batch", "run"], in: work.url,
            started: { process in
                while process.isRunning, ((try? Data(contentsOf: part).count) ?? 0) < 1_000 { usleep(500) }
                kill(process.processIdentifier, SIGSTOP)
                defer { kill(process.processIdentifier, SIGCONT) }
                let second = try pleura("detect in --model ./tiny --batch run --resume")
                #expect(second.status == 3 && second.errors.contains("another program works on shard-1-of-1.jsonl"), "\(second.errors)")
            })
        #expect(try pleura("detect --merge run").status == 0)
    }

    @Test func partsThatWereAskedForDifferentlyAreNotMixed() throws {
        try films(4)
        _ = try pleura("detect in --model ./tiny --batch run --shard 1/2")
        let other = try pleura("detect in --model ./tiny --batch run --shard 1/2 --resume --threshold 0.4")
        #expect(other.status == 1 && other.errors.contains("--threshold is not given, there 0.4"), "\(other.errors)")
        _ = try pleura("detect in --model ./tiny --batch run --shard 2/2 --threshold 0.4")
        let merged = try pleura("detect --merge run")
        #expect(merged.status == 1 && merged.errors.contains("--threshold is 0.4, there not given"), "\(merged.errors)")
        let paths = try pleura("detect in/0000.png --model ./tiny --batch run --shard 2/2 --resume")
        #expect(paths.status == 1 && paths.errors.contains("a batch of other paths"))
        // Without paths the list that is there is done.
        #expect(try pleura("detect --model ./tiny --batch run --shard 1/2 --resume").status == 0)
    }

    @Test func aLineThatSomebodyChangedIsTold() throws {
        try films(4)
        _ = try pleura("detect in --model ./tiny --batch run")
        let file = work.file("run/shard-1-of-1.jsonl")
        let good = try text("run/shard-1-of-1.jsonl")
        for (from, to, said) in [
            ("{\"index\": 2", "{\"index\": 9", "has an image 9, and the list has 4"), ("in/0002.png", "in/0003.png", "is of another"),
            ("{\"index\": 1, \"image\": {", "{\"index\": 1, \"pict\": {", "line 3 of shard-1-of-1.jsonl is not as Pleura wrote it"),
            ("{\"index\": 3", "{\"index\": 1", "of 4 images 1 were not done and 1 were done more than once"),
        ] {
            try good.replacingOccurrences(of: from, with: to).write(to: file, atomically: true, encoding: .utf8)
            let merged = try pleura("detect --merge run --json merged.json")
            #expect(merged.status == 1 && merged.errors.contains(said), "\(said): \(merged.errors)")
            #expect(!FileManager.default.fileExists(atPath: work.file("merged.json").path))
        }
    }

    @Test func wrongUseIsTold() throws {
        for line in [
            "detect in --shard 1/2", "detect in --resume", "detect in --batch run --shard 0/2", "detect in --batch run --shard 3/2",
            "detect in --batch run --shard 1", "detect in --batch run --json x.json", "detect in --merge run",
            "detect --merge run --batch run",
            "detect in --batch run --out pictures",
        ] {
            let result = try pleura(line)
            #expect(result.status == 2 && result.output.isEmpty && !result.errors.isEmpty, "\(line)")
        }
    }
}
