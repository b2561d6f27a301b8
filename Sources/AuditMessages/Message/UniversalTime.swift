import Foundation

/// A time in UTC as XML Schema's `dateTime` and RFC 3339 write it, with milliseconds: `2026-03-01T07:08:09.010Z`.
package enum UniversalTime {
    package static func text(of time: Date) -> String {
        // The fraction is counted here: a formatter may cut 0.010 to 0.009.
        let milliseconds = Int64((time.timeIntervalSince1970 * 1000).rounded())
        let (seconds, rest) = (milliseconds.flooredQuotient(by: 1000), milliseconds.flooredRemainder(by: 1000))
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).dropLast()
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
    }
}

extension Int64 {
    fileprivate func flooredRemainder(by divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 { (self - flooredRemainder(by: divisor)) / divisor }
}
