/// How the engine computes.
public struct EngineSettings: Hashable, Sendable {
    /// Left alone, OpenVINO takes bf16 where the processor has it, and results differ between machines: it is always told.
    public enum Precision: String, Hashable, Sendable, CaseIterable {
        case f32
        /// Up to twice as fast on processors with AVX512_BF16 or AMX; scores differ in the third digit.
        case bf16
    }

    public var precision: Precision
    /// Threads of the engine; `nil` leaves it to the engine (one a physical core).
    public var threads: Int?

    public init(precision: Precision = .f32, threads: Int? = nil) {
        self.precision = precision
        self.threads = threads
    }

    /// Names and values as OpenVINO documents them.
    var properties: [(name: String, value: String)] {
        var properties = [("INFERENCE_PRECISION_HINT", precision.rawValue), ("PERFORMANCE_HINT", "LATENCY")]
        if let threads { properties.append(("INFERENCE_NUM_THREADS", String(threads))) }
        return properties
    }
}
