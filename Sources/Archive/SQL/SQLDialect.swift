/// What the engines say differently.
enum SQLDialect: Sendable {
    case sqlite
    case postgresql

    /// The day of a column of milliseconds, as `2026-11-30`, in UTC.
    func day(of column: String) -> String {
        switch self {
        case .sqlite: "date(\(column) / 1000, 'unixepoch')"
        case .postgresql: "to_char(to_timestamp(\(column) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
        }
    }

    /// Studies with their places whose words fit a query (`SearchWords.query`), which is the first argument; conditions may follow behind AND.
    var placesFound: String {
        switch self {
        case .sqlite: "study_words CROSS JOIN place ON study = study_words.rowid WHERE study_words MATCH ?"
        case .postgresql: "study_words JOIN place USING (study) WHERE lexemes @@ ?::tsquery"
        }
    }

    /// The highest number that an entry of the audit trail ever got, as `last`.
    var lastAuditNumber: String {
        switch self {
        case .sqlite: "SELECT seq AS last FROM sqlite_sequence WHERE name = 'audit'"
        case .postgresql: "SELECT number AS last FROM audit_end"
        }
    }
}
