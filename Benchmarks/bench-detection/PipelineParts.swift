import Detection
import Findings
import Foundation
import Inference
import Models
import Radiographs

/// What each step of the pipeline takes by itself, beside the whole pipeline on the same images and cores.
struct PipelineParts {
    let bundle: ModelBundle
    let precision: EngineSettings.Precision
    let decoders: DecoderRegistry
    let paths: [String]

    /// Inputs that the network is given again and again; as many as there are images would not fit into memory.
    private static let keptInputs = 32

    /// Seconds of each round for all images, with as many threads as the pipeline has for the step: `decode_seconds`, `preprocess_seconds`,
    /// `network_seconds`, `pipeline_seconds` (files to findings, no pictures). Milliseconds an image on one thread, medians:
    /// `latency_network_milliseconds` (network alone, all cores on one image), `latency_file_milliseconds` (file to findings),
    /// `postprocess_milliseconds`, `picture_milliseconds` (annotated, drawn and encoded), `plain_milliseconds` (encoded only, grey).
    func measured(rounds: Int) async throws -> [String: Any] {
        let detector = try Detector(bundle: bundle, settings: EngineSettings(precision: precision, mode: .throughput))
        let pipeline = DetectionPipeline(detector: detector, decoders: decoders, keepsPixels: false)
        let images = try paths.prefix(Self.keptInputs).map { try reduced($0, detector) }
        let kept = try images.map { try detector.prepare($0, from: .generated("benchmark")) }
        var seconds: [String: [Double]] = [:]
        for round in 0...rounds {
            let once = [
                "decode_seconds": try inParallel(pipeline.workers) { _ = try reduced(paths[$0], detector) },
                "preprocess_seconds": try inParallel(pipeline.workers) {
                    _ = try detector.prepare(images[$0 % images.count], from: .generated("benchmark"))
                },
                "network_seconds": try inParallel(detector.requestCount) { _ = try detector.outputs(kept[$0 % kept.count]) },
                "pipeline_seconds": try await run(pipeline),
            ]
            // The first round finds caches cold.
            guard round > 0 else { continue }
            for (name, value) in once { seconds[name, default: []].append(value) }
        }
        var result: [String: Any] = seconds
        result["precision"] = precision.rawValue
        result["images"] = paths.count
        result["threads"] = ["decode": pipeline.workers, "network": detector.requestCount]
        for (name, value) in try milliseconds(rounds: rounds) { result[name] = value }
        return result
    }

    /// One image at a time on all cores, and what follows the network on one thread. Each is a loop of its own, as in OpenVINO's benchmark:
    /// what drawing and encoding leave in the processor's caches is no part of the network's time.
    private func milliseconds(rounds: Int) throws -> [String: Double] {
        let detector = try Detector(bundle: bundle, settings: EngineSettings(precision: precision))
        let files = Array(paths.prefix(4 * Self.keptInputs))
        let prepared = try files.prefix(Self.keptInputs).map { try detector.prepare(reduced($0, detector), from: .file($0)) }
        let outputs = try prepared.map { try detector.outputs($0) }
        let pictures = try files.prefix(Self.keptInputs).map { try decoders.decode(path: $0) }
        let findings = try zip(outputs, prepared).map { try detector.findings($0, of: $1).findings }
        return [
            "latency_network_milliseconds": try medianMilliseconds(rounds: rounds, of: files.count) {
                _ = try detector.outputs(prepared[$0 % prepared.count])
            },
            "latency_file_milliseconds": try medianMilliseconds(rounds: rounds, of: files.count) {
                _ = try detector.findings(detector.prepare(reduced(files[$0], detector), from: .file(files[$0])))
            },
            "postprocess_milliseconds": try medianMilliseconds(rounds: rounds, of: outputs.count) {
                _ = try detector.findings(outputs[$0], of: prepared[$0])
            },
            "picture_milliseconds": try medianMilliseconds(rounds: rounds, of: pictures.count) {
                _ = try AnnotatedPicture(radiograph: pictures[$0], findings: findings[$0]).jpeg()
            },
            "plain_milliseconds": try medianMilliseconds(rounds: rounds, of: pictures.count) {
                let pixels = pictures[$0].pixels
                _ = try pixels.jpegThumbnail(maximumSide: max(pixels.width, pixels.height))
            },
        ]
    }

    /// One image at a time: `network_milliseconds`, the network with what follows it, and `file_milliseconds`, all from the file to the
    /// findings; medians.
    /// - Parameter threads: 0 for as many as the engine likes.
    func latencies(threads: Int, rounds: Int) throws -> [String: Any] {
        let detector = try Detector(bundle: bundle, settings: EngineSettings(precision: precision, threads: threads > 0 ? threads : nil))
        let prepared = try paths.prefix(Self.keptInputs).map { try detector.prepare(reduced($0, detector), from: .file($0)) }
        return [
            "precision": precision.rawValue, "threads": threads, "images": paths.count, "rounds": rounds,
            "network_milliseconds": try medianMilliseconds(rounds: rounds, of: paths.count) {
                _ = try detector.findings(prepared[$0 % prepared.count])
            },
            "file_milliseconds": try medianMilliseconds(rounds: rounds, of: paths.count) {
                _ = try detector.findings(detector.prepare(reduced(paths[$0], detector), from: .file(paths[$0])))
            },
        ]
    }

    private func medianMilliseconds(rounds: Int, of count: Int, _ body: (Int) throws -> Void) rethrows -> Double {
        var times: [Double] = []
        for round in 0...rounds {
            for index in 0..<count {
                let begin = ContinuousClock.now
                try body(index)
                // The first round finds caches cold.
                if round > 0 { times.append((ContinuousClock.now - begin) / .milliseconds(1)) }
            }
        }
        return median(times)
    }

    /// As the pipeline decodes a file whose pixels it does not keep.
    private func reduced(_ path: String, _ detector: Detector) throws -> ReducedRadiograph {
        let bytes = try decoders.bytes(of: path)
        guard let side = detector.inputSide else { return ReducedRadiograph(try decoders.decode(bytes)) }
        return try decoders.decode(bytes, covering: side)
    }

    private func run(_ pipeline: DetectionPipeline) async throws -> Double {
        let begin = ContinuousClock.now
        var failure: String?
        _ = try await pipeline.run(paths, finish: { $0.findings.error?.description }, deliver: { failure = $1 ?? failure })
        guard failure == nil else { throw RadiographError(.unreadable, failure ?? "") }
        return (ContinuousClock.now - begin) / .seconds(1)
    }

    /// Seconds that so many threads need for all images.
    private func inParallel(_ threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws -> Double {
        let work = SharedWork(count: paths.count)
        let begin = ContinuousClock.now
        for _ in 0..<threads {
            work.group.enter()
            Thread.detachNewThread {
                while let index = work.next() {
                    do { try body(index) } catch { work.failed(error) }
                }
                work.group.leave()
            }
        }
        work.group.wait()
        if let error = work.error { throw error }
        return (ContinuousClock.now - begin) / .seconds(1)
    }
}

/// Positions that threads take one after another.
private final class SharedWork: @unchecked Sendable {
    let group = DispatchGroup()
    // What follows is under the lock.
    private let lock = NSLock()
    private let count: Int
    private var begun = 0
    private var first: (any Error)?

    init(count: Int) { self.count = count }

    func next() -> Int? {
        lock.lock()
        defer { lock.unlock() }
        guard begun < count, first == nil else { return nil }
        begun += 1
        return begun - 1
    }

    func failed(_ error: any Error) {
        lock.lock()
        defer { lock.unlock() }
        first = first ?? error
    }

    var error: (any Error)? {
        lock.lock()
        defer { lock.unlock() }
        return first
    }
}
