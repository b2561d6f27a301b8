import Foundation

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

    /// Notes a job about a reading.
    static func insert(_ kind: String, about reading: Int64, of study: StudyRow, now: Date, _ db: Database) throws {
        let (due, time) = (study.study.standing.order.milliseconds, now.milliseconds)
        try db.run(
            "INSERT INTO job (kind, study, reading, state, attempts, due, next_try, made) VALUES (?, ?, ?, 'waiting', 0, ?, ?, ?)",
            [kind, study.number, reading, due, time, time])
    }

    /// - Throws: `ArchiveError` of code `leaseLost`.
    static func complete(_ job: Int64, owner: String, _ db: Database) throws {
        try db.run(
            """
            UPDATE job SET state = 'done', lease_owner = NULL, lease_ends = NULL
            WHERE id = ? AND state = 'running' AND lease_owner = ?
            """, [job, owner])
        guard db.changesCount == 1 else { throw ArchiveError(.leaseLost, "the job is no longer this program's") }
    }

    private static func job(_ row: Row) throws -> Job {
        Job(
            id: try row.needed(row.integer("id")), kind: try row.needed(row.text("kind")),
            study: try row.needed(row.text("study_id").flatMap(StudyID.init)), instance: row.text("instance_id").flatMap(InstanceID.init),
            reading: row.integer("reading"),
            state: try row.word("state"), attempts: Int(row.integer("attempts") ?? 0), due: try row.needed(row.date("due")),
            nextTry: try row.needed(row.date("next_try")), leaseOwner: row.text("lease_owner"), leaseEnds: row.date("lease_ends"),
            lastError: row.text("last_error"), made: try row.needed(row.date("made")))
    }
}
