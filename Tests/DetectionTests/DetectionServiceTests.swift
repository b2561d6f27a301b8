import Detection
import Findings
import Foundation
import Geometry
import Inference
import Logging
import Models
import PleuraTesting
import Radiographs
import Synchronization
import Testing

/// A decoder of a format for tests: `CELL n` is a picture whose cell n, counted on by the frame, is bright; `SLOW n` is the same once the gate is open.
private struct CellDecoder: RadiographDecoder {
    let name = "cell"
    let gate = Gate()
    /// What was decoded, in its order.
    let log = Log()

    func recognises(_ bytes: Data) -> Bool { bytes.starts(with: Data("CELL ".utf8)) || bytes.starts(with: Data("SLOW ".utf8)) }

    func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        let text = String(decoding: bytes, as: UTF8.self)
        log.add(text)
        if text.hasPrefix("SLOW ") { gate.wait() }
        guard let number = Int(text.dropFirst(5)) else { throw RadiographError(.damaged, "no cell") }
        let cell = (number + frame - 1) % 16
        return DetectorTests.radiograph(
            width: 64, height: 64, bright: Box(x: Double(cell % 4 * 16), y: Double(cell / 4 * 16), width: 16, height: 16))
    }
}

/// Holds threads up until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isOpen = Mutex(false)

    func wait() {
        guard !isOpen.withLock({ $0 }) else { return }
        semaphore.wait()
        semaphore.signal()
    }

    func open() {
        isOpen.withLock { $0 = true }
        semaphore.signal()
    }
}

private final class Log: Sendable {
    private let lines = Mutex([String]())
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// Keeps what a logger is told.
private struct KeepingLogHandler: LogHandler {
    let log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { log.add("\(event.message) \(event.metadata ?? [:])") }
}

@Suite(.timeLimit(.minutes(20))) struct DetectionServiceTests {
    private static func detector(_ mode: EngineSettings.Mode = .latency) throws -> Detector {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        return try Detector(bundle: ModelBundle(directory: folder.file("tiny")), settings: EngineSettings(mode: mode))
    }

    private static func request(_ text: String, frame: Int = 1, _ urgency: Urgency = .soon) -> DetectionRequest {
        DetectionRequest(.bytes(Data(text.utf8), from: .instance(uid: "1.2.3")), frame: frame, urgency: urgency)
    }

    private static func cell(_ answer: DetectionAnswer) throws -> Int {
        let box = try #require(answer.findings.findings.first).boundingBox
        return Int(box.x) / 16 + Int(box.y) / 16 * 4
    }

    /// Waits until something is so that other threads bring about.
    private static func until(_ isSo: () -> Bool) async throws {
        while !isSo() { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func bytesAndFilesAreAnsweredEachByItself() async throws {
        let folder = try TemporaryFolder()
        try Data("CELL 5".utf8).write(to: folder.file("5"))
        let service = DetectionService(soon: try Self.detector(), decoders: DecoderRegistry(decoders: [CellDecoder()]))
        let path = folder.file("5").path
        var request = DetectionRequest(.file(path))
        let file = try await service.submit(request)
        #expect(try Self.cell(file) == 5 && file.radiograph == nil && file.findings.reference.source == .file(path))
        request.keepsPixels = true
        #expect(try await service.submit(request).radiograph?.pixels.width == 64)
        let bytes = try await service.submit(Self.request("CELL 5", frame: 3))
        #expect(try Self.cell(bytes) == 7)
        #expect(bytes.findings.reference.source == .instance(uid: "1.2.3"))
        var generous = Self.request("CELL 5")
        generous.threshold = 0.4
        #expect(try await service.submit(generous).findings.findings.count > bytes.findings.findings.count)
    }

    @Test func anImageThatCannotBeReadIsAnAnswerAndCostsNoOther() async throws {
        let service = DetectionService(soon: try Self.detector(), decoders: DecoderRegistry(decoders: [CellDecoder()]))
        #expect(try await service.submit(Self.request("CELL x")).findings.error?.code == "damaged")
        #expect(try await service.submit(Self.request("other")).findings.error?.code == "unknown_format")
        #expect(try await service.submit(Self.request("")).findings.error?.code == "empty")
        #expect(try await service.submit(DetectionRequest(.file("/dev/zero"))).findings.error?.code == "unreadable")
        #expect(try Self.cell(try await service.submit(Self.request("CELL 9"))) == 9)
    }

    /// Hundreds at once, in both lanes: each gets its own answer.
    @Test func manyAtOnceGetTheirOwnAnswers() async throws {
        let service = DetectionService(
            now: try Self.detector(), soon: try Self.detector(.throughput), decoders: DecoderRegistry(decoders: [CellDecoder()]))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let answer = try await service.submit(Self.request("CELL \(index)", index % 5 == 0 ? .now : .soon))
                    return try Self.cell(answer) == index % 16
                }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    // MARK: Urgency

    /// All threads are busy with slow images and many wait, and still the urgent one is read, seen and answered.
    @Test func anUrgentImageDoesNotWaitForSlowOnes() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            now: try Self.detector(), soon: try Self.detector(.throughput), decoders: DecoderRegistry(decoders: [decoder]),
            settings: .init(workers: 2))
        let answered = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    _ = try await service.submit(Self.request("SLOW \(index)"))
                    answered.add("soon")
                }
            }
            try await Self.until { service.waitingCount == 18 }
            #expect(try Self.cell(try await service.submit(Self.request("CELL 6", .now))) == 6)
            #expect(answered.all.isEmpty)
            decoder.gate.open()
            try await group.waitForAll()
        }
        #expect(answered.all.count == 20)
    }

    /// With one thread and one network the urgent image is the next to be begun.
    @Test func anUrgentImageOvertakesThoseThatWait() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]), settings: .init(workers: 1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await service.submit(Self.request("SLOW 0")) }
            try await Self.until { decoder.log.all.count == 1 }
            for index in 1..<6 {
                group.addTask { _ = try await service.submit(Self.request("CELL \(index)")) }
                try await Self.until { service.waitingCount == index }
            }
            group.addTask { _ = try await service.submit(Self.request("CELL 15", .now)) }
            try await Self.until { service.waitingCount == 6 }
            decoder.gate.open()
            try await group.waitForAll()
        }
        #expect(decoder.log.all == ["SLOW 0", "CELL 15", "CELL 1", "CELL 2", "CELL 3", "CELL 4", "CELL 5"])
    }

    /// While an urgent image is in its network, the other network begins nothing.
    @Test func theOtherNetworkRestsWhileAnUrgentImageIsInItsOwn() async throws {
        let detector = try Self.detector()
        let (gate, log) = (Gate(), Log())
        let service = DetectionService(
            now: detector, soon: detector, decoders: DecoderRegistry(decoders: [CellDecoder()]),
            runNetworks: { prepared in
                log.add(prepared.reference.name)
                if prepared.reference.name == "urgent" { gate.wait() }
                return try detector.outputs(prepared)
            })
        @Sendable func request(_ name: String, _ urgency: Urgency) -> DetectionRequest {
            DetectionRequest(.bytes(Data("CELL 1".utf8), from: .generated(name)), urgency: urgency)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await service.submit(request("urgent", .now)) }
            try await Self.until { log.all == ["urgent"] }
            group.addTask { _ = try await service.submit(request("other", .soon)) }
            // Long enough for the other to be decoded and begun, were it not held back.
            try await Task.sleep(for: .milliseconds(300))
            #expect(log.all == ["urgent"])
            gate.open()
            try await group.waitForAll()
        }
        #expect(log.all == ["urgent", "other"])
    }

    // MARK: Cancellation

    /// A cancelled task is told at once, though its decoder does not come back, and what waited is never begun.
    @Test func aCancelledRequestThrowsAtOnce() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]), settings: .init(workers: 1))
        let begun = Task { try await service.submit(Self.request("SLOW 0")) }
        try await Self.until { decoder.log.all.count == 1 }
        let waiting = Task { try await service.submit(Self.request("CELL 1")) }
        try await Self.until { service.waitingCount == 1 }
        for task in [waiting, begun] {
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(service.waitingCount == 0)
        decoder.gate.open()
        #expect(try Self.cell(try await service.submit(Self.request("CELL 2"))) == 2)
        #expect(decoder.log.all == ["SLOW 0", "CELL 2"])
    }

    @Test func aTaskThatWasCancelledBeforeSubmitsNothing() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]))
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await service.submit(Self.request("CELL 1"))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(decoder.log.all.isEmpty)
    }

    // MARK: Decoders that do not come back

    /// So many threads are left behind and no more; then images are refused with a reason, until a thread comes back.
    @Test func abandonedDecodersAreBounded() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]),
            settings: .init(workers: 2, decodingLimit: .seconds(1), mostAbandonedDecoders: 1))
        // Two threads are left behind, one of them gets a successor, and that is left behind too.
        try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<3 { group.addTask { try await service.submit(Self.request("SLOW \(index)")).findings.error?.code } }
            for try await code in group { #expect(code == "too_slow") }
        }
        let refused = try await service.submit(Self.request("CELL 1")).findings.error
        #expect(refused?.code == "decoders_busy" && refused?.meaning.isEmpty == false)
        #expect(refused?.description.contains("3 images") == true)
        decoder.gate.open()
        // The threads take their places again, one after the other.
        var answer = try await service.submit(Self.request("CELL 4"))
        while answer.findings.error != nil { answer = try await service.submit(Self.request("CELL 4")) }
        #expect(try Self.cell(answer) == 4)
        #expect(!decoder.log.all.contains("CELL 1"))
    }

    // MARK: Limits and the end

    @Test func moreThanMayWaitAreRefused() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]), settings: .init(workers: 1, mostWaiting: 2))
        let first = Task { try await service.submit(Self.request("SLOW 0")) }
        try await Self.until { decoder.log.all.count == 1 }
        let waiting = (1...2).map { index in Task { try await service.submit(Self.request("CELL \(index)")) } }
        try await Self.until { service.waitingCount == 2 }
        await #expect(throws: DetectionServiceError(.full, "")) { try await service.submit(Self.request("CELL 3")) }
        // The other lane has places of its own.
        let urgent = Task { try await service.submit(Self.request("CELL 4", .now)) }
        try await Self.until { service.waitingCount == 3 }
        decoder.gate.open()
        for task in waiting + [first, urgent] { #expect(try await task.value.findings.error == nil) }
    }

    @Test func whatWaitsIsGivenBackAndWhatIsBegunIsAnsweredAtTheEnd() async throws {
        let decoder = CellDecoder()
        let service = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [decoder]), settings: .init(workers: 1))
        let events = service.events()
        let begun = Task { try await service.submit(Self.request("SLOW 3")) }
        try await Self.until { decoder.log.all.count == 1 }
        let waiting = Task { try await service.submit(Self.request("CELL 1")) }
        try await Self.until { service.waitingCount == 1 }
        let end = Task { await service.stop() }
        await #expect(throws: DetectionServiceError(.stopped, "")) { try await waiting.value }
        await #expect(throws: DetectionServiceError(.stopped, "")) { try await service.submit(Self.request("CELL 2")) }
        decoder.gate.open()
        #expect(try Self.cell(try await begun.value) == 3)
        await end.value
        var codes: [String] = []
        for await event in events { if case .failed(let code, _) = event.kind { codes.append(code) } }
        #expect(codes == ["stopped", "stopped"])
        await service.stop()
    }

    /// A service that nobody holds ends by itself: its events come to an end.
    @Test func aServiceThatNobodyHoldsEnds() async throws {
        var service: DetectionService? = DetectionService(
            soon: try Self.detector(), decoders: DecoderRegistry(decoders: [CellDecoder()]))
        let events = try #require(service?.events())
        _ = try await service?.submit(Self.request("CELL 1"))
        service = nil
        var count = 0
        for await _ in events { count += 1 }
        #expect(count == 3)
    }

    // MARK: What is told

    @Test func eventsAndLogTellEachStepAndNoName() async throws {
        let folder = try TemporaryFolder()
        try Data("CELL 5".utf8).write(to: folder.file("Doe^Jane"))
        let log = Log()
        let logger = Logger(label: "test") { _ in KeepingLogHandler(log: log) }
        let service = DetectionService(soon: try Self.detector(), decoders: DecoderRegistry(decoders: [CellDecoder()]), logger: logger)
        let events = service.events()
        _ = try await service.submit(DetectionRequest(.file(folder.file("Doe^Jane").path), urgency: .now))
        _ = try await service.submit(Self.request("CELL Doe^Jane"))
        await service.stop()
        var told: [String] = []
        for await event in events {
            let kind =
                switch event.kind {
                case .accepted: "accepted"
                case .begun: "begun"
                case .answered(let age): age > .zero ? "answered" : "in no time"
                case .failed(let code, _): code
                case .cancelled: "cancelled"
                case .givenUp: "given up"
                }
            told.append("\(event.request) \(event.urgency.rawValue) \(kind)")
        }
        #expect(told == ["1 now accepted", "1 now begun", "1 now answered", "2 soon accepted", "2 soon begun", "2 soon damaged"])
        #expect(log.all.count == 6 && log.all[2].hasPrefix("answered ") && log.all[5].contains("damaged"))
        #expect(!log.all.contains { $0.contains("Doe") || $0.contains(folder.url.path) })
    }
}
