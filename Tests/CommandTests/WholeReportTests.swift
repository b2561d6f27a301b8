import Foundation
import PleuraTesting
import Testing

/// A report that cannot be written whole is exit 3 with a line, whatever command and stream.
@Suite(.timeLimit(.minutes(20))) struct WholeReportTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try TinyModel.write(to: work.file("Models/tiny"))
        try CellDataset().write(to: work.file("set"))
        try SampleFiles.png().write(to: work.file("a.png"))
    }

    private static let commands = [
        "detect a.png --model ./tiny", "detect a.png --model ./tiny --json -", "detect a.png --model ./tiny --csv -",
        "evaluate --dataset set --model ./tiny --draws 0", "evaluate --dataset set --model ./tiny --draws 0 --json -",
        "evaluate --dataset set --compare ./tiny ./tiny --draws 20", "dataset stats set", "dataset stats set --json -", "dataset check set",
        "dataset check set --json -", "dataset split set --folds 2", "dataset fetch nih --out nih --dry-run",
        "dataset export set --format coco --out exported --json -", "dataset show set --out show.html --json -", "model list",
        "model list --json -", "model show ./tiny", "model verify ./tiny", "model fetch", "model ensemble ./tiny ./Models/tiny --out both",
        "doctor", "doctor --json", "phantom --count 1 --size 512 --out phantoms --json -", "train --presets", "train --presets --json -",
        "train --dataset set --plan", "--help", "--version", "dataset --help", "detect --help", "train --help", "experiment --help",
    ]

    /// - Parameter redirection: Of the shell.
    private func run(_ command: String, _ redirection: String) throws -> Shell.Result {
        let program = try ProgramUnderTest.file().path
        // Help and version know no more options.
        let quiet = command.hasPrefix("--") || command.hasSuffix("--help") ? "" : " --quiet"
        return try Shell.run(
            "cd '\(work.url.path)' && XDG_CACHE_HOME='\(work.url.path)/cache' '\(program)' \(command)\(quiet) \(redirection)")
    }

    @Test(arguments: commands) func aFullDeviceIsTold(command: String) throws {
        let program = command.hasPrefix("train") || command.hasPrefix("experiment") ? "pleura-train" : "pleura"
        let full = try run(command, "> /dev/full")
        #expect(full.status == 3)
        #expect(
            full.errors.hasSuffix("\(program): standard output cannot be written to the end: no space left on device\n"), "\(full.errors)")
        #expect(full.errors.split(separator: "\n").filter { $0.contains("standard output") }.count == 1)
    }

    @Test func aReaderThatHasGoneAndAClosedStreamAreTold() throws {
        let program = try ProgramUnderTest.file().path
        for command in ["detect a.png --model ./tiny --json -", "train --presets", "model list"] {
            let gone = try Shell.run(
                "cd '\(work.url.path)' && { sleep 0.2; '\(program)' \(command) --quiet; echo $? > status; } | true; sleep 1; cat status")
            #expect(gone.output == "3\n" && gone.errors.hasSuffix(": standard output cannot be written to the end: its reader has gone\n"))
            let closed = try run(command, ">&-")
            #expect(closed.status == 3 && closed.errors.hasSuffix(": standard output cannot be written to the end: it is closed\n"))
        }
        // With nothing to say there is nothing that could be lost.
        #expect(try run("dataset merge set --out merged", ">&-").status == 0)
    }

    /// The first file that is opened must not become standard output.
    @Test func withoutAnyStreamFilesAreAsTheyAre() throws {
        let result = try run("detect a.png --model ./tiny --csv a.csv --out out", "<&- >&- 2>&-")
        #expect(result.status == 3)
        let csv = try String(contentsOf: work.file("a.csv"), encoding: .utf8)
        #expect(csv == "path,frame,label,score,x,y,width,height,id,alternative_to\r\na.png,,Bright,1,32,16,24,16,1,\r\n")
        #expect(try String(contentsOf: work.file("out/index.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    }

    @Test(arguments: ["json", "csv", "coco"]) func aFileOnAFullDeviceIsTold(option: String) throws {
        let more = option == "coco" ? " --dataset set" : ""
        let result = try run("detect a.png --model ./tiny --\(option) /dev/full\(more)", "")
        #expect(result.status == 3)
        #expect(result.errors.contains("pleura: cannot write: /dev/full cannot be written to the end: no space left on device\n"))
        for command in ["dataset stats set --html /dev/full", "dataset show set --out /dev/full", "dataset check set --json /dev/full"] {
            #expect(try run(command, "").status == 3, "\(command)")
        }
        #expect(try run("evaluate --dataset set --model ./tiny --draws 0 --json /dev/full", "").status == 3)
    }

    @Test func streamsByTheirPathsAreWrittenInto() throws {
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let result = try run("detect a.png --model ./tiny --csv - --json \(path)", "> both")
            #expect(result.status == 0, "\(result.errors)")
            let both = try String(contentsOf: work.file("both"), encoding: .utf8)
            #expect(both.hasPrefix("{\"schema\": 1,") && both.hasSuffix("a.png,,Bright,1,32,16,24,16,1,\r\n"), "\(path)")
        }
    }
}
