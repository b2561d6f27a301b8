import Foundation

/// Minutes for people.
enum MinuteText {
    /// Three figures or so: `0.42`, `9.1`, `1293`.
    static func short(_ minutes: Double) -> String {
        let size = abs(minutes)
        let text = String(format: size < 1 ? "%.2f" : size < 100 ? "%.1f" : "%.0f", minutes)
        return text.hasSuffix(".0") || text.hasSuffix(".00") ? String(text.prefix { $0 != "." }) : text
    }

    /// With one place, for a column.
    static func column(_ minutes: Double) -> String { String(format: abs(minutes) < 10 ? "%.2f" : "%.1f", minutes) }

    /// With its sign; nothing that rounds to zero has one.
    static func signed(_ minutes: Double) -> String {
        let text = column(minutes)
        return minutes > 0 && text != "0.00" ? "+" + text : text == "-0.00" ? "0.00" : text
    }
}
