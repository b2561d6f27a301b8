import Basics
import Findings
import Foundation
import Logging
import Models
import Radiographs
import Synchronization

/// A model that is ready all day: it takes images, as files or as bytes, and answers each by itself.
///
/// Two lanes: an urgent image overtakes all others at every step, and the network that works on it has all cores; the others wait in the order in
/// which they came, and go through a network that works on several at once. Decoders, networks and what follows them run side by side on threads of
/// the service's own, with a short line before each step, so memory does not grow with the number of requests.
///
///     let service = DetectionService(now: try Detector(bundle: bundle), soon: try Detector(bundle: bundle, settings: many), decoders: .standard)
///     let answer = try await service.submit(DetectionRequest(.bytes(received, from: .instance(uid)), urgency: .now))
///     for finding in answer.findings.findings { … }
///
/// A cancelled task takes its request back. The service ends with `stop()`, or when nobody holds it any more.
public final class DetectionService: Sendable {
    /// How much a service does at once, and how long it waits.
    public struct Settings: Sendable {
        /// Threads for decoding, and as many for what follows the networks.
        public var workers: Int
        /// An image that takes longer to read and decode is given up.
        public var decodingLimit: Duration
        /// A decoder cannot be stopped. So many threads may be left behind in images that were given up; after that their places stay empty until
        /// they come back, and once no place is left, images are refused.
        public var mostAbandonedDecoders: Int
        /// Requests that may wait in each lane; more are refused.
        public var mostWaiting: Int
        /// A request that has waited so long counts as urgent.
        public var patience: Duration

        public init(
            workers: Int = ProcessInfo.processInfo.activeProcessorCount, decodingLimit: Duration = .seconds(60),
            mostAbandonedDecoders: Int = 16, mostWaiting: Int = 10_000, patience: Duration = .seconds(60)
        ) {
            self.workers = max(1, workers)
            self.decodingLimit = decodingLimit
            self.mostAbandonedDecoders = mostAbandonedDecoders
            self.mostWaiting = mostWaiting
            self.patience = patience
        }
    }

    /// The model, as it works on many images.
    public let detector: Detector
    private let work: DetectionWork

    /// - Parameters:
    ///   - now: The model set for the soonest answer; `nil` where urgent images go through `soon`, before the others.
    ///   - soon: The same model set for most images an hour.
    ///   - logger: Hears of each request by its number; it gets no file names and no patient data.
    public convenience init(
        now: Detector? = nil, soon: Detector, decoders: DecoderRegistry, settings: Settings = Settings(), logger: Logger = .silent
    ) {
        self.init(now: now, soon: soon, decoders: decoders, settings: settings, logger: logger, runNetworks: nil)
    }

    /// - Parameter runNetworks: In place of the detector's networks, for tests.
    package init(
        now: Detector? = nil, soon: Detector, decoders: DecoderRegistry, settings: Settings = Settings(), logger: Logger = .silent,
        runNetworks: (@Sendable (PreparedRadiograph) throws -> [NetworkOutput])?
    ) {
        detector = soon
        work = DetectionWork(now: now, soon: soon, decoders: decoders, settings: settings, logger: logger, runNetworks: runNetworks)
        work.start()
    }

    deinit { work.stop() }

    /// Waits for what becomes of an image.
    /// - Throws: `DetectionServiceError` where it was not taken or given back; `CancellationError` where the task is cancelled, at once: what has been
    ///   begun of the image is then thrown away.
    public func submit(_ request: DetectionRequest) async throws -> DetectionAnswer {
        try Task.checkCancellation()
        let job = DetectionJob(request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                job.listen { continuation.resume(with: $0) }
                work.accept(job)
            }
        } onCancel: {
            work.cancel(job)
        }
    }

    /// What happens from now on. Whoever listens too slowly misses the oldest events.
    public func events() -> AsyncStream<DetectionEvent> { work.listeners.stream() }

    /// Requests that wait for their turn.
    public var waitingCount: Int { work.waitingCount }

    /// Takes no more requests and gives those back that wait. Returns when all that were begun are answered.
    public func stop() async {
        work.stop()
        await withCheckedContinuation { continuation in work.whenIdle { continuation.resume() } }
    }

    // MARK: For the pipeline

    func accept(_ job: DetectionJob) { work.accept(job) }
    func cancel(_ job: DetectionJob) { work.cancel(job) }
}

extension Logger {
    /// Says nothing.
    public static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}
