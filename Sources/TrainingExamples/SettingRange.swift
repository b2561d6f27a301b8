/// What a setting may be. A value outside is told in one line: the whole key, what was found, what is allowed. A number that is not a
/// number is outside every range.
package enum SettingRange {
    /// - Returns: Such as `loop.batch_size is 0; it is 1 to 16384`; `nil` where the value is in the range.
    package static func fault<Value: Comparable>(_ key: String, _ value: Value, _ range: ClosedRange<Value>) -> String? {
        range.contains(value) ? nil : "\(key) is \(text(value)); it is \(text(range.lowerBound)) to \(text(range.upperBound))"
    }

    /// The same where the least value is not allowed itself.
    package static func fault(_ key: String, _ value: Double, above low: Double, to high: Double) -> String? {
        value > low && value <= high ? nil : "\(key) is \(text(value)); it is above \(text(low)), at most \(text(high))"
    }

    /// The same where the greatest value is not allowed itself.
    package static func fault(_ key: String, _ value: Double, from low: Double, below high: Double) -> String? {
        value >= low && value < high ? nil : "\(key) is \(text(value)); it is at least \(text(low)), below \(text(high))"
    }

    /// The same for every one of a list that has one number or more.
    package static func fault(_ key: String, _ values: [Double], _ range: ClosedRange<Double>, count: ClosedRange<Int>) -> String? {
        guard count.contains(values.count) else {
            return "\(key) has \(values.count) numbers; it has \(count.lowerBound) to \(count.upperBound)"
        }
        return values.lazy.compactMap { fault(key, $0, range) }.first
    }

    /// Two settings of which the second is not the smaller one.
    package static func fault(_ low: (key: String, value: Double), rises high: (key: String, value: Double)) -> String? {
        low.value <= high.value ? nil : "\(low.key) is \(text(low.value)), above \(high.key), which is \(text(high.value))"
    }

    /// A text that stands in a line for people and in a model's card: of printable characters.
    package static func fault(_ key: String, line: String, count: ClosedRange<Int>) -> String? {
        guard count.contains(line.count), !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return
                "\(key) is \(String(line.prefix(40)).debugDescription); it is one line of \(count.lowerBound) to \(count.upperBound) letters"
        }
        return count.lowerBound > 0 && line.allSatisfy(\.isWhitespace) ? "\(key) is blank" : nil
    }

    /// The first of several.
    package static func first(_ faults: String?...) -> String? { faults.lazy.compactMap(\.self).first }

    /// Throws the first fault there is.
    /// - Throws: `TrainingError` of code `configuration`.
    package static func refuse(_ faults: String?...) throws {
        if let fault = faults.lazy.compactMap(\.self).first { throw TrainingError(.configuration, fault) }
    }

    /// Whole numbers without a point, as people write them.
    private static func text<Value>(_ value: Value) -> String {
        guard let number = value as? Double, number.magnitude < 1e15, number == number.rounded() else { return "\(value)" }
        return "\(Int(number))"
    }
}
