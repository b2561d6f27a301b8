import GRDB

extension SQLiteArchive {
    public func structuralFaults() async throws -> [String] {
        let faults = try await read { db in
            var faults: [String] = []
            for row in try db.allRows("PRAGMA integrity_check") {
                if let line = row.text("integrity_check"), line != "ok" { faults.append("database: \(line)") }
            }
            for row in try db.allRows("PRAGMA foreign_key_check") {
                faults.append(
                    "database: row \(row.integer("rowid") ?? 0) of \(row.text("table") ?? "?") names a \(row.text("parent") ?? "row") that is not there"
                )
            }
            for check in Self.derived {
                for row in try db.allRows(check.query) { faults.append("study \(row.text("id") ?? "?"): \(check.fault)") }
            }
            return faults
        }
        return faults + (try await searchFaults())
    }

    /// What is kept twice has to agree.
    private static let derived: [(fault: String, query: String)] = [
        (
            "its images are miscounted",
            "SELECT id FROM study WHERE instance_count <> (SELECT count(*) FROM instance WHERE instance.study = study.number)"
        ),
        (
            "its latest reading is another one",
            "SELECT id FROM study WHERE revision IS NOT (SELECT max(reading.id) FROM reading WHERE reading.study = study.number)"
        ),
        (
            "it stands in the list of a finding in the wrong place",
            """
            SELECT DISTINCT id FROM study_finding JOIN study ON number = study_finding.study JOIN place ON place.study = number
            WHERE (study_finding.status, study_finding.rank) <> (place.status, place.rank)
            """
        ),
        ("it has no place in the worklist", "SELECT id FROM study WHERE number NOT IN (SELECT study FROM place)"),
        (
            "studies of that status are miscounted",
            """
            SELECT status AS id FROM status_count WHERE studies <> (SELECT count(*) FROM place WHERE place.status = status_count.status)
            """
        ),
    ]

    /// FTS5 compares its index with the studies' words. That is worded as a change, though it changes nothing.
    private func searchFaults() async throws -> [String] {
        try await write { db in
            do {
                try db.run("INSERT INTO study_words (study_words, rank) VALUES ('integrity-check', 1)")
                return []
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                return ["database: the index of words does not agree with the studies"]
            }
        }
    }
}
