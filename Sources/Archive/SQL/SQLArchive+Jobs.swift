import Foundation

extension SQLArchive {
    public func claimJob(kind: String, owner: String, until leaseEnds: Date, now: Date) async throws -> Job? {
        try await engine.claim { db in
            let time = now.milliseconds
            if case .postgresql = db.dialect { return try Self.lockJob(kind, owner, leaseEnds, time, db) }
            // One statement within an immediate transaction: nobody else gets the same, in this program or another.
            let row = try db.firstRow(
                """
                UPDATE job SET state = 'running', lease_owner = ?, lease_ends = ?, attempts = attempts + 1
                WHERE id = (
                  SELECT id FROM (
                    SELECT * FROM (
                      SELECT id, due FROM job WHERE state = 'waiting' AND kind = ? AND next_try <= ? ORDER BY due, id LIMIT 1)
                    UNION ALL SELECT * FROM (
                      SELECT id, due FROM job WHERE state = 'running' AND kind = ? AND lease_ends <= ? ORDER BY due, id LIMIT 1))
                  ORDER BY due, id LIMIT 1)
                RETURNING id
                """, [owner, leaseEnds.milliseconds, kind, time, kind, time])
            guard let id = row?.integer("id") else { return nil }
            return try JobRow.all("WHERE job.id = ?", [id], db).first
        }
    }

    /// Rows that another claims at this moment are passed by, and nobody waits. What is locked and not taken is free again at the end of the transaction.
    private static func lockJob(_ kind: String, _ owner: String, _ leaseEnds: Date, _ time: Int64, _ db: Database) throws -> Job? {
        let found = try [("waiting", "next_try"), ("running", "lease_ends")].compactMap { state, when in
            try db.firstRow(
                """
                SELECT id, due FROM job WHERE state = '\(state)' AND kind = ? AND \(when) <= ? ORDER BY due, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """, [kind, time])
        }
        func place(_ row: Row) -> (Int64, Int64) { (row.integer("due") ?? 0, row.integer("id") ?? 0) }
        guard let id = found.min(by: { place($0) < place($1) })?.integer("id") else { return nil }
        try db.run(
            "UPDATE job SET state = 'running', lease_owner = ?, lease_ends = ?, attempts = attempts + 1 WHERE id = ?",
            [owner, leaseEnds.milliseconds, id])
        return try JobRow.all("WHERE job.id = ?", [id], db).first
    }

    public func renewLease(of job: Int64, owner: String, until leaseEnds: Date) async throws -> Bool {
        try await write { db in
            try db.run(
                "UPDATE job SET lease_ends = ? WHERE id = ? AND state = 'running' AND lease_owner = ?",
                [leaseEnds.milliseconds, job, owner])
            return db.changesCount == 1
        }
    }

    public func failJob(
        _ job: Int64, owner: String, reason: String, nextTry: Date?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws {
        try await write { db in
            try db.run(
                """
                UPDATE job SET state = ?, next_try = coalesce(?, next_try), last_error = ?, lease_owner = NULL, lease_ends = NULL
                WHERE id = ? AND state = 'running' AND lease_owner = ?
                """, [(nextTry == nil ? Job.State.failed : .waiting).rawValue, nextTry?.milliseconds, reason, job, owner])
            guard db.changesCount == 1 else { throw ArchiveError(.leaseLost, "the job is no longer this program's") }
            if let found = try JobRow.find(job, db) { try Standings.refresh(found.study, standing, db) }
        }
    }

    public func releaseJobs(of owner: String?) async throws {
        try await write { db in
            let change = "UPDATE job SET state = 'waiting', lease_owner = NULL, lease_ends = NULL WHERE state = 'running'"
            if let owner { try db.run(change + " AND lease_owner = ?", [owner]) } else { try db.run(change) }
        }
    }

    public func jobs(state: Job.State?, study: StudyID?, limit: Int) async throws -> [Job] {
        try await read { db in
            var conditions: [String] = []
            var arguments: Arguments = []
            if let state {
                conditions.append("job.state = ?")
                arguments.append(state.rawValue)
            }
            if let study {
                conditions.append("study.id = ?")
                arguments.append(study.rawValue)
            }
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try JobRow.all(condition + " ORDER BY job.due, job.id LIMIT ?", arguments + [max(0, limit)], db)
        }
    }

    public func jobCount(state: Job.State) async throws -> Int {
        try await read { db in
            Int(try db.firstRow("SELECT count(*) AS jobs FROM job WHERE state = ?", [state.rawValue])?.integer("jobs") ?? 0)
        }
    }

    public func retryJob(_ id: Int64, now: Date, standing: @escaping @Sendable (StudyState) -> Standing) async throws {
        try await write { db in
            let job = try Self.neededJob(id, db)
            try db.run(
                """
                UPDATE job SET state = 'waiting', attempts = 0, next_try = ?, last_error = NULL
                WHERE id = ? AND state IN ('waiting', 'failed', 'dismissed')
                """, [now.milliseconds, id])
            if db.changesCount == 1 { try Standings.refresh(job.study, standing, db) }
        }
    }

    public func dismissJob(_ id: Int64, standing: @escaping @Sendable (StudyState) -> Standing) async throws {
        try await write { db in
            let job = try Self.neededJob(id, db)
            guard job.state == .failed || job.state == .dismissed else { throw ArchiveError(.notFound, "the job has not failed") }
            try db.run("UPDATE job SET state = 'dismissed' WHERE id = ?", [id])
            try Standings.refresh(job.study, standing, db)
        }
    }

    private static func neededJob(_ id: Int64, _ db: Database) throws -> (study: Int64, state: Job.State) {
        guard let job = try JobRow.find(id, db) else { throw ArchiveError(.notFound, "there is no such job") }
        return job
    }
}
