import Foundation
import PleuraTesting
import Testing

/// The program without its engines, as somebody has it who copied the file alone.
@Suite(.timeLimit(.minutes(20))) struct CopiedProgramTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try FileManager.default.copyItem(at: ProgramUnderTest.file(), to: work.file("pleura"))
        try TinyModel.write(to: work.file("tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
    }

    private func copy(_ arguments: String...) throws -> Shell.Result {
        try Shell.run(
            program: work.file("pleura").path, arguments, directory: work.url, environment: ["XDG_CACHE_HOME": work.file("cache").path])
    }

    @Test func whatNeedsAnEngineSaysWhatIsMissingAndWhatToDo() throws {
        for arguments in [["detect", "a.png", "--model", "./tiny"], ["detect", "a.png", "--model", "./tiny", "--json", "-", "--quiet"]] {
            let result = try Shell.run(program: work.file("pleura").path, arguments, directory: work.url)
            #expect(result.status == 3 && result.output.isEmpty && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(
                result.errors.hasPrefix(
                    "pleura: ./tiny: missing: OpenVINO is missing: there is no .engines/lib/libopenvino_c.so beside the program"))
            #expect(result.errors.contains("run ./setup site"))
        }
    }

    @Test func whatNeedsNoneWorks() throws {
        #expect(try copy("--version").status == 0)
        #expect(try copy("phantom", "--count", "1", "--size", "512", "--out", "set").status == 0)
        #expect(try copy("dataset", "stats", "set").output.hasPrefix("1 images of 1 patients"))
        #expect(try copy("model", "verify", "./tiny").output.hasPrefix("./tiny\tgood\ttiny 1.0.0\t"))
        let doctor = try copy("doctor", "--json", "-")
        #expect(doctor.status == 3 && doctor.errors.hasPrefix("pleura: not ready: OpenVINO is missing: "))
        let report = try #require(try JSONSerialization.jsonObject(with: Data(doctor.output.utf8)) as? [String: Any])
        let engines = try #require(report["engines"] as? [[String: Any]])
        #expect(engines.first { $0["name"] as? String == "OpenVINO" }?["version"] == nil)
        #expect(engines.first { $0["name"] as? String == "DCMTK" }?["version"] != nil && report["ready"] as? Bool == false)
    }

    @Test func anEngineBesideTheCopyIsFound() throws {
        try FileManager.default.createSymbolicLink(
            at: work.file(".engines"), withDestinationURL: Repository.root.appendingPathComponent(".engines"))
        let result = try copy("detect", "a.png", "--model", "./tiny", "--csv", "-", "--quiet")
        #expect(result.status == 0 && result.output.hasSuffix("a.png,,Bright,1,32,16,24,16,1,\r\n"), "\(result.errors)")
    }

    @Test func trainingSaysWhatIsMissing() throws {
        let without = try copy("train", "--presets")
        #expect(without.status == 3 && without.errors.split(separator: "\n").count == 1 && without.errors.contains("pleura-train"))
        // The launcher alone, then with the program but not its libraries.
        let built = try ProgramUnderTest.file().deletingLastPathComponent()
        for (name, missing) in [("pleura-train", "pleura-trainer is not beside the program"), ("pleura-trainer", "libtorch_cpu.so")] {
            try FileManager.default.copyItem(at: built.appendingPathComponent(name), to: work.file(name))
            let direct = try Shell.run(program: work.file("pleura-train").path, ["--presets"], directory: work.url)
            for said in [try copy("train", "--presets"), try copy("experiment", "--help"), direct] {
                #expect(said.status == 3 && said.output.isEmpty && said.errors.split(separator: "\n").count == 1, "\(said.errors)")
                #expect(said.errors.hasPrefix("pleura-train: training is missing: ") && said.errors.contains(missing), "\(said.errors)")
            }
        }
        #expect(try copy("doctor").output.contains("pleura-train is there but does not start: training is missing: "))
    }
}
