import Foundation
import Models
import PleuraTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct DetectTests {
    /// The contract of `--json`, byte for byte but for the bundle's digest. The tiny network's answers are exact here: a bright cell of
    /// 64 x 64 pixels has the mean 1, so the score 1 and a box 8 columns wider than the cell.
    @Test func jsonIsTheGoldenFile() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png(column: 2, row: 1).write(to: work.file("eight.png"))
        try SampleFiles.png(column: 1, row: 3, bits: 16).write(to: work.file("sixteen.png"))
        try SampleFiles.dicom().write(to: work.file("dx.dcm"))
        try SampleFiles.png(claiming: 60_000, 60_000).write(to: work.file("huge.png"))
        let inputs = ["eight.png", "sixteen.png", "dx.dcm", "huge.png"]
        let result = try ProgramUnderTest.run(["detect"] + inputs + ["--model", "./tiny", "--json", "-"], in: work.url)
        let digest = try ModelBundle(directory: work.file("tiny")).digest
        #expect(result.output.contains("\"\(digest)\""))
        let golden = Repository.root.appendingPathComponent("Tests/CommandTests/Fixtures/detect.json")
        #expect(try result.output.replacingOccurrences(of: digest, with: "DIGEST") == String(contentsOf: golden, encoding: .utf8))
        #expect(result.status == 1)
        // To a file, the same bytes.
        _ = try ProgramUnderTest.run(["detect"] + inputs + ["--model", "./tiny", "--json", "out/findings.json"], in: work.url)
        #expect(try String(contentsOf: work.file("out/findings.json"), encoding: .utf8) == result.output)
    }

    @Test func thresholdAndPrecisionReachTheEngine() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let all = try ProgramUnderTest.pleura(
            "detect", "a.png", "--model", "./tiny", "--csv", "-", "--threshold", "0.4", "--precision", "bf16", "--threads", "1",
            in: work.url)
        let lines = all.output.split(whereSeparator: \.isNewline)
        #expect(all.status == 0 && lines.count == 1 + 16)
        #expect(
            lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[2] } == ["Bright"]
                + Array(repeating: "Dark", count: 15))
        // What was asked for and what runs are both told, on a processor that has it and on one that has not.
        let runs = try Shell.run("grep -m1 '^flags' /proc/cpuinfo | grep -qwE 'avx512_bf16|amx_bf16'").status == 0 ? "bf16" : "f32"
        let json = try ProgramUnderTest.pleura("detect", "a.png", "--model", "./tiny", "--json", "-", "--precision", "bf16", in: work.url)
        #expect(json.output.contains("\"precision\":\"\(runs)\",\"precision_requested\":\"bf16\""))
        #expect(json.errors.contains("precision: bf16 asked for, \(runs) runs\n"))
        #expect(json.errors.contains("this processor has no bf16; computing in f32") == (runs == "f32"))
    }

    @Test func manyImagesKeepTheirOrder() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try FileManager.default.createDirectory(at: work.file("in"), withIntermediateDirectories: true)
        for index in 0..<1000 {
            try SampleFiles.png(column: index % 4, row: index / 4 % 4).write(to: work.file(String(format: "in/%04d.png", index)))
        }
        let result = try ProgramUnderTest.pleura("detect", "in", "--model", "./tiny", "--csv", "-", in: work.url)
        #expect(result.status == 0)
        let lines = result.output.split(whereSeparator: \.isNewline).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(lines.count == 1000)
        for (index, line) in lines.enumerated() {
            #expect(line[0] == String(format: "in/%04d.png", index))
            #expect(Double(line[4]) == Double(index % 4 * 16) && Double(line[5]) == Double(index / 4 % 4 * 16))
        }
        // Redirected: plain lines, the last of which counts all.
        #expect(result.errors.contains("1000 of 1000 done") && !result.errors.contains("\u{1B}"))
    }

    @Test func wrongUseIsTwoAndMissingThingsAreThree() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let wrong: [[String]] = [
            ["detect"], ["detect", "a.png", "--threshold", "2"], ["detect", "a.png", "--frame", "0"],
            ["detect", "a.png", "--precision", "f16"],
            ["detect", "a.png", "--coco", "c.json"], ["detect", "a.png", "--json", "-", "--csv", "-"], ["nonsense"],
            ["detect", "--nonsense", "a.png"],
            ["detect", "a.png", "--json", "x", "--csv", "./x"],
        ]
        for arguments in wrong {
            let result = try ProgramUnderTest.run(arguments, in: work.url)
            #expect(result.status == 2 && result.output.isEmpty && !result.errors.isEmpty, "\(arguments)")
        }
        let missing: [[String]] = [
            ["detect", "a.png", "--model", "no-such-model"], ["detect", "a.png", "--model", "./no-such-model"],
            ["model", "show", "no-such-model"],
            ["detect", "a.png", "--model", "./tiny", "--coco", "c.json", "--dataset", "no-such-dataset"],
        ]
        for arguments in missing {
            let result = try ProgramUnderTest.run(arguments, in: work.url)
            #expect(result.status == 3 && result.output.isEmpty && result.errors.split(separator: "\n").count == 1, "\(arguments)")
        }
        let version = try ProgramUnderTest.pleura("--version")
        #expect(version.status == 0 && version.output.hasPrefix("pleura ") && version.errors.isEmpty)
        let help = try ProgramUnderTest.pleura("detect", "--help")
        #expect(help.status == 0 && help.output.contains("--threshold") && help.errors.isEmpty)
    }

    /// A pipe is written into, not replaced by a file.
    @Test func aPipeCanTakeAReport() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let result = try Shell.run(
            """
            cd '\(work.url.path)' && mkfifo pipe && (cat pipe > read & '\(ProgramUnderTest.file().path)' detect a.png --model ./tiny \
            --csv pipe --quiet > table; wait) && test -p pipe && cat read
            """)
        #expect(result.output == "path,frame,label,score,x,y,width,height,id,alternative_to\r\na.png,,Bright,1,32,16,24,16,1,\r\n")
        #expect(result.status == 0)
    }

    /// `pleura detect … | head -1`: the reader goes, the files asked for are still written.
    @Test func aReaderThatGoesAwayEndsNothing() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let program = try ProgramUnderTest.file().path
        let result = try Shell.run(
            "cd '\(work.url.path)' && ('\(program)' detect a.png --model ./tiny --out out --quiet; echo $? > status) | true; cat status")
        // The picture is there, but what was meant for standard output is not.
        #expect(result.output == "3\n")
        #expect(result.errors == "pleura: standard output cannot be written to the end: its reader has gone\n")
        #expect(FileManager.default.fileExists(atPath: work.file("out/index.html").path))
    }
}
