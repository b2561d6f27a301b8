import Foundation
import PleuraTesting
import Testing

/// Ctrl-C on a long run: what was begun is done and written, and the exit code says that it was interrupted.
@Suite(.timeLimit(.minutes(20))) struct InterruptionTests {
    /// So many phantoms that no machine is through with their pictures before the signal comes.
    private static func images(_ count: Int, in work: TemporaryFolder) throws {
        try TinyModel.write(to: work.file("tiny"))
        try FileManager.default.createDirectory(at: work.file("in"), withIntermediateDirectories: true)
        let picture = try SampleFiles.png()
        for index in 0..<count { try picture.write(to: work.file(String(format: "in/%05d.png", index))) }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)]) func whatWasBegunIsWritten(signal: Int32, status: Int32) throws {
        let work = try TemporaryFolder()
        try Self.images(6000, in: work)
        let pictures = work.file("out")
        let result = try ProgramUnderTest.run(
            ["detect", "in", "--model", "./tiny", "--csv", "findings.csv", "--json", "findings.json", "--out", "out"], in: work.url,
            started: { process in
                // The first pictures are there: it is in the middle.
                let isBegun = { (try? FileManager.default.subpathsOfDirectory(atPath: pictures.path).count) ?? 0 > 40 }
                while !isBegun(), process.isRunning { usleep(2_000) }
                kill(process.processIdentifier, signal)
            })
        #expect(result.status == status && !result.signalled, "\(result.errors.suffix(300))")
        #expect(result.errors.contains("interrupted: finishing what has been begun"))
        // The three reports tell the same images: the first ones, without a gap.
        let json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: work.file("findings.json"))) as? [String: Any])
        let names = try #require(json["images"] as? [[String: Any]]).compactMap { $0["image"] as? String }
        #expect(names.count > 10 && names.count < 6000)
        #expect(names == (0..<names.count).map { String(format: "in/%05d.png", $0) })
        #expect(result.errors.contains("interrupted: \(names.count) of 6000 images are done and written"))
        let rows = try String(contentsOf: work.file("findings.csv"), encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        #expect(rows.count == names.count)
        let page = try String(contentsOf: pictures.appendingPathComponent("index.html"), encoding: .utf8)
        #expect(page.contains(String(format: "%05d.png", names.count - 1)) && !page.contains(String(format: "%05d.png", names.count)))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: work.url.path).allSatisfy { !$0.contains(".partial") })
    }

    /// Whoever asks twice is not kept waiting.
    @Test func theSecondSignalEndsAtOnce() throws {
        let work = try TemporaryFolder()
        try Self.images(6000, in: work)
        let result = try ProgramUnderTest.run(
            ["detect", "in", "--model", "./tiny", "--csv", "findings.csv", "--out", "out"], in: work.url,
            started: { process in
                while !FileManager.default.fileExists(atPath: work.file("out").path), process.isRunning { usleep(2_000) }
                for _ in 0..<400 where process.isRunning {
                    kill(process.processIdentifier, SIGINT)
                    usleep(5_000)
                }
            })
        #expect(result.status == 130 && !result.signalled)
    }
}
