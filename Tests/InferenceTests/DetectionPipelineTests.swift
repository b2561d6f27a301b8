import Findings
import Foundation
import Inference
import Models
import Radiographs
import Synchronization
import TestModels
import TestSupport
import Testing

/// A decoder of a format for tests: a header and one grey for all pixels but a bright square.
private struct PlainDecoder: RadiographDecoder {
    let name = "plain"
    /// Images in memory now, and the most there ever were.
    let open: Counter

    func recognises(_ bytes: Data) -> Bool { bytes.starts(with: Data("PLAIN ".utf8)) }

    func decode(_ bytes: Data, path: String, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        guard let cell = Int(String(decoding: bytes.dropFirst(6), as: UTF8.self)), (0..<16).contains(cell) else {
            throw RadiographError(.damaged, "no cell")
        }
        open.add(1)
        var radiograph = DetectorTests.radiograph(
            width: 64, height: 64, bright: Box(x: Double(cell % 4 * 16), y: Double(cell / 4 * 16), width: 16, height: 16))
        radiograph.reference.path = path
        return radiograph
    }
}

private final class Counter: Sendable {
    private let values = Mutex((now: 0, most: 0))
    func add(_ change: Int) {
        values.withLock {
            $0.now += change
            $0.most = max($0.most, $0.now)
        }
    }
    var most: Int { values.withLock { $0.most } }
}

@Suite struct DetectionPipelineTests {
    @Test func everyFileIsDoneInOrderWhateverBecomesOfTheOthers() async throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        let open = Counter()
        let pipeline = DetectionPipeline(
            detector: try Detector(bundle: ModelBundle(directory: folder.file("tiny"))),
            decoders: DecoderRegistry(decoders: [PlainDecoder(open: open)]), lookAhead: 2)
        var paths: [String] = []
        for index in 0..<200 {
            let file = folder.file("\(index).plain")
            switch index % 10 {
            case 3: try Data("PLAIN no".utf8).write(to: file)
            case 5: try Data("other".utf8).write(to: file)
            case 7: break
            default: try Data("PLAIN \(index % 16)".utf8).write(to: file)
            }
            paths.append(file.path)
        }
        var seen: [Int] = []
        var errors: [Int: String] = [:]
        try await pipeline.run(
            paths,
            finish: { item in
                // The picture is the image's own: its bright cell is where its findings are.
                let cell = item.index % 16
                if let radiograph = item.radiograph {
                    let middle = (cell / 4 * 16 + 8) * 64 + cell % 4 * 16 + 8
                    #expect(radiograph.pixels.samples[middle] == 65535)
                    let finding = try #require(item.findings.findings.first)
                    #expect(Int(finding.boundingBox.x) == cell % 4 * 16 && Int(finding.boundingBox.y) == cell / 4 * 16)
                    open.add(-1)
                }
                return item
            },
            deliver: { index, item in
                #expect(item.index == index && item.findings.reference.path == paths[index])
                seen.append(index)
                errors[index] = item.findings.error
            })
        #expect(seen == Array(0..<200))
        #expect(errors.keys.sorted() == (0..<200).filter { [3, 5, 7].contains($0 % 10) })
        #expect(errors[3] == "damaged: no cell" && errors[7] == "unreadable: no such file")
        #expect(errors[5]?.hasPrefix("unknown format: ") == true)
        // Before the network, in it, and behind it.
        #expect(open.most <= 2 + 1 + 1 + 3)
    }

    @Test func whatCannotBeWrittenEndsTheRun() async throws {
        struct Full: Error {}
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        let pipeline = DetectionPipeline(
            detector: try Detector(bundle: ModelBundle(directory: folder.file("tiny"))), decoders: DecoderRegistry(decoders: []))
        await #expect(throws: Full.self) {
            try await pipeline.run((0..<50).map { "/nonexistent/\($0)" }, finish: { $0 }, deliver: { _, _ in throw Full() })
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFIFOIsNotWaitedFor() async throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        #expect(try Shell.run("mkfifo '\(folder.file("pipe.png").path)'").status == 0)
        let pipeline = DetectionPipeline(
            detector: try Detector(bundle: ModelBundle(directory: folder.file("tiny"))), decoders: DecoderRegistry(decoders: [PNGDecoder()])
        )
        var errors: [String?] = []
        try await pipeline.run(
            [folder.file("pipe.png").path, "/dev/zero", folder.url.path], finish: { $0.findings.error }, deliver: { errors.append($1) })
        #expect(errors == ["unreadable: not a plain file", "unreadable: not a plain file", "unreadable: is a directory"])
    }
}
