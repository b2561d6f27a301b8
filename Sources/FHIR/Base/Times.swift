import Foundation

/// A stretch of time, in microseconds since 1970-01-01T00:00:00Z; the end is not part of it.
public struct TimeRange: Hashable, Sendable {
    public var start: Int64
    public var end: Int64

    public init(start: Int64, end: Int64) { (self.start, self.end) = (start, end) }
}

/// A point or stretch of time as FHIR writes it: a year, a month, a day, or a time of day with its zone.
struct WrittenTime: Hashable, Sendable {
    enum Precision: Int, Comparable {
        case year, month, day, minute, second, fraction
        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    var precision: Precision
    var year: Int
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    /// Microseconds, cut; and how many digits were given.
    var microseconds = 0
    var fractionDigits = 0
    /// Minutes east of Greenwich; `nil` where no zone is given.
    var zone: Int?

    /// - Parameter lenient: What a search may write besides: times without seconds or zone.
    init?(_ text: String, lenient: Bool = false) {
        var rest = Array(text.utf8)[...]
        guard rest.count <= 40 else { return nil }
        func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
            guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let value = rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
            rest = rest.dropFirst(digits)
            return range.contains(value) ? value : nil
        }
        func take(_ sign: Character) -> Bool {
            guard let first = rest.first, first == sign.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4, 1...9_999) else { return nil }
        (self.year, precision) = (year, .year)
        if rest.isEmpty { return }
        guard take("-"), let month = number(2, 1...12) else { return nil }
        (self.month, precision) = (month, .month)
        if rest.isEmpty { return }
        guard take("-"), let day = number(2, 1...Self.days(in: month, of: year)) else { return nil }
        (self.day, precision) = (day, .day)
        if rest.isEmpty { return }
        guard take("T"), let hour = number(2, 0...23), take(":"), let minute = number(2, 0...59) else { return nil }
        (self.hour, self.minute, precision) = (hour, minute, .minute)
        if take(":") {
            // 60 is a leap second.
            guard let second = number(2, 0...60) else { return nil }
            (self.second, precision) = (second, .second)
            if take(".") {
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard !digits.isEmpty, digits.count <= 9 else { return nil }
                let six = digits.prefix(6)
                microseconds = six.reduce(0) { $0 * 10 + Int($1 - 0x30) } * Self.power(6 - six.count)
                (fractionDigits, precision) = (digits.count, .fraction)
                rest = rest.dropFirst(digits.count)
            }
        } else if !lenient {
            return nil
        }
        if take("Z") {
            zone = 0
        } else if let sign = rest.first, sign == 0x2B || sign == 0x2D {
            rest = rest.dropFirst()
            guard let hours = number(2, 0...14), take(":"), let minutes = number(2, 0...(hours == 14 ? 0 : 59)) else { return nil }
            zone = (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
        } else if !lenient {
            return nil
        }
        if !rest.isEmpty { return nil }
    }

    /// - Parameter zone: Minutes east of Greenwich of what is written without a zone.
    func range(zone other: Int) -> TimeRange {
        let (start, end): (Int64, Int64)
        switch precision {
        case .year: (start, end) = (Self.midnight(year, 1, 1), Self.midnight(year + 1, 1, 1))
        case .month:
            (start, end) = (Self.midnight(year, month, 1), month == 12 ? Self.midnight(year + 1, 1, 1) : Self.midnight(year, month + 1, 1))
        case .day: (start, end) = (Self.midnight(year, month, day), Self.midnight(year, month, day) + 86_400_000_000)
        default:
            start = Self.midnight(year, month, day) + Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + Int64(microseconds)
            switch precision {
            case .minute: end = start + 60_000_000
            case .second: end = start + 1_000_000
            default: end = start + Int64(Self.power(max(0, 6 - fractionDigits)))
            }
        }
        let shift = Int64(zone ?? other) * 60_000_000
        return TimeRange(start: start - shift, end: end - shift)
    }

    private static func power(_ digits: Int) -> Int { (0..<digits).reduce(1) { value, _ in value * 10 } }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Microseconds since 1970 of a day's begin at Greenwich (Hinnant, chrono-compatible low-level date algorithms).
    private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let ofEra = y - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
        return Int64(days) * 86_400_000_000
    }
}
