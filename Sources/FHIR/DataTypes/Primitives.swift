import Foundation

extension R4 {
    /// A `decimal`: what is written is what is read, without the noise of binary fractions. Trailing zeros are not kept.
    public struct Decimal: Hashable, Sendable, Codable {
        public var value: Foundation.Decimal

        public init(_ value: Foundation.Decimal) { self.value = value }

        /// The shortest decimal that stands for this number; `nil` where it is not finite.
        public init?(_ number: Double) {
            guard number.isFinite, let value = Foundation.Decimal(string: "\(number)"), value.isFinite else { return nil }
            self.value = value
        }

        public var double: Double { Double("\(value)") ?? .nan }

        public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Foundation.Decimal.self) }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(value)
        }
    }

    /// A `date`: a year, a month or a day.
    public struct CalendarDate: Hashable, Sendable, Codable, WrittenAsText {
        public let text: String
        public init?(_ text: String) {
            guard let time = WrittenTime(text), time.precision <= .day else { return nil }
            self.text = text
        }
    }

    /// A `dateTime`: a year, a month, a day, or a time with its zone.
    public struct DateTime: Hashable, Sendable, Codable, WrittenAsText {
        public let text: String
        /// As an instant.
        public init(_ instant: Instant) { text = instant.text }
        public init?(_ text: String) {
            guard WrittenTime(text) != nil else { return nil }
            self.text = text
        }

        /// The stretch of time that it says.
        /// - Parameter zone: Minutes east of Greenwich, for days, months and years.
        public func range(zone: Int = 0) -> TimeRange { WrittenTime(text)?.range(zone: zone) ?? TimeRange(start: 0, end: 0) }
    }

    /// An `instant`: a time to the second or closer, with its zone.
    public struct Instant: Hashable, Sendable, Codable, WrittenAsText {
        public let text: String
        public init?(_ text: String) {
            guard let time = WrittenTime(text), time.precision >= .second else { return nil }
            self.text = text
        }

        /// In whole seconds, at Greenwich.
        public init(_ date: Date) {
            // Years 1583 to 9999: before them Foundation writes the Julian calendar.
            let seconds = min(max(date.timeIntervalSince1970.rounded(.down), -12_212_553_600), 253_402_300_799)
            text = Date(timeIntervalSince1970: seconds).formatted(.iso8601)
        }

        public var range: TimeRange { WrittenTime(text)?.range(zone: 0) ?? TimeRange(start: 0, end: 0) }
        public var date: Date { Date(timeIntervalSince1970: Double(range.start) / 1_000_000) }
    }
}

/// A time in one of the forms that FHIR allows.
public protocol WrittenAsText: Codable {
    var text: String { get }
    init?(_ text: String)
}

extension WrittenAsText {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw FHIRError(.badValue, "\(FHIRJSON.path(decoder.codingPath)) is not a \(Self.self) of FHIR")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
