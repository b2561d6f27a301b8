import Basics
import Foundation

/// How the engine computes.
public struct EngineSettings: Hashable, Sendable {
    /// Left alone, OpenVINO takes bf16 where the processor has it, and results differ between machines: it is always told.
    public enum Precision: String, Hashable, Sendable, CaseIterable, Codable {
        case f32
        /// Up to twice as fast on processors with AVX512_BF16 or AMX; scores differ in the third digit.
        case bf16
        /// The bundle's network of 8-bit integers: what it loses stands in the card.
        case int8
    }

    /// What is computed in on a processor where `asked` is wanted: without 16-bit floats of its own it would only pretend to have them.
    public static func precision(_ asked: Precision, on processor: Processor) -> Precision {
        asked == .bf16 && !processor.hasBFloat16 ? .f32 : asked
    }

    /// What the cores are used for together.
    public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// All cores on one image: the soonest answer.
        case latency
        /// An image a core: the most images an hour, since cores do not wait for each other.
        case throughput
    }

    public var precision: Precision
    /// Threads of the engine; `nil` leaves it to the engine (one a physical core).
    public var threads: Int?
    public var mode: Mode
    /// Where compiled networks are kept between runs; `nil` keeps none.
    public var cacheDirectory: URL?
    /// Whether the engine notes which of its kernels a network ran.
    package var notesKernels = false

    public init(precision: Precision = .f32, threads: Int? = nil, mode: Mode = .latency, cacheDirectory: URL? = nil) {
        self.precision = precision
        self.threads = threads
        self.mode = mode
        self.cacheDirectory = cacheDirectory
    }

    /// Names and values as OpenVINO documents them.
    var properties: [(name: String, value: String)] {
        // What an INT8 network does not do in integers it does in f32, so that what it was measured to lose holds on every machine.
        let arithmetic = precision == .int8 ? Precision.f32 : precision
        var properties = [("INFERENCE_PRECISION_HINT", arithmetic.rawValue), ("PERFORMANCE_HINT", mode.rawValue.uppercased())]
        if let threads { properties.append(("INFERENCE_NUM_THREADS", String(threads))) }
        // Its threads share the cores with those that decode and draw: the system decides who runs where.
        if mode == .throughput { properties.append(("ENABLE_CPU_PINNING", "NO")) }
        if notesKernels { properties.append(("PERF_COUNT", "YES")) }
        if let cacheDirectory { properties.append(("CACHE_DIR", cacheDirectory.path)) }
        return properties
    }
}
