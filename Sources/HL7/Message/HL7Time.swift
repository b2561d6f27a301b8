import Foundation

/// Dates and times of HL7 (2.5.1, 2.A.22, data type DTM): `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`.
enum HL7Time {
    private static func calendar(_ zone: TimeZone?) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = zone ?? TimeZone(secondsFromGMT: 0) { calendar.timeZone = zone }
        return calendar
    }

    private static let universal = calendar(nil)

    /// The day as `YYYY-MM-DD`; `nil` where the text has none, or one that is not in the calendar.
    static func day(_ text: String) -> String? {
        let digits = Array(text.utf8.prefix(8))
        guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let numbers = digits.map { Int($0) - 0x30 }
        let (year, month, day) = (numbers[0..<4].reduce(0) { $0 * 10 + $1 }, numbers[4] * 10 + numbers[5], numbers[6] * 10 + numbers[7])
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year > 0, (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        let letters = String(decoding: digits, as: UTF8.self)
        return "\(letters.prefix(4))-\(letters.dropFirst(4).prefix(2))-\(letters.suffix(2))"
    }

    /// The moment, whose parts that are not said are the earliest. `nil` where it is none.
    /// - Parameter zone: What is meant where the text names none; UTC where this is `nil`.
    static func moment(_ text: String, zone ownZone: TimeZone? = nil) -> Date? {
        let zoneStart = text.firstIndex { $0 == "+" || $0 == "-" } ?? text.endIndex
        let digits = text[..<zoneStart].prefix { $0 != "." }
        let zone = text[zoneStart...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), [4, 6, 8, 10, 12, 14].contains(digits.count),
            day(String((digits + "0101").prefix(8))) != nil
        else { return nil }
        let numbers = Array(digits.utf8).map { Int($0) - 0x30 }
        func number(_ place: Int, _ length: Int, or other: Int) -> Int {
            place + length <= numbers.count ? numbers[place..<(place + length)].reduce(0) { $0 * 10 + $1 } : other
        }
        let components = DateComponents(
            year: number(0, 4, or: 1), month: number(4, 2, or: 1), day: number(6, 2, or: 1), hour: number(8, 2, or: 0),
            minute: number(10, 2, or: 0), second: number(12, 2, or: 0))
        guard let hour = components.hour, hour < 24,
            let minute = components.minute, minute < 60, let second = components.second, second < 61,
            let date = calendar(zone.isEmpty ? ownZone : nil).date(from: components)
        else { return nil }
        guard !zone.isEmpty else { return date }
        guard zone.count == 5, let offset = Int(zone.dropFirst()), offset % 100 < 60, offset <= 1_400 else { return nil }
        let seconds = (offset / 100 * 60 + offset % 100) * 60
        return date.addingTimeInterval(Double(zone.first == "-" ? seconds : -seconds))
    }

    /// A moment in UTC, in whole seconds.
    static func text(_ date: Date) -> String {
        let parts = universal.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func padded(_ number: Int?, _ width: Int) -> String {
            let digits = String(max(number ?? 0, 0))
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(parts.year, 4) + padded(parts.month, 2) + padded(parts.day, 2) + padded(parts.hour, 2) + padded(parts.minute, 2)
            + padded(parts.second, 2) + "+0000"
    }

    /// `YYYY-MM-DD` as HL7 has it.
    static func day(ofISO text: String) -> String? {
        let digits = text.filter { $0 != "-" }
        return day(digits) == nil ? nil : String(digits.prefix(8))
    }
}
