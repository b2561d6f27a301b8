import Foundation

extension SQLArchive {
    public func publish(
        _ files: [ResultFile], to deliveries: [NewDelivery], completing job: (id: Int64, owner: String)?, now: Date
    ) async throws {
        try await write { db in
            if let job { try JobRow.complete(job.id, owner: job.owner, db) }
            for file in files { try ResultFileRow.insert(file, db) }
            for delivery in deliveries { try DeliveryRow.insert(delivery, now: now, db) }
        }
    }

    public func resultFiles(of study: StudyID) async throws -> [ResultFile] {
        try await read { db in try ResultFileRow.all("WHERE study.id = ? ORDER BY file.number", [study.rawValue], db) }
    }

    public func resultFile(_ identifier: String) async throws -> ResultFile? {
        try await read { db in try ResultFileRow.all("WHERE file.identifier = ?", [identifier], db).first }
    }

    public func resultFiles(after: String?, limit: Int) async throws -> [ResultFile] {
        try await read { db in
            let last = try after.map { try ResultFileRow.number(of: $0, db) } ?? 0
            return try ResultFileRow.all("WHERE file.number > ? ORDER BY file.number LIMIT ?", [last, max(0, limit)], db)
        }
    }

    public func claimDeliveries(
        destination: String, owner: String, until leaseEnds: Date, now: Date, limit: Int
    ) async throws -> [Delivery] {
        try await write { db in
            let time = now.milliseconds
            // A lease that has run out, or a promise that was not kept: to be sent again, in their turn.
            try db.run(
                """
                UPDATE delivery SET state = 'waiting', lease_owner = NULL, lease_ends = NULL, next_try = ?
                WHERE destination = ? AND state = 'running' AND lease_ends <= ?
                """, [time, destination, time])
            try db.run(
                """
                UPDATE delivery SET state = 'waiting', last_error = 'the destination has not confirmed it in time'
                WHERE destination = ? AND state = 'accepted' AND next_try <= ?
                """, [destination, time])
            let ready = try db.values(
                """
                SELECT id, rank FROM delivery AS this WHERE destination = ? AND state = 'waiting' AND next_try <= ? AND NOT EXISTS (
                  SELECT 1 FROM delivery AS earlier
                  WHERE earlier.destination = this.destination AND earlier.lane = this.lane AND earlier.rank = this.rank
                    AND earlier.id < this.id AND earlier.state IN ('waiting', 'running'))
                ORDER BY rank, due, id LIMIT ?
                """, [destination, time, max(0, limit)]
            ) { (id: try $0.needed($0.integer("id")), rank: $0.integer("rank")) }
            return try ready.prefix { $0.rank == ready.first?.rank }.compactMap { id, _ in
                try db.run(
                    "UPDATE delivery SET state = 'running', lease_owner = ?, lease_ends = ? WHERE id = ?",
                    [owner, leaseEnds.milliseconds, id])
                return try DeliveryRow.all("WHERE delivery.id = ?", [id], db).first
            }
        }
    }

    public func renewLease(ofDeliveries ids: [Int64], owner: String, until leaseEnds: Date) async throws -> Bool {
        try await write { db in
            try ids.allSatisfy { id in
                try db.run(
                    "UPDATE delivery SET lease_ends = ? WHERE id = ? AND state = 'running' AND lease_owner = ?",
                    [leaseEnds.milliseconds, id, owner])
                return db.changesCount == 1
            }
        }
    }

    public func end(_ delivery: Int64, owner: String, as outcome: DeliveryOutcome, now: Date) async throws {
        let (state, nextTry, reason, proof, counts): (Delivery.State, Date?, String?, String?, Bool) =
            switch outcome {
            case .delivered(let proof): (.delivered, nil, nil, proof, true)
            case .accepted(let until): (.accepted, until, nil, nil, true)
            case .postponed(let until, let reason, let wasGiven): (.waiting, until, reason, nil, wasGiven)
            case .failed(let reason): (.failed, nil, reason, nil, true)
            }
        let ended = state == .delivered || state == .failed ? now : nil
        try await write { db in
            try db.run(
                """
                UPDATE delivery SET state = ?, next_try = coalesce(?, next_try), last_error = ?, proof = ?, attempts = attempts + ?,
                  ended = ?, lease_owner = NULL, lease_ends = NULL
                WHERE id = ? AND state = 'running' AND lease_owner = ?
                """,
                [state.rawValue, nextTry?.milliseconds, reason, proof, counts ? 1 : 0, ended?.milliseconds, delivery, owner])
            guard db.changesCount == 1 else { throw ArchiveError(.leaseLost, "the delivery is no longer this program's") }
        }
    }

    public func releaseDeliveries(of owner: String?) async throws {
        try await write { db in
            let change = "UPDATE delivery SET state = 'waiting', lease_owner = NULL, lease_ends = NULL WHERE state = 'running'"
            if let owner { try db.run(change + " AND lease_owner = ?", [owner]) } else { try db.run(change) }
        }
    }

    public func confirm(_ identifiers: [String], destination: String, proof: String?, now: Date) async throws -> Int {
        try await write { db in
            var count = 0
            for identifier in identifiers {
                let which = "WHERE destination = ? AND state = 'accepted' AND file = (SELECT number FROM result_file WHERE identifier = ?)"
                if let proof {
                    try db.run(
                        "UPDATE delivery SET state = 'delivered', proof = ?, last_error = NULL, ended = ? " + which,
                        [proof, now.milliseconds, destination, identifier])
                } else {
                    try db.run(
                        "UPDATE delivery SET state = 'waiting', last_error = 'the destination does not keep it', next_try = ? " + which,
                        [now.milliseconds, destination, identifier])
                }
                count += db.changesCount
            }
            return count
        }
    }

    public func deliveries(
        states: Set<Delivery.State>, destination: String?, study: StudyID?, before: Int64?, limit: Int
    ) async throws -> [Delivery] {
        try await read { db in
            var (conditions, arguments): ([String], Arguments) = ([], [])
            func add(_ condition: String, _ values: Arguments) {
                conditions.append(condition)
                arguments += values
            }
            if !states.isEmpty {
                let marks = states.map { _ in "?" }.joined(separator: ", ")
                add("delivery.state IN (\(marks))", states.map(\.rawValue).sorted())
            }
            if let destination { add("delivery.destination = ?", [destination]) }
            if let study { add("study.id = ?", [study.rawValue]) }
            if let before { add("delivery.id < ?", [before]) }
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try DeliveryRow.all(condition + " ORDER BY delivery.id DESC LIMIT ?", arguments + [max(0, limit)], db)
        }
    }

    public func delivery(_ id: Int64) async throws -> Delivery? {
        try await read { db in try DeliveryRow.all("WHERE delivery.id = ?", [id], db).first }
    }

    public func deliveryCounts() async throws -> [String: [Delivery.State: Int]] {
        try await read { db in
            var counts: [String: [Delivery.State: Int]] = [:]
            for row in try db.allRows("SELECT destination, state, count(*) AS deliveries FROM delivery GROUP BY destination, state") {
                let state: Delivery.State = try row.word("state")
                counts[try row.needed(row.text("destination")), default: [:]][state] = Int(row.integer("deliveries") ?? 0)
            }
            return counts
        }
    }

    public func retryDelivery(_ id: Int64, now: Date) async throws {
        try await write { db in
            guard try Self.deliveryState(id, db) != nil else { throw ArchiveError(.notFound, "there is no such delivery") }
            try db.run(
                """
                UPDATE delivery SET state = 'waiting', attempts = 0, next_try = ?, last_error = NULL, ended = NULL
                WHERE id = ? AND state IN ('waiting', 'failed', 'dismissed')
                """, [now.milliseconds, id])
        }
    }

    public func dismissDelivery(_ id: Int64) async throws {
        try await write { db in
            let state = try Self.deliveryState(id, db)
            guard state == .failed || state == .dismissed else {
                throw ArchiveError(.notFound, "there is no such delivery that has failed")
            }
            try db.run("UPDATE delivery SET state = 'dismissed' WHERE id = ?", [id])
        }
    }

    private static func deliveryState(_ id: Int64, _ db: Database) throws -> Delivery.State? {
        try db.firstRow("SELECT state FROM delivery WHERE id = ?", [id]).map { try $0.word("state") }
    }
}
