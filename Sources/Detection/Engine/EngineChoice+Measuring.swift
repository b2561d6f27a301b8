import Basics
import Findings
import Foundation
import Inference
import Models
import Radiographs
import Synchronization

extension EngineChoice {
    /// Measures a model in every precision that the processor has.
    /// - Returns: `nil` where f32 could not be measured.
    /// - Throws: `InferenceError`, `RadiographError`: f32 cannot be run.
    public init?(measuring bundle: ModelBundle, called name: String, on processor: Processor = .current) throws {
        let precisions: [EngineSettings.Precision] =
            [.f32] + (processor.hasBFloat16 ? [.bf16] : []) + (bundle.offersInt8 ? [.int8] : [])
        let measurements = try precisions.compactMap { precision in
            do {
                return try Self.measurement(bundle, precision)
            } catch  where precision != .f32 {
                // The processor has it, but the engine was told to do without (`ONEDNN_MAX_CPU_ISA`).
                return nil
            }
        }
        self.init(model: name, digest: bundle.digest, measurements: measurements)
    }

    private static func measurement(_ bundle: ModelBundle, _ precision: EngineSettings.Precision) throws -> Measurement {
        let alone = try Detector(bundle: bundle, settings: EngineSettings(precision: precision, mode: .latency))
        let together = try Detector(bundle: bundle, settings: EngineSettings(precision: precision, mode: .throughput))
        let image = try alone.prepareUnasked(ReducedRadiograph(noise()), from: .generated("noise"))
        let times = try times(of: alone, image, seconds: 1).sorted()
        return Measurement(
            precision: precision, latencyMilliseconds: times[times.count / 2] * 1_000,
            imagesPerSecond: rate(of: together, image, seconds: 2))
    }

    /// Seconds of each of a number of runs, one after another, after a few that are not counted.
    private static func times(of detector: Detector, _ image: PreparedRadiograph, seconds: Double) throws -> [Double] {
        for _ in 0..<5 { _ = try detector.findings(image) }
        var times: [Double] = []
        let clock = ContinuousClock()
        let begin = clock.now
        repeat {
            times.append(try clock.measure { _ = try detector.findings(image) } / .seconds(1))
        } while (clock.now - begin) / .seconds(1) < seconds
        return times
    }

    /// Images a second where as many threads as the engine has requests ask it without a pause.
    private static func rate(of detector: Detector, _ image: PreparedRadiograph, seconds: Double) -> Double {
        let done = DispatchGroup()
        let counts = RunCounts()
        for _ in 0..<detector.requestCount {
            done.enter()
            Thread.detachNewThread {
                let clock = ContinuousClock()
                for _ in 0..<3 { _ = try? detector.findings(image) }
                let begin = clock.now
                var runs = 0
                while (clock.now - begin) / .seconds(1) < seconds, (try? detector.findings(image)) != nil { runs += 1 }
                counts.add(Double(runs) / ((clock.now - begin) / .seconds(1)))
                done.leave()
            }
        }
        done.wait()
        return counts.sum
    }

    /// A picture of nothing in particular: the time does not depend on what is on it.
    private static func noise() -> Radiograph {
        var generator = SeededGenerator(seed: 1)
        let samples = (0..<512 * 512).map { _ in UInt16.random(in: 0...255, using: &generator) }
        return Radiograph(pixels: PixelImage(width: 512, height: 512, bits: 8, samples: samples))
    }
}

/// A sum that several threads add to.
private final class RunCounts: Sendable {
    private let value = Mutex(0.0)

    func add(_ more: Double) { value.withLock { $0 += more } }

    var sum: Double { value.withLock { $0 } }
}
