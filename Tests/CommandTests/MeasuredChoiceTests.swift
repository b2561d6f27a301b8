import Foundation
import Models
import PleuraTesting
import Testing

/// `pleura doctor --bench` measures, and `detect` follows it.
@Suite(.timeLimit(.minutes(20))) struct MeasuredChoiceTests {
    @Test func detectTakesTheMeasuredPrecision() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("Models/tiny"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let cache = work.file("cache")
        func precision(_ more: String...) throws -> String? {
            let result = try ProgramUnderTest.run(["detect", "a.png", "--model", "tiny", "--json", "-"] + more, in: work.url, cache: cache)
            let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            return (json?["model"] as? [String: Any])?["precision"] as? String
        }
        #expect(try precision() == "f32")

        let bench = try ProgramUnderTest.run(["doctor", "--bench", "--json"], in: work.url, cache: cache)
        #expect(bench.status == 0)
        let report = try #require(JSONSerialization.jsonObject(with: Data(bench.output.utf8)) as? [String: Any])
        let choices = try #require(report["choices"] as? [[String: Any]])
        let digest = try ModelBundle(directory: work.file("Models/tiny")).digest
        let choice = try #require(choices.first { $0["digest"] as? String == digest })
        let measurements = try #require(choice["measurements"] as? [[String: Any]])
        let hasBFloat16 = try Shell.run("grep -m1 '^flags' /proc/cpuinfo | grep -qwE 'avx512_bf16|amx_bf16'").status == 0
        #expect(measurements.compactMap { $0["precision"] as? String } == (hasBFloat16 ? ["f32", "bf16"] : ["f32"]))
        for measured in measurements {
            #expect((measured["latency_milliseconds"] as? Double ?? 0) > 0 && (measured["images_per_second"] as? Double ?? 0) > 0)
        }
        #expect(try precision() == choice["precision"] as? String)

        // What was kept is followed, and what is said beats it; what is broken is as if it were not there.
        let names = try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter { $0.hasPrefix("pleura/choices/") }
        let file = cache.appendingPathComponent(
            try #require(try names.first { try String(contentsOf: cache.appendingPathComponent($0), encoding: .utf8).contains(digest) }))
        if hasBFloat16 {
            var edited = choice
            edited["precision"] = "bf16"
            try JSONSerialization.data(withJSONObject: edited).write(to: file)
            #expect(try precision() == "bf16")
            #expect(try precision("--precision", "f32") == "f32")
        }
        try Data("{}".utf8).write(to: file)
        #expect(try precision() == "f32")
    }

    /// Where the time went: each step's share, with which nearly all of it is told.
    @Test func profileTellsWhereTheTimeWent() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        for index in 0..<40 { try SampleFiles.png().write(to: work.file("\(index).png")) }
        let result = try ProgramUnderTest.run(
            ["detect"] + (0..<40).map { "\($0).png" } + ["--model", "./tiny", "--csv", "-", "--profile", "--quiet"], in: work.url)
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n").map(String.init)
        let names = ["read and decode", "preprocess", "network", "postprocess", "draw and encode", "write in order", "cores without work"]
        let shares = names.compactMap { name -> Double? in
            let line = lines.first { $0.hasPrefix(name) }
            return line?.split(separator: " ").dropLast().last.flatMap { Double($0) }
        }
        #expect(shares.count == names.count)
        #expect(abs(shares.reduce(0, +) - 100) < 2, "\(shares)")
        #expect(lines.contains { $0.hasPrefix("40 images in ") })
    }

    @Test func wrongLimitsAreWrongUse() throws {
        for value in ["0", "-1", "nan", "inf"] {
            let result = try ProgramUnderTest.run(["detect", "a.png", "--decoding-limit=\(value)"])
            #expect(result.status == 2, "\(value)")
        }
    }
}
