import Basics
import Findings
import Foundation
import Models
import Radiographs

/// Many files through one detector: decoded, looked at and finished side by side, each step with threads of its own and a short line before it, so
/// that neither memory nor what waits grows with the number of files.
///
/// Decoding and finishing have a thread a core each: what a file costs differs, and the system shares the cores better than a plan could. The
/// networks have as many as the engine takes images at once.
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
    /// The networks; tests put a failing one here.
    package var look: @Sendable (PreparedRadiograph) throws -> [NetworkOutput]

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
        look = { try detector.outputs($0) }
    }

    /// An image on its way, or why it went no further.
    private struct Prepared: Sendable {
        var radiograph: Radiograph?
        var result: Result<PreparedRadiograph, ImageFailure>
    }
    private struct Looked: Sendable {
        var prepared: Prepared
        var outputs: Result<[NetworkOutput], ImageFailure>
    }
    private enum Event<Output: Sendable>: Sendable {
        case done(Int, Result<Output, any Error>)
        /// No more images will be begun; so many were.
        case ended(Int)
    }

    /// Does every file, whatever becomes of the others: a failure is the `error` of its findings.
    /// - Parameters:
    ///   - paths: Files, in the order wanted.
    ///   - finish: What is to be made of an image (a picture, say); runs beside the network, for several images at once.
    ///   - deliver: Takes what `finish` made, one at a time, in the order of `paths`.
    /// - Returns: Where the time went. `images` is how many were delivered: all, unless it was interrupted.
    /// - Throws: What `finish` or `deliver` throws; the rest is then left.
    @discardableResult
    public func run<Output: Sendable>(
        _ paths: [String], finish: @escaping @Sendable (Item) throws -> Output,
        deliver: (_ index: Int, _ output: Output) throws -> Void
    ) async throws -> PipelineTimes {
        let clock = PipelineClock()
        let requests = detector.requestCount
        // Each holds an image's pixels where they are kept.
        let prepared = BoundedQueue<(Int, Prepared)>(capacity: requests + 1)
        let looked = BoundedQueue<(Int, Looked)>(capacity: workers)
        let feed = PipelineFeed(total: paths.count, window: 64, isInterrupted: isInterrupted)
        let (events, out) = AsyncStream<Event<Output>>.makeStream()
        let decoding = TimeLimitedWorkers<Int, Prepared>(
            limit: decodingLimit,
            next: {
                let next = feed.next()
                if next == nil { out.yield(.ended(feed.count)) }
                return next
            },
            work: { self.prepare(paths[$0], clock) }, late: { _ in self.tooLate }, finish: { prepared.put(($0, $1)) })
        defer {
            feed.close()
            prepared.close()
            looked.close()
            decoding.stop()
        }
        decoding.start(min(workers, paths.count))
        for _ in 0..<min(requests, paths.count) {
            Thread.detachNewThread {
                while let (index, item) = prepared.take(), looked.put((index, Looked(prepared: item, outputs: self.outputs(item)))) {}
            }
        }
        for _ in 0..<min(workers, paths.count) {
            Thread.detachNewThread {
                while let (index, item) = looked.take() {
                    let item = clock.measure(.postprocess) { self.item(index, paths[index], item) }
                    out.yield(.done(index, Result { try clock.measure(.finish) { try finish(item) } }))
                }
            }
        }

        var waiting: [Int: Result<Output, any Error>] = [:]
        var (delivered, total) = (0, paths.isEmpty ? 0 : Int?.none)
        if total == nil {
            for await event in events {
                switch event {
                case .ended(let count): total = count
                case .done(let index, let result): waiting[index] = result
                }
                while let result = waiting.removeValue(forKey: delivered) {
                    let output = try result.get()
                    try clock.measure(.deliver) { try deliver(delivered, output) }
                    delivered += 1
                    feed.deliveredOne()
                }
                if delivered == total { break }
            }
        }
        return clock.result(images: delivered)
    }

    private var tooLate: Prepared {
        Prepared(result: .failure(ImageFailure(code: "too slow", "too slow: not decoded within \(decodingLimit.formatted())")))
    }

    private func prepare(_ path: String, _ clock: PipelineClock) -> Prepared {
        do {
            let (reduced, radiograph) = try clock.measure(.decode) {
                try InputFile.requireRegular(path)
                let bytes = try decoders.bytes(of: path)
                let reduced =
                    if let side = detector.inputSide {
                        try decoders.decode(bytes, frame: frame, covering: side)
                    } else {
                        ReducedRadiograph(try decoders.decode(bytes, frame: frame))
                    }
                guard keepsPixels else { return (reduced, Radiograph?.none) }
                return (reduced, try reduced.whole ?? decoders.decode(bytes, frame: frame))
            }
            return Prepared(
                radiograph: radiograph,
                result: .success(try clock.measure(.preprocess) { try detector.prepare(reduced, from: .file(path)) }))
        } catch {
            return Prepared(result: .failure(ImageFailure(error)))
        }
    }

    private func outputs(_ item: Prepared) -> Result<[NetworkOutput], ImageFailure> {
        item.result.flatMap { prepared in
            do {
                return .success(try look(prepared))
            } catch {
                return .failure(ImageFailure(error))
            }
        }
    }

    private func item(_ index: Int, _ path: String, _ looked: Looked) -> Item {
        do {
            let (prepared, outputs) = (try looked.prepared.result.get(), try looked.outputs.get())
            let findings = try detector.findings(outputs, of: prepared, threshold: threshold)
            return Item(index: index, findings: findings, radiograph: looked.prepared.radiograph)
        } catch {
            let failed = ImageFindings(reference: ImageReference(.file(path)), error: ImageFailure(error))
            return Item(index: index, findings: failed, radiograph: nil)
        }
    }
}
