import Foundation

extension SQLArchive {
    public func add(
        _ reading: Reading, completing job: (id: Int64, owner: String)?, onlyAfterLatest: Bool, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> Int64 {
        try await write { db in
            let old = try StudyRow.needed(reading.study, db)
            let instance = try reading.instance.map { try InstanceRow.number(of: $0, in: old.number, db) }
            if case .model(_, _, let digest, _) = reading.reader, let instance,
                let earlier = try ReadingRow.find(instance: instance, modelDigest: digest, db)
            {
                // The work is done, whoever did it.
                if let job, try Self.complete(job.id, of: old.number, leasedBy: nil, db) { try Standings.refresh(old.number, standing, db) }
                return earlier
            }
            if let job, try !Self.complete(job.id, of: old.number, leasedBy: job.owner, db) {
                throw ArchiveError(.leaseLost, "the job is no longer this program's")
            }
            if onlyAfterLatest, reading.basedOn != old.study.revision {
                throw ArchiveError(.newerReading, "another reading of the study came meanwhile")
            }
            let id = try ReadingRow.insert(reading, study: old.number, instance: instance, db)
            var new = old
            new.study.revision = id
            if case .person(let user) = reading.reader {
                if reading.status != .preliminary { (new.study.signedBy, new.study.signed) = (user, reading.made) }
                try db.run("DELETE FROM draft WHERE study = ? AND user = ?", [old.number, user])
            }
            try new.update(from: old, db)
            if let followUp { try JobRow.insert(followUp, about: id, of: new, now: reading.made, db) }
            try Standings.refresh(old.number, standing, db)
            return id
        }
    }

    /// - Parameter owner: Who must have it; `nil` for anybody or nobody.
    /// - Returns: Whether the job was to be done, and is done now.
    private static func complete(_ job: Int64, of study: Int64, leasedBy owner: String?, _ db: Database) throws -> Bool {
        let change = "UPDATE job SET state = 'done', lease_owner = NULL, lease_ends = NULL WHERE id = ? AND study = ?"
        if let owner {
            try db.run(change + " AND state = 'running' AND lease_owner = ?", [job, study, owner])
        } else {
            try db.run(change + " AND state IN ('waiting', 'running', 'failed')", [job, study])
        }
        return db.changesCount == 1
    }

    public func completeJob(_ job: Int64, owner: String) async throws {
        try await write { db in try JobRow.complete(job, owner: owner, db) }
    }

    public func readings(of study: StudyID) async throws -> [Reading] {
        try await read { db in try ReadingRow.all(of: study, db) }
    }

    public func draft(of study: StudyID, by user: String) async throws -> ReviewDraft? {
        try await read { db in
            try db.firstRow(
                "SELECT draft.* FROM draft JOIN study ON study.number = draft.study WHERE study.id = ? AND user = ?",
                [study.rawValue, user]
            ).map { row in
                ReviewDraft(
                    basedOn: row.integer("based_on"), saved: try row.needed(row.date("saved")),
                    content: try row.needed(row.bytes("content")))
            }
        }
    }

    public func setDraft(_ draft: ReviewDraft?, of study: StudyID, by user: String) async throws {
        try await write { db in
            let number = try StudyRow.needed(study, db).number
            guard let draft else { return try db.run("DELETE FROM draft WHERE study = ? AND user = ?", [number, user]) }
            try db.run(
                """
                INSERT INTO draft (study, user, based_on, saved, content) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (study, user) DO UPDATE SET based_on = excluded.based_on, saved = excluded.saved, content = excluded.content
                """, [number, user, draft.basedOn, draft.saved.milliseconds, draft.content])
        }
    }
}
