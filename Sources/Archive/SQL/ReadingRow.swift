/// A reading and its row.
enum ReadingRow {
    private static let select = """
        SELECT reading.*, study.id AS study_id, instance.id AS instance_id
        FROM reading JOIN study ON study.number = reading.study LEFT JOIN instance ON instance.number = reading.instance
        """

    /// Oldest first.
    static func all(of study: StudyID, _ db: Database) throws -> [Reading] {
        try db.values(select + " WHERE study.id = ? ORDER BY reading.id", [study.rawValue], reading)
    }

    /// Oldest first.
    static func ofPersons(study: Int64, _ db: Database) throws -> [Reading] {
        try db.values(select + " WHERE reading.study = ? AND reading.is_person = 1 ORDER BY reading.id", [study], reading)
    }

    /// The latest for each instance.
    static func ofModels(study: Int64, _ db: Database) throws -> [Reading] {
        try db.values(
            select + """
                 WHERE reading.id IN (
                  SELECT max(id) FROM reading WHERE study = ? AND is_person = 0 AND instance IS NOT NULL GROUP BY instance)
                """, [study], reading)
    }

    /// The number of a model's reading of an instance that it could read.
    static func find(instance: Int64, modelDigest: String, _ db: Database) throws -> Int64? {
        try db.firstRow(
            "SELECT id FROM reading WHERE instance = ? AND model_digest = ? AND is_person = 0 AND was_read = 1", [instance, modelDigest]
        )?.integer("id")
    }

    /// - Returns: Its number.
    static func insert(_ reading: Reading, study: Int64, instance: Int64?, _ db: Database) throws -> Int64 {
        var model: (version: String, digest: String, precision: String)?
        if case .model(_, let version, let digest, let precision) = reading.reader { model = (version, digest, precision) }
        return try db.insert(
            """
            INSERT INTO reading (study, instance, is_person, reader, model_version, model_digest, model_precision, status, made, based_on,
              was_read, content)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                study, instance, model == nil ? 1 : 0, reading.reader.name, model?.version, model?.digest, model?.precision,
                reading.status.rawValue, reading.made.milliseconds, reading.basedOn, reading.content.error == nil ? 1 : 0,
                try StoredJSON.text(reading.content),
            ], returning: "id")
    }

    private static func reading(_ row: Row) throws -> Reading {
        let name = try row.needed(row.text("reader"))
        let reader =
            row.integer("is_person") == 1
            ? Reader.person(name)
            : .model(
                name: name, version: row.text("model_version") ?? "", digest: row.text("model_digest") ?? "",
                precision: row.text("model_precision") ?? "")
        return Reading(
            id: try row.needed(row.integer("id")), study: try row.needed(row.text("study_id").flatMap(StudyID.init)),
            instance: row.text("instance_id").flatMap(InstanceID.init), reader: reader, status: try row.word("status"),
            made: try row.needed(row.date("made")), basedOn: row.integer("based_on"),
            content: try ReadingContents.shared.content(of: row.needed(row.text("content"))))
    }
}
