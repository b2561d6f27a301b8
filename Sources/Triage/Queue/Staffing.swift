import Foundation

/// How many read, by the hour of the day.
public struct Staffing: Hashable, Sendable {
    /// Hours in which another number reads.
    public struct Hours: Hashable, Sendable {
        /// Whole minutes from midnight, 0..<1440. Where `to` is not after `from`, the hours go over midnight.
        public var from: Int
        public var to: Int
        public var readers: Int

        public init(from: Int, to: Int, readers: Int) {
            self.from = from
            self.to = to
            self.readers = readers
        }

        /// From text such as `20-8=1` or `17:30-7:00=2`; 24 is midnight.
        public init?(_ text: String) {
            guard let match = text.wholeMatch(of: #/(\d{1,2})(?::([0-5]\d))?-(\d{1,2})(?::([0-5]\d))?=(\d{1,3})/#),
                let from = Self.minute(match.1, match.2), let to = Self.minute(match.3, match.4), let readers = Int(match.5),
                readers <= Staffing.most, from != to
            else { return nil }
            self.init(from: from, to: to, readers: readers)
        }

        private static func minute(_ hour: Substring, _ minute: Substring?) -> Int? {
            guard let hour = Int(hour), let minute = Int(minute ?? "0"), hour * 60 + minute <= Staffing.day else { return nil }
            return (hour * 60 + minute) % Staffing.day
        }

        func contains(_ minute: Int) -> Bool { from < to ? (from..<to).contains(minute) : minute >= from || minute < to }
    }

    /// Outside of all `hours`.
    public let readers: Int
    public let hours: [Hours]
    /// How many read from a minute of the day on, until the next: rising, from minute 0.
    private let steps: [(minute: Int, readers: Int)]

    /// Minutes.
    static let day = 1440
    public static let most = 100

    /// - Parameter hours: Where two of them overlap, the later in the list counts.
    /// - Throws: `TriageError` of code `badSetting`: not 1 to 100 readers (0 to 100 in `hours`), or nobody at any time.
    public init(readers: Int = 1, hours: [Hours] = []) throws(TriageError) {
        guard (1...Self.most).contains(readers), hours.allSatisfy({ (0...Self.most).contains($0.readers) }) else {
            throw TriageError(.badSetting, "there are 1 to \(Self.most) readers, and 0 to \(Self.most) in short-staffed hours")
        }
        guard hours.allSatisfy({ (0..<Self.day).contains($0.from) && (0..<Self.day).contains($0.to) }) else {
            throw TriageError(.badSetting, "hours are minutes of one day")
        }
        func count(_ minute: Int) -> Int { hours.last { $0.contains(minute) }?.readers ?? readers }
        var steps: [(minute: Int, readers: Int)] = []
        for minute in Set(hours.flatMap { [$0.from, $0.to] } + [0]).sorted() where steps.last?.readers != count(minute) {
            steps.append((minute, count(minute)))
        }
        guard steps.contains(where: { $0.readers > 0 }) else { throw TriageError(.badSetting, "nobody reads at any time") }
        self.readers = readers
        self.hours = hours
        self.steps = steps
    }

    public static func == (left: Staffing, right: Staffing) -> Bool { left.readers == right.readers && left.hours == right.hours }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(readers)
        hasher.combine(hours)
    }

    /// Whether the same number reads all day.
    package var isConstant: Bool { steps.count == 1 }

    /// The mean over a day.
    package var meanReaders: Double {
        let ends = steps.dropFirst().map(\.minute) + [Self.day]
        return zip(steps, ends).reduce(0) { $0 + Double($1.0.readers * ($1.1 - $1.0.minute)) } / Double(Self.day)
    }

    /// The fewest at any time of the day.
    package var fewestReaders: Int { steps.map(\.readers).min() ?? readers }

    /// - Parameter time: Minutes, 0 is a midnight.
    package func readers(at time: Double) -> Int {
        guard !isConstant else { return steps[0].readers }
        let minute = time - midnight(before: time)
        return steps.last { Double($0.minute) <= minute }?.readers ?? readers
    }

    /// The next time, in minutes, at which the number changes; `nil` where it never does.
    package func nextChange(after time: Double) -> Double? {
        guard !isConstant else { return nil }
        let midnight = midnight(before: time)
        if let step = steps.first(where: { Double($0.minute) > time - midnight }) { return midnight + Double(step.minute) }
        return midnight + Double(Self.day)
    }

    private func midnight(before time: Double) -> Double { (time / Double(Self.day)).rounded(.down) * Double(Self.day) }
}
