import GRDB

/// A job and its row.
enum JobRow {
    static func all(_ condition: String, _ arguments: Arguments, _ db: Database) throws -> [Job] {
        try db.values(
            """
            SELECT job.*, study.id AS study_id, instance.id AS instance_id
            FROM job JOIN study ON study.number = job.study LEFT JOIN instance ON instance.number = job.instance
            """ + " " + condition, arguments, job)
    }

    /// Where a job belongs, and how it is.
    static func find(_ id: Int64, _ db: Database) throws -> (study: Int64, state: Job.State)? {
        try db.firstRow("SELECT study, state FROM job WHERE id = ?", [id]).map { row in
            (try row.needed(row.integer("study")), try row.word("state"))
        }
    }

    private static func job(_ row: Row) throws -> Job {
        Job(
            id: try row.needed(row.integer("id")), kind: try row.needed(row.text("kind")),
            study: try row.needed(row.text("study_id").flatMap(StudyID.init)), instance: row.text("instance_id").flatMap(InstanceID.init),
            state: try row.word("state"), attempts: Int(row.integer("attempts") ?? 0), due: try row.needed(row.date("due")),
            nextTry: try row.needed(row.date("next_try")), leaseOwner: row.text("lease_owner"), leaseEnds: row.date("lease_ends"),
            lastError: row.text("last_error"), made: try row.needed(row.date("made")))
    }
}
