import Foundation

/// A result file and its row.
enum ResultFileRow {
    static let columns = """
        file.identifier, file.kind, file.reading, file.sop_class_uid, file.series_instance_uid, file.size, file.digest,
        file.made AS file_made, study.id AS study_id
        """
    static let tables = "result_file AS file JOIN study ON study.number = file.study"

    static func all(_ condition: String, _ arguments: Arguments, _ db: Database) throws -> [ResultFile] {
        try db.values("SELECT \(columns) FROM \(tables) \(condition)", arguments, file)
    }

    static func file(_ row: Row) throws -> ResultFile {
        ResultFile(
            identifier: try row.needed(row.text("identifier")), kind: try row.needed(row.text("kind")),
            study: try row.needed(row.text("study_id").flatMap(StudyID.init)), reading: try row.needed(row.integer("reading")),
            sopClassUID: row.text("sop_class_uid"), seriesInstanceUID: row.text("series_instance_uid"),
            size: Int(row.integer("size") ?? 0), digest: try row.needed(row.text("digest")), made: try row.needed(row.date("file_made")))
    }

    /// One that is there already stays.
    static func insert(_ file: ResultFile, _ db: Database) throws {
        let study = try StudyRow.needed(file.study, db).number
        guard try db.firstRow("SELECT 1 AS there FROM result_file WHERE identifier = ?", [file.identifier]) == nil else { return }
        try db.run(
            """
            INSERT INTO result_file (identifier, kind, study, reading, sop_class_uid, series_instance_uid, size, digest, made)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                file.identifier, file.kind, study, file.reading, file.sopClassUID, file.seriesInstanceUID, file.size, file.digest,
                file.made.milliseconds,
            ])
    }

    /// - Throws: `ArchiveError` of code `notFound`.
    static func number(of identifier: String, _ db: Database) throws -> Int64 {
        guard let number = try db.firstRow("SELECT number FROM result_file WHERE identifier = ?", [identifier])?.integer("number") else {
            throw ArchiveError(.notFound, "there is no such result file")
        }
        return number
    }
}
