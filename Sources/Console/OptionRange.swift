import ArgumentParser

/// Which numbers an option takes. It stands in the option's help, and in what refuses any other text; so no command gets a number that it was not
/// made for, however it is written.
package struct OptionRange<Number: Sendable>: Sendable {
    /// Such as `0 to 1`.
    let words: String
    private let kind: String
    private let read: @Sendable (String) -> Number?

    /// - Parameters:
    ///   - text: What the option is for, without a full stop.
    ///   - usual: The value where none is given, which the parser does not tell of numbers that it has others read.
    package func help(_ text: String, _ valueName: String, usual: Number? = nil) -> ArgumentHelp {
        let usual = usual.map { number -> String in
            let text = "\(number)"
            return "; \(text.hasSuffix(".0") ? String(text.dropLast(2)) : text) if not given"
        }
        return ArgumentHelp("\(text); \(words)\(usual ?? "").", valueName: valueName)
    }

    /// For `@Option(transform:)`.
    package func parse(_ text: String) throws -> Number {
        guard let number = read(text) else { throw ValidationError("it is \(kind), \(words)") }
        return number
    }
}

extension OptionRange where Number: FixedWidthInteger {
    package static func whole(_ range: ClosedRange<Number>) -> Self {
        Self(words: "\(range.lowerBound) to \(range.upperBound)", kind: "a whole number") { text in
            Number(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension OptionRange<Double> {
    /// - Parameters:
    ///   - isAbove: The lower end itself is not taken.
    ///   - isBelow: Nor is the upper end.
    package static func real(_ range: ClosedRange<Double>, isAbove: Bool = false, isBelow: Bool = false) -> Self {
        let (low, high) = (range.lowerBound, range.upperBound)
        let words = "\(isAbove ? "above " : "")\(text(low)) to \(isBelow ? "below " : "")\(text(high))"
        return Self(words: words, kind: "a number") { text in
            // Of -0 the sign goes; what is no number is in no range.
            guard let number = Double(text).map({ $0 + 0 }), range.contains(number), !isAbove || number > low, !isBelow || number < high
            else { return nil }
            return number
        }
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

/// Ranges that several commands share.
extension OptionRange<Double> {
    /// Of a score, an overlap or another share.
    package static let share = real(0...1)
    /// False boxes on 100 images.
    package static let falseBoxes = real(0...1_000_000)
}
extension OptionRange<Int> {
    package static let fold = whole(0...1_000_000)
    /// More than any machine has; an engine that is asked for millions would try.
    package static let threads = whole(1...1_024)
}
extension OptionRange<UInt64> {
    package static let seed = whole(0...UInt64.max)
}
