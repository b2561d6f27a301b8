import Foundation

/// What this machine's processor can do, as Linux says.
public struct Processor: Encodable, Sendable {
    public var model: String
    public var logicalCores: Int
    /// The instructions that decide how fast a network runs, by Linux's names.
    public var features: [String: Bool]

    private enum CodingKeys: String, CodingKey {
        case model, features
        case logicalCores = "logical_cores"
    }

    public static let asked = ["avx2", "avx512f", "avx512_bf16", "amx_bf16", "avx512_vnni"]

    /// 16-bit floating point in the processor itself.
    public var hasBFloat16: Bool { features["avx512_bf16"] == true || features["amx_bf16"] == true }
    /// 8-bit dot products in the processor itself.
    public var hasInt8: Bool { features["avx512_vnni"] == true }

    /// This machine's; looked up once.
    public static let current = parse((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")

    /// - Parameter text: As `/proc/cpuinfo` has it.
    package static func parse(_ text: String) -> Processor {
        func value(_ key: String) -> String? {
            let line = text.split(separator: "\n").first { $0.split(separator: ":").first?.trimmingCharacters(in: .whitespaces) == key }
            return line?.split(separator: ":", maxSplits: 1).dropFirst().first?.trimmingCharacters(in: .whitespaces)
        }
        let flags = Set((value("flags") ?? "").split(separator: " ").map(String.init))
        return Processor(
            model: value("model name") ?? "unknown", logicalCores: ProcessInfo.processInfo.activeProcessorCount,
            features: Dictionary(uniqueKeysWithValues: asked.map { ($0, flags.contains($0)) }))
    }
}
