import Foundation

/// A number of bytes for a person.
package enum ByteCount {
    /// In binary units: 1 KiB is 1024 bytes.
    package static func text(_ count: Int) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var (value, unit) = (Double(count) / 1024, 0)
        while value >= 1024, unit < 3 { (value, unit) = (value / 1024, unit + 1) }
        return String(format: "%.1f ", value) + ["KiB", "MiB", "GiB", "TiB"][unit]
    }
}
