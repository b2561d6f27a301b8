import Detection
import Findings
import Foundation
import Geometry
import Inference
import Models
import PleuraTesting
import Radiographs
import Synchronization
import Testing

/// How many there are, and the most there ever were.
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
        // Images in memory.
        let open = Counter()
        let pipeline = DetectionPipeline(
            detector: try Detector(bundle: ModelBundle(directory: folder.file("tiny"))),
            decoders: DecoderRegistry(decoders: [StubDecoder { _ in open.add(1) }]), workers: 2)
        var paths: [String] = []
        for index in 0..<200 {
            let file = folder.file("\(index).plain")
            switch index % 10 {
            case 3: try StubDecoder.bytes(cell: 16).write(to: file)
            case 5: try Data("other".utf8).write(to: file)
            case 7: break
            default: try StubDecoder.bytes(cell: index % 16).write(to: file)
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
                #expect(item.index == index && item.findings.reference.name == paths[index])
                seen.append(index)
                errors[index] = item.findings.error?.description
            })
        #expect(seen == Array(0..<200))
        #expect(errors.keys.sorted() == (0..<200).filter { [3, 5, 7].contains($0 % 10) })
        #expect(errors[3] == "damaged: no cell" && errors[7] == "unreadable: no such file")
        #expect(errors[5]?.hasPrefix("unknown format: ") == true)
        // Being decoded, before the network, in it, behind it, and being finished.
        #expect(open.most <= 2 + 2 + 1 + 2 + 2)
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

    @Test(.timeLimit(.minutes(20))) func aFIFOIsNotWaitedFor() async throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        #expect(try Shell.run("mkfifo '\(folder.file("pipe.png").path)'").status == 0)
        let pipeline = DetectionPipeline(
            detector: try Detector(bundle: ModelBundle(directory: folder.file("tiny"))), decoders: DecoderRegistry(decoders: [PNGDecoder()])
        )
        var errors: [String?] = []
        try await pipeline.run(
            [folder.file("pipe.png").path, "/dev/zero", folder.url.path], finish: { $0.findings.error },
            deliver: { errors.append($1?.description) })
        #expect(errors == ["unreadable: not a plain file", "unreadable: not a plain file", "unreadable: is a directory"])
    }

    /// Files of cells 0 to 15 in turn, and a detector for them.
    private func plainFiles(_ count: Int, in folder: TemporaryFolder) throws -> (paths: [String], detector: Detector) {
        try TinyModel.write(to: folder.file("tiny"))
        let paths = try (0..<count).map { index in
            let file = folder.file("\(index).plain")
            try StubDecoder.bytes(cell: index % 16).write(to: file)
            return file.path
        }
        return (paths, try Detector(bundle: ModelBundle(directory: folder.file("tiny"))))
    }

    private static let plain = DecoderRegistry(decoders: [StubDecoder()])

    /// An engine that fails for some images costs those images and no other.
    @Test(.timeLimit(.minutes(20))) func anEngineThatFailsInTheMiddleCostsThoseImages() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(60, in: folder)
        var pipeline = DetectionPipeline(detector: detector, decoders: Self.plain)
        let calls = Counter()
        pipeline.runNetworks = { prepared in
            calls.add(1)
            if calls.most % 3 == 0 { throw InferenceError(.engine, "out of order") }
            return try detector.outputs(prepared)
        }
        var errors: [Int: String] = [:]
        var delivered: [Int] = []
        let times = try await pipeline.run(
            paths, finish: { $0.findings },
            deliver: { index, findings in
                delivered.append(index)
                errors[index] = findings.error?.description
                if findings.error == nil { #expect(Int(findings.findings.first?.boundingBox.x ?? -1) == index % 4 * 16) }
            })
        #expect(delivered == Array(0..<60) && times.images == 60)
        #expect(errors.count == 20 && errors.values.allSatisfy { $0.contains("out of order") })
    }

    /// An image that the decoder does not come back from is given up; its thread is replaced, and the others are done meanwhile.
    @Test(.timeLimit(.minutes(20))) func anImageThatTakesTooLongIsGivenUp() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(40, in: folder)
        let gate = DispatchSemaphore(value: 0)
        // Two of them, so that with two workers nothing would ever go on.
        let pipeline = DetectionPipeline(
            detector: detector, decoders: DecoderRegistry(decoders: [StubDecoder { if $0 == 5 { gate.wait() } }]), workers: 2,
            decodingLimit: .seconds(3))
        var errors: [Int: String] = [:]
        var delivered = 0
        try await pipeline.run(
            paths, finish: { $0.findings },
            deliver: { index, findings in
                delivered += 1
                errors[index] = findings.error?.description
            })
        for _ in 0..<3 { gate.signal() }
        #expect(delivered == 40)
        #expect(errors.keys.sorted() == [5, 21, 37])
        #expect(errors.values.allSatisfy { $0.hasPrefix("too slow: not decoded within ") })
    }

    /// Interrupted, what was begun is delivered, in order and without a gap, and nothing else is begun.
    @Test(.timeLimit(.minutes(20))) func anInterruptionFinishesWhatWasBegun() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(400, in: folder)
        let isInterrupted = Mutex(false)
        let pipeline = DetectionPipeline(
            detector: detector, decoders: Self.plain, isInterrupted: { isInterrupted.withLock { $0 } })
        var delivered: [Int] = []
        let times = try await pipeline.run(
            paths, finish: { $0.findings },
            deliver: { index, findings in
                #expect(findings.error == nil)
                delivered.append(index)
                if index == 20 { isInterrupted.withLock { $0 = true } }
            })
        #expect(delivered == Array(0..<times.images))
        // At most a window of images is begun before they are delivered.
        #expect(times.images > 20 && times.images <= 21 + 64)
        #expect(times.seconds[.decode] ?? 0 > 0 && times.wall > 0 && times.process > 0)
    }

    @Test func interruptedBeforeTheFirstImageNothingIsBegun() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(8, in: folder)
        let pipeline = DetectionPipeline(detector: detector, decoders: Self.plain, isInterrupted: { true })
        let times = try await pipeline.run(paths, finish: { $0.findings }, deliver: { _, _ in Issue.record("delivered") })
        #expect(times.images == 0)
        #expect(try await pipeline.run([], finish: { $0.findings }, deliver: { _, _ in }).images == 0)
    }

    /// Where the pixels are not wanted, they are not kept; the findings are the same.
    @Test func findingsDoNotDependOnWhetherPixelsAreKept() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(16, in: folder)
        var found: [[ImageFindings]] = []
        for keepsPixels in [true, false] {
            var all: [ImageFindings] = []
            let pipeline = DetectionPipeline(detector: detector, decoders: Self.plain, keepsPixels: keepsPixels)
            try await pipeline.run(
                paths,
                finish: { item in
                    #expect((item.radiograph != nil) == keepsPixels)
                    return item.findings
                }, deliver: { all.append($1) })
            found.append(all)
        }
        #expect(found[0] == found[1] && found[0].count == 16)
    }

    /// Several images in the engine at once: the same findings, each with its own image.
    @Test func throughputModeGivesTheSameFindings() async throws {
        let folder = try TemporaryFolder()
        let (paths, alone) = try plainFiles(100, in: folder)
        let together = try Detector(bundle: alone.bundle, settings: EngineSettings(mode: .throughput))
        var found: [[ImageFindings]] = []
        for detector in [alone, together] {
            var all: [ImageFindings] = []
            try await DetectionPipeline(detector: detector, decoders: Self.plain).run(
                paths, finish: { $0.findings }, deliver: { all.append($1) })
            found.append(all)
        }
        #expect(found[0] == found[1] && found[0].count == 100)
        #expect(alone.requestCount == 1)
        #expect(together.requestCount > 1 || ProcessInfo.processInfo.activeProcessorCount == 1)
    }

    /// A cancelled task is told so. It does not look as if fewer images had been asked for.
    @Test(.timeLimit(.minutes(20))) func aCancelledRunThrows() async throws {
        let folder = try TemporaryFolder()
        let (paths, detector) = try plainFiles(400, in: folder)
        let delivered = Mutex(0)
        let pipeline = DetectionPipeline(detector: detector, decoders: Self.plain)
        let task = Task {
            try await pipeline.run(
                paths, finish: { $0.findings },
                deliver: { _, _ in
                    delivered.withLock { $0 += 1 }
                    if delivered.withLock({ $0 }) == 20 { withUnsafeCurrentTask { $0?.cancel() } }
                })
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(delivered.withLock { $0 } >= 20 && delivered.withLock { $0 } < 400)
        let before = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await pipeline.run(paths, finish: { $0.findings }, deliver: { _, _ in Issue.record("delivered") })
        }
        before.cancel()
        await #expect(throws: CancellationError.self) { try await before.value }
    }
}
