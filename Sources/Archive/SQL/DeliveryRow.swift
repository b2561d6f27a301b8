import Foundation

/// A delivery and its row.
enum DeliveryRow {
    static func all(_ condition: String, _ arguments: Arguments, _ db: Database) throws -> [Delivery] {
        try db.values(
            """
            SELECT delivery.*, \(ResultFileRow.columns)
            FROM delivery JOIN result_file AS file ON file.number = delivery.file JOIN study ON study.number = file.study
            """ + " " + condition, arguments, delivery)
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        Delivery(
            id: try row.needed(row.integer("id")), destination: try row.needed(row.text("destination")), file: try ResultFileRow.file(row),
            lane: try row.needed(row.text("lane")), rank: Int(row.integer("rank") ?? 0), due: try row.needed(row.date("due")),
            state: try row.word("state"), attempts: Int(row.integer("attempts") ?? 0), nextTry: try row.needed(row.date("next_try")),
            leaseOwner: row.text("lease_owner"), leaseEnds: row.date("lease_ends"), lastError: row.text("last_error"),
            proof: row.text("proof"), made: try row.needed(row.date("made")), ended: row.date("ended"))
    }

    /// One to the same destination that is there already stays.
    static func insert(_ delivery: NewDelivery, now: Date, _ db: Database) throws {
        let file = try ResultFileRow.number(of: delivery.file, db)
        // Asked beforehand: an insertion that comes to nothing would use up a number.
        let isThere =
            try db.firstRow(
                "SELECT 1 AS there FROM delivery WHERE destination = ? AND file = ?", [delivery.destination, file]) != nil
        guard !isThere else { return }
        try db.run(
            """
            INSERT INTO delivery (destination, file, lane, rank, due, state, attempts, next_try, made)
            VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?)
            """,
            [
                delivery.destination, file, delivery.lane, delivery.rank, delivery.due.milliseconds, now.milliseconds, now.milliseconds,
            ])
    }
}
