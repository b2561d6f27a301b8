extension SQLArchive {
    public func structuralFaults() async throws -> [String] {
        let derived = try await read { db in
            var faults: [String] = []
            for check in Self.derived {
                for row in try db.allRows(check.query) { faults.append("study \(row.text("id") ?? "?"): \(check.fault)") }
            }
            return faults
        }
        return try await engine.structuralFaults() + derived
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
}
