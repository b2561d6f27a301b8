import Foundation
import Results

/// A change of a study's patient and its row.
enum PatientChangeRow {
    static func insert(
        _ study: Int64, merge: Int64?, before: PatientIdentity, after: PatientIdentity, now: Date, _ db: Database
    ) throws {
        try db.run(
            "INSERT INTO patient_change (merge, study, before, after, made, is_undone) VALUES (?, ?, ?, ?, ?, 0)",
            [merge, study, try StoredJSON.text(before), try StoredJSON.text(after), now.milliseconds])
    }

    static func all(_ condition: String, _ arguments: Arguments, _ db: Database) throws -> [PatientChange] {
        try db.values(
            "SELECT patient_change.*, study.id AS study_id FROM patient_change JOIN study ON study.number = patient_change.study "
                + condition, arguments
        ) { row in
            PatientChange(
                id: try row.needed(row.integer("id")), time: try row.needed(row.date("made")),
                kind: row.integer("merge") == nil ? .update : .merge, study: try row.needed(row.text("study_id").flatMap(StudyID.init)),
                before: try StoredJSON.value(row.needed(row.text("before"))), after: try StoredJSON.value(row.needed(row.text("after"))),
                isUndone: row.integer("is_undone") == 1)
        }
    }
}

/// A merge of two patients.
struct PatientMergeRow {
    let id: Int64
    let surviving: PatientIdentity

    /// Merges after merges are followed so far.
    private static let longestChain = 32

    /// The merges by which what comes under a number becomes another's, one after another.
    static func chain(from retired: PatientIdentity, _ db: Database) throws -> [PatientMergeRow] {
        var chain: [PatientMergeRow] = []
        var number = retired
        while chain.count < longestChain, let id = number.id, !id.isEmpty,
            let row = try db.firstRow(
                """
                SELECT id, surviving FROM patient_merge WHERE retired_id = ? AND retired_issuer = ? AND is_undone = 0
                ORDER BY id DESC LIMIT 1
                """, [id, number.issuer ?? ""])
        {
            let merge = PatientMergeRow(
                id: try row.needed(row.integer("id")), surviving: try StoredJSON.value(row.needed(row.text("surviving"))))
            chain.append(merge)
            number = merge.surviving
        }
        return chain
    }

    static func insert(retired: PatientIdentity, surviving: PatientIdentity, now: Date, _ db: Database) throws -> Int64 {
        return try db.insert(
            """
            INSERT INTO patient_merge (retired_id, retired_issuer, surviving_id, surviving_issuer, surviving, made, is_undone)
            VALUES (?, ?, ?, ?, ?, ?, 0)
            """,
            [
                retired.id, retired.issuer ?? "", surviving.id, surviving.issuer ?? "", try StoredJSON.text(surviving), now.milliseconds,
            ], returning: "id")
    }
}
