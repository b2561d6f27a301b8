import Foundation

/// Numbers as charts write them.
enum AxisNumbers {
    /// Numbers beside one axis: all with as many decimals as the step between them needs, or all with a power of ten.
    static func labels(_ values: [Double], step: Double) -> [String] {
        let largest = values.reduce(0) { max($0, abs($1)) }
        let power = Int(floor(log10(max(step, 1e-300)) + 1e-9))
        if largest >= 1e6 || power < -4 {
            let top = largest > 0 ? Int(floor(log10(largest) + 1e-9)) : 0
            return values.map { value in
                guard abs(value) > step * 1e-6 else { return "0" }
                return trimmed(String(format: "%.*e", max(0, min(12, top - power)), value))
            }
        }
        return values.map { fixed($0, decimals: max(0, -power)) }
    }

    /// `0.250`; a negative zero without its sign.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "?" }
        let text = String(format: "%.*f", max(0, min(12, decimals)), value)
        return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) } ? String(text.dropFirst()) : text
    }

    /// As short as it can be with three digits: `0.01`, `20`, `1e-5`.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        return trimmed(abs(value) < 1e6 && abs(value) >= 1 ? String(format: "%.6g", value) : String(format: "%.3g", value))
    }

    /// C's `1.50e+06` as `1.5e6`.
    private static func trimmed(_ text: String) -> String {
        let parts = text.split(separator: "e", maxSplits: 1)
        guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
        var mantissa = String(parts[0])
        if mantissa.contains(".") {
            while mantissa.hasSuffix("0") { mantissa.removeLast() }
            if mantissa.hasSuffix(".") { mantissa.removeLast() }
        }
        return "\(mantissa)e\(exponent)"
    }
}
