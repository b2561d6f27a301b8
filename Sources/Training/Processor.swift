import Foundation

/// What this machine's processor can do for training.
enum Processor {
    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// bfloat16 in hardware; without it LibTorch emulates and is slower than with 32 bits.
    static var hasFastBFloat16: Bool {
        guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return false }
        return information.split(separator: "\n").first { $0.hasPrefix("flags") }?.contains("avx512_bf16") ?? false
    }
}
