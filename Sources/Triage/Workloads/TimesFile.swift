import Foundation

/// A site's table of studies: when each came, how long its reading took, what was on it.
///
/// Columns, in any order: `arrival` (ISO 8601, all with a zone or all without, or minutes from a midnight), `reading_minutes`, `findings`
/// (names parted by `;` or `|`; empty or `none` where there are none), and if wanted `flagged` (what the model shows, likewise), `score` (the
/// study's, higher is more urgent), `urgency` (`stat` or `routine`, or HL7's S and R). Others are left aside.
public struct TimesFile: Hashable, Sendable {
    /// In order of arrival; minute 0 is the midnight before the first.
    package let studies: [SimulatedStudy]
    /// In order of their first appearance, in the spelling that they have there.
    public let findings: [String]
    /// Whether the file says what the model shows.
    public let hasFlags: Bool
    public let hasScores: Bool

    public var count: Int { studies.count }

    /// - Throws: `TriageError` of code `missing` or `malformed`, with a line for each bad row (the first 20), which names file and line.
    public static func read(_ path: String) throws(TriageError) -> TimesFile {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw TriageError(.missing, "there is no such file to read") }
        return try TimesFile(bytes, name: path)
    }

    /// - Parameter name: The file's, for what is said about its rows.
    package init(_ bytes: Data, name: String) throws(TriageError) {
        let table = try TimesTable(bytes)
        let columns = try Columns(table.columns)
        var reader = RowReader(columns: columns)
        var studies: [SimulatedStudy] = []
        studies.reserveCapacity(table.rows.count)
        var (problems, bad) = ([String](), 0)
        for row in table.rows {
            do {
                studies.append(try reader.study(row))
            } catch {
                bad += 1
                if problems.count < 20 { problems.append("\(name), line \(row.line): \(error.reason)") }
            }
        }
        guard bad == 0 else {
            throw TriageError(
                .malformed, "\(bad) of \(table.rows.count) rows cannot be used; a simulation without them would be of another department",
                problems: problems)
        }
        guard !studies.isEmpty else { throw TriageError(.malformed, "there is no row below the header") }
        guard Double(studies.count) <= RatedWorkload.mostStudies else {
            throw TriageError(.tooMuch, "there are more than \(Int(RatedWorkload.mostStudies)) rows")
        }
        guard !reader.findings.isEmpty else { throw TriageError(.malformed, "no row has a finding, so there is nothing to compare") }
        let first = studies.map(\.arrival).min() ?? 0
        let midnight = reader.firstMidnight(first)
        for index in studies.indices { studies[index].arrival -= midnight }
        // A stable order: rows of one moment stay as they are.
        let order = studies.indices.sorted { (studies[$0].arrival, $0) < (studies[$1].arrival, $1) }
        self.studies = order.map { studies[$0] }
        findings = reader.findings
        hasFlags = columns.flagged != nil
        hasScores = columns.score != nil
    }
}

/// Where the columns are.
private struct Columns {
    let count: Int
    let (arrival, reading, findings): (Int, Int, Int)
    let (flagged, score, urgency): (Int?, Int?, Int?)

    init(_ names: [String]) throws(TriageError) {
        let known = ["arrival", "reading_minutes", "findings", "flagged", "score", "urgency"]
        if let twice = known.first(where: { name in names.count { $0 == name } > 1 }) {
            throw TriageError(.malformed, "the header has the column \(twice) twice")
        }
        func place(_ name: String) throws(TriageError) -> Int {
            guard let place = names.firstIndex(of: name) else {
                throw TriageError(.malformed, "the header has no column \(name); it needs arrival, reading_minutes and findings")
            }
            return place
        }
        count = names.count
        (arrival, reading, findings) = (try place("arrival"), try place("reading_minutes"), try place("findings"))
        (flagged, score, urgency) = (names.firstIndex(of: "flagged"), names.firstIndex(of: "score"), names.firstIndex(of: "urgency"))
    }
}

/// Rows to studies; knows the findings and the kind of dates seen so far.
private struct RowReader {
    let columns: Columns
    private(set) var findings: [String] = []
    private var places: [String: Int] = [:]
    /// How the first row tells time: all others have to do likewise.
    private var kind: String?
    /// Of the earliest date: minutes since its midnight.
    private var earliest: (minutes: Double, ofDay: Double)?

    init(columns: Columns) { self.columns = columns }

    /// - Parameter first: The earliest arrival.
    func firstMidnight(_ first: Double) -> Double {
        guard let earliest else { return (first / 1440).rounded(.down) * 1440 }
        return earliest.minutes - earliest.ofDay
    }

    mutating func study(_ row: TimesTable.Row) throws(TriageError) -> SimulatedStudy {
        guard let fields = row.fields else { throw TriageError(.malformed, "a quotation mark or a line end where none can be") }
        // Spreadsheets leave empty fields at the end away, or add some.
        guard fields.count <= columns.count || fields[columns.count...].allSatisfy(\.isEmpty) else {
            throw TriageError(.malformed, "\(fields.count) fields, but the header has \(columns.count)")
        }
        func field(_ place: Int?) -> String? { place.map { $0 < fields.count ? fields[$0] : "" } }
        let arrival = try time(field(columns.arrival) ?? "")
        guard let reading = Double(field(columns.reading) ?? ""), reading > 0, reading <= 1440 else {
            throw TriageError(.malformed, "reading_minutes is a number above 0, to 1440")
        }
        var study = SimulatedStudy(arrival: arrival, reading: reading)
        study.findings = try set(field(columns.findings) ?? "")
        if let flagged = field(columns.flagged) { study.flagged = try set(flagged) }
        if let score = field(columns.score) {
            guard let number = Double(score), number.isFinite else { throw TriageError(.malformed, "score is a number") }
            study.score = number
        }
        switch field(columns.urgency)?.lowercased() ?? "" {
        case "", "r", "routine": break
        case "s", "stat": study.isStat = true
        default: throw TriageError(.malformed, "urgency is stat or routine")
        }
        return study
    }

    private mutating func time(_ text: String) throws(TriageError) -> Double {
        guard let time = ClockTime(text) else {
            throw TriageError(.malformed, "arrival is neither a date and time of ISO 8601, such as 2026-03-01T08:15:00, nor minutes from 0")
        }
        let (minutes, kind): (Double, String)
        switch time {
        case .minutes(let value): (minutes, kind) = (value, "minutes")
        case .date(let value, let ofDay, let hasZone):
            (minutes, kind) = (value, hasZone ? "dates with a zone" : "dates without a zone")
            if value < earliest?.minutes ?? .infinity { earliest = (value, ofDay) }
        }
        if let known = self.kind, known != kind {
            throw TriageError(.malformed, "arrival: the rows before have \(known), this has \(kind)")
        }
        self.kind = kind
        return minutes
    }

    private mutating func set(_ text: String) throws(TriageError) -> FindingSet {
        var set: FindingSet = []
        for part in text.split(whereSeparator: { ";|".contains($0) }) {
            let name = part.trimmingCharacters(in: .whitespaces)
            let key = WorklistClass.folded(name)
            if ["", "none", "no finding"].contains(key) { continue }
            guard name.count <= 200 else { throw TriageError(.malformed, "a finding's name has more than 200 characters") }
            if let place = places[key] {
                set.insert(FindingSet(index: place))
                continue
            }
            guard findings.count < FindingSet.most else {
                throw TriageError(.malformed, "more than \(FindingSet.most) different findings")
            }
            set.insert(FindingSet(index: findings.count))
            places[key] = findings.count
            findings.append(name)
        }
        return set
    }
}
