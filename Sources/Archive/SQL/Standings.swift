import Foundation

/// Keeps where a study stands up to date, with all that follows from it.
enum Standings {
    typealias Rule = @Sendable (StudyState) -> Standing

    /// Says anew where a study stands: its place in the worklist, its findings there, and when its open jobs are due.
    static func refresh(_ number: Int64, _ rule: Rule, _ db: Database) throws {
        guard let old = try StudyRow.find(number, db) else { return }
        var new = old
        new.study.standing = rule(try state(of: old, db))
        try new.update(from: old, db)
        let due = new.study.standing.order.milliseconds
        try db.run("UPDATE job SET due = ? WHERE study = ? AND due <> ? AND state IN ('waiting', 'running', 'failed')", [due, number, due])
    }

    private static func state(of row: StudyRow, _ db: Database) throws -> StudyState {
        let instances = try db.values("SELECT id FROM instance WHERE study = ? ORDER BY number", [row.number]) { row in
            try row.needed(row.text("id").flatMap(InstanceID.init))
        }
        let ofModels = try ReadingRow.ofModels(study: row.number, db)
        return StudyState(
            study: row.study, instances: instances,
            modelReadings: Dictionary(
                ofModels.compactMap { reading in reading.instance.map { ($0, reading) } }, uniquingKeysWith: { $0.id > $1.id ? $0 : $1 }),
            personReadings: try ReadingRow.ofPersons(study: row.number, db),
            openJobs: try JobRow.all(
                "WHERE job.study = ? AND state IN ('waiting', 'running', 'failed') ORDER BY job.id", [row.number], db))
    }
}
