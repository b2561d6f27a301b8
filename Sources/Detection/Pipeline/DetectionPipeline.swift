import Basics
import Findings
import Foundation
import Models
import Radiographs

/// Many files through one model, answered in the order in which they are given: the ordered front of a `DetectionService`.
///
/// No image is begun more than 64 ahead of the first that is not delivered, so what waits for its turn does not grow with the number of images.
public struct DetectionPipeline: Sendable {
    /// One file, done.
    public struct Item: Sendable {
        /// Position in the paths given, from 0.
        public let index: Int
        public let findings: ImageFindings
        /// The image itself at its full size, for drawing; `nil` where it could not be read or is not kept.
        public let radiograph: Radiograph?
    }

    public let detector: Detector
    public let decoders: DecoderRegistry
    /// From 1.
    public var frame: Int
    /// `nil` takes the card's.
    public var threshold: Double?
    /// Whether items carry their radiograph. The findings do not depend on it: what the network gets is decoded for it alone.
    public var keepsPixels: Bool
    /// Threads for decoding and as many for finishing.
    public var workers: Int
    /// An image that takes longer to read and decode is given up.
    public var decodingLimit: Duration
    /// Asked before an image is begun; once it is true, what has been begun is finished and delivered, and nothing more is begun.
    public var isInterrupted: @Sendable () -> Bool
    /// In place of the detector's networks, for tests.
    package var runNetworks: (@Sendable (PreparedRadiograph) throws -> [NetworkOutput])?

    /// How far ahead of the first image that is not delivered another may be begun.
    static let window = 64

    public init(
        detector: Detector, decoders: DecoderRegistry, frame: Int = 1, threshold: Double? = nil, keepsPixels: Bool = true,
        workers: Int = ProcessInfo.processInfo.activeProcessorCount, decodingLimit: Duration = .seconds(60),
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.detector = detector
        self.decoders = decoders
        self.frame = frame
        self.threshold = threshold
        self.keepsPixels = keepsPixels
        self.workers = max(1, workers)
        self.decodingLimit = decodingLimit
        self.isInterrupted = isInterrupted
    }

    /// Does every file, whatever becomes of the others: a failure is the `error` of its findings.
    /// - Parameters:
    ///   - paths: Files, in the order wanted.
    ///   - finish: What is to be made of an image (a picture, say); runs beside the network, for several images at once.
    ///   - deliver: Takes what `finish` made, one at a time, in the order of `paths`.
    /// - Returns: Where the time went. `images` is how many were delivered: all, unless it was interrupted.
    /// - Throws: What `finish` or `deliver` throws; `CancellationError` where the task is cancelled. The rest is then left.
    @discardableResult
    public func run<Output: Sendable>(
        _ paths: [String], finish: @escaping @Sendable (Item) throws -> Output,
        deliver: (_ index: Int, _ output: Output) throws -> Void
    ) async throws -> PipelineTimes {
        let clock = PipelineClock()
        let service = DetectionService(
            soon: detector, decoders: decoders,
            settings: .init(workers: min(workers, max(1, paths.count)), decodingLimit: decodingLimit), runNetworks: runNetworks)
        // `nil` of an image that is not begun, for the run is interrupted.
        let (answers, out) = AsyncStream<(index: Int, output: Result<Output, any Error>?)>.makeStream()
        func job(_ index: Int) -> DetectionJob {
            let request = DetectionRequest(.file(paths[index]), frame: frame, threshold: threshold, keepsPixels: keepsPixels)
            let isInterrupted = self.isInterrupted
            return DetectionJob(request, isWanted: { !isInterrupted() }, clock: clock) { result in
                switch result {
                case .success(let answer):
                    let item = Item(index: index, findings: answer.findings, radiograph: answer.radiograph)
                    out.yield((index, Result { try clock.measure(.finish) { try finish(item) } }))
                case .failure(is DetectionJob.NotBegun): out.yield((index, nil))
                case .failure(let error): out.yield((index, .failure(error)))
                }
            }
        }

        var open: [Int: DetectionJob] = [:]
        defer { for job in open.values { service.cancel(job) } }
        var finished: [Int: Result<Output, any Error>] = [:]
        var (accepted, delivered, isOver) = (0, 0, false)
        var iterator = answers.makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            while !isOver, accepted < min(paths.count, delivered + Self.window) {
                guard !isInterrupted() else {
                    isOver = true
                    break
                }
                let job = job(accepted)
                open[accepted] = job
                accepted += 1
                service.accept(job)
            }
            guard !open.isEmpty, let (index, output) = await iterator.next() else { break }
            open[index] = nil
            // Images are begun in order, so none is begun after one that is not.
            if let output { finished[index] = output } else { isOver = true }
            while let result = finished.removeValue(forKey: delivered) {
                let output = try result.get()
                try clock.measure(.deliver) { try deliver(delivered, output) }
                delivered += 1
            }
        }
        try Task.checkCancellation()
        return clock.result(images: delivered)
    }
}
