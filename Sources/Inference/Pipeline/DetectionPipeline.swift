import Findings
import Foundation
import Models
import Radiographs

/// Many files through one detector: while the network works on one image, the next ones are decoded and the last ones finished.
///
/// At most `lookAhead` images wait before the network and as many behind it, so memory does not grow with the number of files.
public struct DetectionPipeline: Sendable {
    /// One file, done.
    public struct Item: Sendable {
        /// Position in the paths given, from 0.
        public let index: Int
        public let findings: ImageFindings
        /// The image itself, for drawing; `nil` where it could not be read.
        public let radiograph: Radiograph?
    }

    public let detector: Detector
    public let decoders: DecoderRegistry
    /// From 1.
    public var frame: Int
    /// `nil` takes the card's.
    public var threshold: Double?
    public var lookAhead: Int

    public init(detector: Detector, decoders: DecoderRegistry, frame: Int = 1, threshold: Double? = nil, lookAhead: Int = 3) {
        self.detector = detector
        self.decoders = decoders
        self.frame = frame
        self.threshold = threshold
        self.lookAhead = max(1, lookAhead)
    }

    /// Does every file, whatever becomes of the others: a failure is the `error` of its findings.
    /// - Parameters:
    ///   - paths: Files, in the order wanted.
    ///   - finish: What is to be made of an image (a picture, say); runs beside the network, for several images at once.
    ///   - deliver: Takes what `finish` made, one at a time, in the order of `paths`.
    /// - Throws: What `finish` or `deliver` throws; the rest is then left.
    public func run<Output: Sendable>(
        _ paths: [String], finish: @escaping @Sendable (Item) async throws -> Output,
        deliver: (_ index: Int, _ output: Output) throws -> Void
    ) async throws {
        var preparing: [Task<Result<PreparedRadiograph, InputFailure>, Never>] = []
        var finishing: [Task<Output, any Error>] = []
        var (started, delivered) = (0, 0)
        defer {
            for task in preparing { task.cancel() }
            for task in finishing { task.cancel() }
        }
        for index in paths.indices {
            while started < paths.count, started <= index + lookAhead {
                let path = paths[started]
                preparing.append(Task.detached { self.prepare(path) })
                started += 1
            }
            let item = self.item(index, paths[index], await preparing.removeFirst().value)
            finishing.append(Task.detached { try await finish(item) })
            while finishing.count > lookAhead {
                try deliver(delivered, await finishing[0].value)
                finishing.removeFirst()
                delivered += 1
            }
        }
        while !finishing.isEmpty {
            try deliver(delivered, await finishing[0].value)
            finishing.removeFirst()
            delivered += 1
        }
    }

    private func prepare(_ path: String) -> Result<PreparedRadiograph, InputFailure> {
        guard !Task.isCancelled else { return .failure(InputFailure(reason: "cancelled")) }
        do {
            try InputFile.requireRegular(path)
            return .success(try detector.prepare(decoders.decode(path: path, frame: frame)))
        } catch {
            return .failure(InputFailure(error))
        }
    }

    private func item(_ index: Int, _ path: String, _ prepared: Result<PreparedRadiograph, InputFailure>) -> Item {
        do {
            let prepared = try prepared.get()
            return Item(index: index, findings: try detector.findings(prepared, threshold: threshold), radiograph: prepared.radiograph)
        } catch {
            let reason = (error as? InputFailure ?? InputFailure(error)).reason
            return Item(index: index, findings: ImageFindings(reference: ImageReference(path: path), error: reason), radiograph: nil)
        }
    }
}

/// Why one file could not be done, in one line without its path.
struct InputFailure: Error {
    let reason: String

    init(reason: String) { self.reason = reason }

    init(_ error: any Error) {
        reason =
            switch error {
            case let error as RadiographError: error.description
            case let error as InferenceError: error.description
            default: "cannot be read"
            }
    }
}
