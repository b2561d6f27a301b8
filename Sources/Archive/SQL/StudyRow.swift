import Foundation
import Results

/// A study and its row.
struct StudyRow {
    let number: Int64
    var study: Study
    /// What it is found by: words as the index folds them, each once, a space between.
    var words: String

    init(number: Int64, study: Study, words: String) { (self.number, self.study, self.words) = (number, study, words) }

    init(_ row: Row) throws {
        number = try row.needed(row.integer("number"))
        words = row.text("words") ?? ""
        let standing = Standing(
            status: try row.word("status"), due: try row.needed(row.date("due")), dueClass: try row.needed(row.text("due_class")),
            findings: try StoredJSON.list(row.needed(row.text("findings"))), failure: row.text("failure"))
        study = Study(
            id: try row.needed(row.text("id").flatMap(StudyID.init)), uid: try row.needed(row.text("uid")),
            patient: PatientIdentity(
                name: row.text("patient_name"), id: row.text("patient_id"), issuer: row.text("patient_issuer"),
                birthDate: row.text("patient_birth_date"), sex: row.text("patient_sex")),
            patientAge: row.real("patient_age"), studyDate: row.text("study_date"), accessionNumber: row.text("accession"),
            studyDescription: row.text("description"), received: try row.needed(row.date("received")), urgency: try row.word("urgency"),
            protocolName: try row.needed(row.text("protocol")), standing: standing, modality: row.text("modality"),
            views: try StoredJSON.list(row.needed(row.text("views"))), instanceCount: Int(row.integer("instance_count") ?? 0),
            firstInstance: row.text("first_instance").flatMap(InstanceID.init), signedBy: row.text("signed_by"), signed: row.date("signed"),
            revision: row.integer("revision"))
    }

    /// Of every column that makes a study.
    static let select = "SELECT study.*, place.status FROM study JOIN place ON place.study = study.number "

    static func find(_ id: StudyID, _ db: Database) throws -> StudyRow? {
        try db.firstRow(select + "WHERE id = ?", [id.rawValue]).map(StudyRow.init)
    }

    static func find(_ number: Int64, _ db: Database) throws -> StudyRow? {
        try db.firstRow(select + "WHERE number = ?", [number]).map(StudyRow.init)
    }

    static func number(of id: StudyID, _ db: Database) throws -> Int64? {
        try db.firstRow("SELECT number FROM study WHERE id = ?", [id.rawValue])?.integer("number")
    }

    /// - Throws: `ArchiveError` of code `notFound`.
    static func needed(_ id: StudyID, _ db: Database) throws -> StudyRow {
        guard let row = try find(id, db) else { throw ArchiveError(.notFound, "there is no such study") }
        return row
    }

    /// Where the study stands within its status: the lower, the earlier in the worklist.
    var rank: Int64 {
        study.standing.status == .signed ? -(study.signed ?? study.received).milliseconds : study.standing.order.milliseconds
    }

    /// Columns of `study` and their values, all but the number.
    private func columns() throws -> KeyValuePairs<String, (any SQLValue)?> {
        let (patient, standing) = (study.patient, study.standing)
        return [
            "id": study.id.rawValue, "uid": study.uid, "patient_name": patient.name, "patient_id": patient.id,
            "patient_issuer": patient.issuer,
            "patient_birth_date": patient.birthDate, "patient_sex": patient.sex, "patient_age": study.patientAge,
            "study_date": study.studyDate, "accession": study.accessionNumber, "description": study.studyDescription,
            "received": study.received.milliseconds, "urgency": study.urgency.rawValue, "protocol": study.protocolName,
            "due": standing.due.milliseconds, "due_class": standing.dueClass, "findings": try StoredJSON.text(standing.findings),
            "failure": standing.failure, "modality": study.modality, "views": try StoredJSON.text(study.views),
            "instance_count": study.instanceCount, "first_instance": study.firstInstance?.rawValue, "signed_by": study.signedBy,
            "signed": study.signed?.milliseconds, "revision": study.revision, "words": words,
        ]
    }

    /// - Returns: The study with the number that it got.
    static func insert(_ study: Study, words: String, _ db: Database) throws -> StudyRow {
        let columns = try StudyRow(number: 0, study: study, words: words).columns()
        let number = try db.insert(
            "INSERT INTO study (\(columns.map(\.key).joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))",
            columns.map(\.value), returning: "number")
        let row = StudyRow(number: number, study: study, words: words)
        try db.run(
            "INSERT INTO place (study, status, rank, finding_count) VALUES (?, ?, ?, ?)",
            [row.number, study.standing.status.rawValue, row.rank, study.standing.findings.count])
        try row.indexWords(db)
        try row.indexFindings(db)
        return row
    }

    /// Writes what differs from what is there.
    /// - Parameter old: What is there.
    func update(from old: StudyRow, _ db: Database) throws {
        let changed = zip(try columns(), try old.columns()).filter { $0.value?.sqlCell != $1.value?.sqlCell }.map(\.0)
        if !changed.isEmpty {
            try db.run(
                "UPDATE study SET \(changed.map { "\($0.key) = ?" }.joined(separator: ", ")) WHERE number = ?",
                changed.map(\.value) + [number])
        }
        if words != old.words {
            try old.unindexWords(db)
            try indexWords(db)
        }
        let (standing, before) = (study.standing, old.study.standing)
        if (rank, standing.status, standing.findings) != (old.rank, before.status, before.findings) {
            try db.run(
                "UPDATE place SET status = ?, rank = ?, finding_count = ? WHERE study = ?",
                [standing.status.rawValue, rank, standing.findings.count, number])
            try db.run("DELETE FROM study_finding WHERE study = ?", [number])
            try indexFindings(db)
        }
    }

    private func indexWords(_ db: Database) throws {
        switch db.dialect {
        case .sqlite: try db.run("INSERT INTO study_words (rowid, words) VALUES (?, ?)", [number, words])
        case .postgresql:
            try db.run(
                "INSERT INTO study_words (study, lexemes) VALUES (?, array_to_tsvector(string_to_array(?, ' ')))",
                [number, words.split(separator: " ").map { SearchWords.shortened(String($0)) }.joined(separator: " ")])
        }
    }

    private func unindexWords(_ db: Database) throws {
        switch db.dialect {
        case .sqlite: try db.run("INSERT INTO study_words (study_words, rowid, words) VALUES ('delete', ?, ?)", [number, words])
        case .postgresql: try db.run("DELETE FROM study_words WHERE study = ?", [number])
        }
    }

    private func indexFindings(_ db: Database) throws {
        for label in Set(study.standing.findings.map(\.label)) {
            try db.run(
                "INSERT INTO study_finding (label, status, rank, study) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [label, study.standing.status.rawValue, rank, number])
        }
    }
}
