import Foundation

/// What this machine's processor can do for training.
enum Processor {
    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// bfloat16 in hardware; without it LibTorch emulates and is slower than with 32 bits.
    static let hasFastBFloat16 =
        line("flags").map { flags in
            flags.split(separator: " ").contains { ["avx512_bf16", "amx_bf16"].contains($0) }
        } ?? false

    /// As the maker calls it.
    static let name = line("model name")?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"

    private static func line(_ key: String) -> Substring? {
        guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
        return information.split(separator: "\n").first { $0.hasPrefix(key) }
    }
}
