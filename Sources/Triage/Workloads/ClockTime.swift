import Foundation

/// A moment as a site's file has it.
enum ClockTime {
    /// Minutes from a midnight of the site's choice.
    case minutes(Double)
    /// A date: minutes from 1970 in universal time, or on the site's own clock where no zone stands beside it, and minutes since its midnight.
    case date(minutes: Double, ofDay: Double, hasZone: Bool)

    /// More minutes than this are a date without its marks.
    private static let most = 1e8

    /// - Returns: `nil` of what is neither ISO 8601 (date and time, with or without zone) nor a number from 0.
    init?(_ text: String) {
        if let minutes = Double(text) {
            guard (0...Self.most).contains(minutes) else { return nil }
            self = .minutes(minutes)
            return
        }
        let form = #/(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?\ ?(?:(Z)|([+-])(\d\d):?(\d\d)?)?/#
        guard let match = text.wholeMatch(of: form), let hour = Int(match.4), let minute = Int(match.5), hour < 24, minute < 60,
            let second = Double(match.6 ?? "0"), second < 61, let midnight = Self.midnight(match.1, match.2, match.3)
        else { return nil }
        let ofDay = Double(hour * 60 + minute) + second / 60
        var zone = 0.0
        if let sign = match.8 {
            guard let hours = match.9.flatMap({ Int($0) }), let more = Int(match.10.flatMap { $0 } ?? "0"), hours < 24, more < 60 else {
                return nil
            }
            zone = Double(hours * 60 + more) * (sign == "-" ? -1 : 1)
        }
        self = .date(minutes: midnight + ofDay - zone, ofDay: ofDay, hasZone: match.7 != nil || match.8 != nil)
    }

    /// Minutes from 1970 to a day's beginning.
    private static func midnight(_ year: Substring, _ month: Substring, _ day: Substring) -> Double? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(calendar: calendar, timeZone: .gmt, year: Int(year), month: Int(month), day: Int(day))
        guard components.isValidDate, let date = components.date else { return nil }
        return (date.timeIntervalSince1970 / 60).rounded()
    }
}
