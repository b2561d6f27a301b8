import Foundation

extension SQLArchive {
    public func appendAudit(_ events: [AuditEvent]) async throws {
        guard !events.isEmpty else { return }
        try await write { db in
            var previous = try db.firstRow("SELECT * FROM audit ORDER BY number DESC LIMIT 1").map(Self.entry)
            for event in events {
                let entry = AuditEntry(
                    after: previous, time: event.time, user: event.user, action: event.action, study: event.study, detail: event.detail)
                try db.run(
                    "INSERT INTO audit (number, time, user, action, study, detail, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        entry.number, entry.time.milliseconds, entry.user, entry.action, entry.study?.rawValue, entry.detail,
                        entry.previousHash, entry.hash,
                    ])
                previous = entry
            }
        }
    }

    public func auditEntries(user: String?, study: StudyID?, before: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await read { db in
            var conditions = ["number < ?"]
            var arguments: Arguments = [before ?? .max]
            if let user {
                conditions.append("user = ?")
                arguments.append(user)
            }
            if let study {
                conditions.append("study = ?")
                arguments.append(study.rawValue)
            }
            return try db.values(
                "SELECT * FROM audit WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?",
                arguments + [max(0, limit)], Self.entry)
        }
    }

    public func firstBrokenAuditEntry() async throws -> Int64? {
        try await read { db in
            var (number, last, hash) = (Int64(0), Int64.min, AuditEntry.noHash)
            // Some at a time, so that a trail of years needs no memory.
            while case let rows = try db.allRows("SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT 1000", [last]), !rows.isEmpty {
                for row in rows {
                    number += 1
                    guard let entry = try? Self.entry(row), entry.number == number, entry.previousHash == hash,
                        entry.hash == entry.expectedHash
                    else { return number }
                    (hash, last) = (entry.hash, number)
                }
            }
            // The highest number that was ever given tells of entries that were cut off at the end.
            last = try db.firstRow(db.dialect.lastAuditNumber)?.integer("last") ?? 0
            return last > number ? number + 1 : nil
        }
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        AuditEntry(
            number: try row.needed(row.integer("number")), time: try row.needed(row.date("time")), user: try row.needed(row.text("user")),
            action: try row.needed(row.text("action")), study: row.text("study").flatMap(StudyID.init),
            detail: try row.needed(row.text("detail")), previousHash: try row.needed(row.text("previous_hash")),
            hash: try row.needed(row.text("hash")))
    }
}
