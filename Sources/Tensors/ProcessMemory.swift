import Foundation

/// What this process holds of the machine's memory.
public enum ProcessMemory {
    /// Bytes in memory now; `nil` where the system does not say. LibTorch keeps what it freed for a while, so a growth shows over many steps.
    public static var resident: Int? { value(of: "VmRSS:") }

    /// The most that it ever was.
    public static var peak: Int? { value(of: "VmHWM:") }

    private static func value(of field: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
