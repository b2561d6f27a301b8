import Basics
import Findings
import Foundation
import Logging
import Models
import Radiographs
import Synchronization

/// The steps of a service and their threads: decode and prepare, network, and what follows it. Its threads hold it, so it lives on until all of them
/// have ended.
final class DetectionWork: Sendable {
    /// An image on its way, or why it went no further.
    private struct Prepared: Sendable {
        var job: DetectionJob
        var radiograph: Radiograph?
        var result: Result<PreparedRadiograph, ImageFailure>
    }
    private struct Scored: Sendable {
        var prepared: Prepared
        var outputs: Result<[NetworkOutput], ImageFailure>
    }
    /// What a thread that decodes is for.
    private enum Role: Hashable, Sendable {
        case any
        /// Kept free for urgent images: the others may all be slow ones.
        case urgent
    }
    private struct Progress: Sendable {
        var accepted: UInt64 = 0
        /// Begun and not dealt with.
        var open = 0
        var isStopped = false
        var isEnded = false
        var idle: [@Sendable () -> Void] = []
    }

    let listeners = EventListeners()
    private let now: Detector?
    private let soon: Detector
    private let decoders: DecoderRegistry
    private let settings: DetectionService.Settings
    private let logger: Logger
    private let runNetworks: (@Sendable (PreparedRadiograph) throws -> [NetworkOutput])?
    private let waiting: LaneQueue<DetectionJob>
    private let prepared: LaneQueue<Prepared>
    private let scored: LaneQueue<Scored>
    private let progress = Mutex(Progress())
    private let stopDecoding = Mutex<(@Sendable () -> Void)?>(nil)

    init(
        now: Detector?, soon: Detector, decoders: DecoderRegistry, settings: DetectionService.Settings, logger: Logger,
        runNetworks: (@Sendable (PreparedRadiograph) throws -> [NetworkOutput])?
    ) {
        (self.now, self.soon, self.decoders, self.settings) = (now, soon, soon.decoders(decoders), settings)
        (self.logger, self.runNetworks) = (logger, runNetworks)
        waiting = LaneQueue(capacity: settings.mostWaiting, patience: settings.patience)
        // Each holds an image's pixels where they are kept.
        prepared = LaneQueue(capacity: soon.requestCount + 1, patience: settings.patience)
        scored = LaneQueue(capacity: settings.workers, patience: settings.patience)
    }

    var waitingCount: Int { waiting.count }

    // MARK: Requests

    func accept(_ job: DetectionJob) {
        let urgency = job.request.urgency
        let number = progress.withLock { progress in
            progress.accepted += 1
            return progress.accepted
        }
        guard job.accept(as: number) else { return }
        // Told first: once it is in the line, what follows may be told by another thread.
        tell(.accepted, of: job)
        switch waiting.offer(job, urgency) {
        case .taken:
            // Cancelled after it was accepted and before it was in the line.
            if job.isAnswered { _ = waiting.remove { $0 === job } }
        case .full:
            give(back: job, DetectionServiceError(.full, "\(settings.mostWaiting) requests wait already"))
        case .closed: give(back: job, Self.stopped)
        }
    }

    func cancel(_ job: DetectionJob) {
        guard job.answer(.failure(CancellationError())) else { return }
        _ = waiting.remove { $0 === job }
        // Cancelled before it was accepted, it was never here.
        if job.number > 0 { tell(.cancelled, of: job) }
    }

    private static let stopped = DetectionServiceError(.stopped, "the service has ended")

    private func give(back job: DetectionJob, _ error: DetectionServiceError) {
        if job.answer(.failure(error)) { tell(.failed(code: error.code.rawValue, after: job.age), of: job) }
    }

    // MARK: The end

    func stop() {
        progress.withLock { $0.isStopped = true }
        waiting.close()
        for job in waiting.remove(where: { _ in true }) { give(back: job, Self.stopped) }
        endIfIdle()
    }

    /// Calls when nothing is under way and nothing will be.
    func whenIdle(_ call: @escaping @Sendable () -> Void) {
        progress.withLock { $0.idle.append(call) }
        endIfIdle()
    }

    private func endIfIdle() {
        let (isEnd, calls) = progress.withLock { progress -> (Bool, [@Sendable () -> Void]) in
            guard progress.isStopped, progress.open == 0 else { return (false, []) }
            defer { (progress.isEnded, progress.idle) = (true, []) }
            return (!progress.isEnded, progress.idle)
        }
        if isEnd {
            prepared.close()
            scored.close()
            stopDecoding.withLock { stop in
                stop?()
                stop = nil
            }
            listeners.finish()
        }
        for call in calls { call() }
    }

    // MARK: Threads

    func start() {
        let decoding = TimeLimitedWorkers<Role, DetectionJob, Prepared>(
            limit: settings.decodingLimit, mostAbandoned: settings.mostAbandonedDecoders,
            actions: .init(
                next: { self.next($0) }, work: { self.prepare($0) }, late: { self.tooLate($0) },
                finish: { self.prepared.put($1, $0.request.urgency) },
                abandoned: { job, count in self.gaveUp(job, threadsLost: count) }, forsaken: { self.refuseWaiting($0, threadsLost: $1) }))
        stopDecoding.withLock { $0 = { decoding.stop() } }
        decoding.start(settings.workers, as: .any)
        if now != nil { decoding.start(1, as: .urgent) }
        decoding.watchLimits()
        if let now {
            Thread.detachNewThread { self.runNetworks(of: now, .nowOnly) }
            for _ in 0..<soon.requestCount { Thread.detachNewThread { self.runNetworks(of: self.soon, .soonInPeace) } }
        } else {
            for _ in 0..<soon.requestCount { Thread.detachNewThread { self.runNetworks(of: self.soon, .any) } }
        }
        for _ in 0..<settings.workers {
            Thread.detachNewThread {
                while let (item, _, _) = self.scored.take(.any) { self.finish(item) }
            }
        }
    }

    /// The next request that somebody wants, waited for; `nil` at the end.
    private func next(_ role: Role) -> DetectionJob? {
        while true {
            let taken = waiting.take(role == .urgent ? .nowOnly : .any) { job in
                guard job.isWanted() else { return false }
                progress.withLock { $0.open += 1 }
                return true
            }
            guard let taken else { return nil }
            if taken.isWanted {
                tell(.begun, of: taken.element)
                return taken.element
            }
            taken.element.answer(.failure(DetectionJob.NotBegun()))
        }
    }

    private func runNetworks(of detector: Detector, _ choice: LaneQueue<Prepared>.Choice) {
        while let (item, urgency, _) = prepared.take(choice) {
            let outputs = outputs(item, detector)
            prepared.done(urgency)
            scored.put(Scored(prepared: item, outputs: outputs), urgency)
        }
    }

    // MARK: Steps

    private func tooLate(_ job: DetectionJob) -> Prepared {
        let failure = ImageFailure(code: "too slow", "too slow: not decoded within \(settings.decodingLimit.formatted())")
        return Prepared(job: job, result: .failure(failure))
    }

    private func prepare(_ job: DetectionJob) -> Prepared {
        let request = job.request
        guard !job.isAnswered else { return Prepared(job: job, result: .failure(ImageFailure(CancellationError()))) }
        do {
            let (reduced, radiograph) = try measure(.decode, job) {
                let bytes: Data
                switch request.input {
                case .file(let path):
                    try InputFile.requireRegular(path)
                    bytes = try decoders.bytes(of: path)
                case .bytes(let given, _): bytes = given
                }
                let reduced =
                    if let side = soon.inputSide {
                        try decoders.decode(bytes, frame: request.frame, covering: side)
                    } else {
                        ReducedRadiograph(try decoders.decode(bytes, frame: request.frame))
                    }
                guard request.keepsPixels else { return (reduced, Radiograph?.none) }
                return (reduced, try reduced.whole ?? decoders.decode(bytes, frame: request.frame))
            }
            let prepared = try measure(.preprocess, job) { try soon.prepare(reduced, from: request.input.source) }
            return Prepared(job: job, radiograph: radiograph, result: .success(prepared))
        } catch {
            return Prepared(job: job, result: .failure(ImageFailure(error)))
        }
    }

    private func outputs(_ item: Prepared, _ detector: Detector) -> Result<[NetworkOutput], ImageFailure> {
        item.result.flatMap { prepared in
            // Nobody wants it any more.
            guard !item.job.isAnswered else { return .failure(ImageFailure(CancellationError())) }
            do {
                return .success(try runNetworks?(prepared) ?? detector.outputs(prepared))
            } catch {
                return .failure(ImageFailure(error))
            }
        }
    }

    private func finish(_ item: Scored) {
        let job = item.prepared.job
        let answer = measure(.postprocess, job) {
            do {
                let (prepared, outputs) = (try item.prepared.result.get(), try item.outputs.get())
                let findings = try soon.findings(outputs, of: prepared, threshold: job.request.threshold)
                return DetectionAnswer(findings: findings, radiograph: item.prepared.radiograph)
            } catch {
                let failed = ImageFindings(reference: ImageReference(job.request.input.source), error: ImageFailure(error))
                return DetectionAnswer(findings: failed, radiograph: nil)
            }
        }
        let age = job.age
        if !job.isAnswered {
            // Told before the answer, so that whoever has the answer finds the event too.
            tell(answer.findings.error.map { .failed(code: $0.code, after: age) } ?? .answered(after: age), of: job)
            job.answer(.success(answer))
        }
        progress.withLock { $0.open -= 1 }
        endIfIdle()
    }

    private func measure<Result>(_ step: PipelineTimes.Step, _ job: DetectionJob, _ body: () throws -> Result) rethrows -> Result {
        try job.clock?.measure(step, body) ?? body()
    }

    // MARK: Decoders that do not come back

    private func gaveUp(_ job: DetectionJob, threadsLost count: Int) {
        logger.warning("gave up an image that took too long to read", metadata: ["request": "\(job.number)", "threads": "\(count)"])
        listeners.tell(DetectionEvent(request: job.number, urgency: job.request.urgency, kind: .givenUp(threadsLost: count)))
    }

    /// No thread of these roles is left to begin what waits.
    private func refuseWaiting(_ forsaken: Set<Role>, threadsLost count: Int) {
        guard forsaken.contains(.any) else { return }
        let areUrgentLost = now == nil || forsaken.contains(.urgent)
        let refused = waiting.remove { areUrgentLost || $0.request.urgency == .soon }
        for job in refused {
            let failure = ImageFailure(
                code: "decoders busy", "decoders busy: not begun, for \(count) images that were given up are still being decoded")
            let findings = ImageFindings(reference: ImageReference(job.request.input.source), error: failure)
            if job.answer(.success(DetectionAnswer(findings: findings, radiograph: nil))) {
                tell(.failed(code: failure.code, after: job.age), of: job)
            }
        }
    }

    // MARK: Words

    private func tell(_ kind: DetectionEvent.Kind, of job: DetectionJob) {
        let event = DetectionEvent(request: job.number, urgency: job.request.urgency, kind: kind)
        listeners.tell(event)
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = ["request": "\(event.request)", "urgency": "\(event.urgency.rawValue)"]
        switch kind {
        case .accepted: logger.debug("accepted", metadata: metadata)
        case .begun: logger.debug("begun", metadata: metadata)
        case .cancelled: logger.debug("cancelled", metadata: metadata)
        case .answered(let age):
            metadata["seconds"] = "\(age / .seconds(1))"
            logger.debug("answered", metadata: metadata)
        case .failed(let code, let age):
            metadata["code"] = "\(code)"
            metadata["seconds"] = "\(age / .seconds(1))"
            logger.debug("failed", metadata: metadata)
        case .givenUp: break
        }
    }
}
