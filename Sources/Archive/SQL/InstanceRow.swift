/// An instance and its row.
enum InstanceRow {
    static func all(_ condition: String, _ arguments: Arguments, _ db: Database) throws -> [Instance] {
        try db.values(
            "SELECT instance.*, study.id AS study_id FROM instance JOIN study ON study.number = instance.study " + condition, arguments,
            instance)
    }

    static func find(_ id: InstanceID, _ db: Database) throws -> Instance? {
        try all("WHERE instance.id = ?", [id.rawValue], db).first
    }

    /// - Throws: `ArchiveError` of code `notFound` where the study has no such instance.
    static func number(of id: InstanceID, in study: Int64, _ db: Database) throws -> Int64 {
        let row = try db.firstRow("SELECT number FROM instance WHERE id = ? AND study = ?", [id.rawValue, study])
        guard let number = row?.integer("number") else { throw ArchiveError(.notFound, "the study has no such instance") }
        return number
    }

    /// - Returns: Its number.
    static func insert(_ instance: Instance, in study: Int64, _ db: Database) throws -> Int64 {
        return try db.insert(
            """
            INSERT INTO instance (id, study, sop_instance_uid, sop_class_uid, series_instance_uid, name, format, modality, view, laterality,
              body_part, orientation, columns, rows, frames, size, digest, received)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                instance.id.rawValue, study, instance.sopInstanceUID, instance.sopClassUID, instance.seriesInstanceUID, instance.name,
                instance.format, instance.modality, instance.view, instance.laterality, instance.bodyPart,
                instance.orientation?.joined(separator: "\\"), instance.columns, instance.rows,
                instance.frames, instance.size, instance.digest, instance.received.milliseconds,
            ], returning: "number")
    }

    private static func instance(_ row: Row) throws -> Instance {
        Instance(
            id: try row.needed(row.text("id").flatMap(InstanceID.init)), study: try row.needed(row.text("study_id").flatMap(StudyID.init)),
            sopInstanceUID: try row.needed(row.text("sop_instance_uid")), sopClassUID: row.text("sop_class_uid"),
            seriesInstanceUID: try row.needed(row.text("series_instance_uid")), name: try row.needed(row.text("name")),
            format: try row.needed(row.text("format")), modality: row.text("modality"), view: row.text("view"),
            laterality: row.text("laterality"), bodyPart: row.text("body_part"),
            orientation: row.text("orientation")?.split(separator: "\\").map(String.init), columns: Int(row.integer("columns") ?? 0),
            rows: Int(row.integer("rows") ?? 0), frames: Int(row.integer("frames") ?? 0), size: Int(row.integer("size") ?? 0),
            digest: try row.needed(row.text("digest")), received: try row.needed(row.date("received")))
    }
}
