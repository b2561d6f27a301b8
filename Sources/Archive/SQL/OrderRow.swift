import Foundation
import Results

/// An order and its row.
enum OrderRow {
    /// The latest that is for a study and not cancelled.
    static func find(for study: Study, _ db: Database) throws -> ClinicalOrder? {
        let found = try db.values(
            """
            SELECT number, content FROM clinical_order WHERE study_uid = ?
            UNION SELECT number, content FROM clinical_order WHERE accession = ? ORDER BY number DESC
            """, [study.uid, study.accessionNumber]
        ) { row -> ClinicalOrder in try StoredJSON.value(row.needed(row.text("content"))) }
        return found.first { !$0.isCancelled && $0.isFor(study) }
    }

    /// What an earlier message said of the same order.
    /// - Throws: `ArchiveError` of code `cannotWrite` where nothing names the order.
    static func earlier(than order: ClinicalOrder, _ db: Database) throws -> ClinicalOrder? {
        guard let key = order.key else { throw ArchiveError(.cannotWrite, "the order has no number and no study") }
        return try db.firstRow("SELECT content FROM clinical_order WHERE key = ?", [key]).map { row in
            try StoredJSON.value(row.needed(row.text("content")))
        }
    }

    /// Puts an order in the place of what was known of it.
    static func put(_ order: ClinicalOrder, _ db: Database) throws {
        // A new number: the latest of several orders is the one that was told last.
        try db.run("DELETE FROM clinical_order WHERE key = ?", [order.key])
        try db.run(
            "INSERT INTO clinical_order (key, accession, study_uid, received, content) VALUES (?, ?, ?, ?, ?)",
            [order.key, order.accessionNumber, order.studyUID, order.received.milliseconds, try StoredJSON.text(order)])
    }
}

extension ClinicalOrder {
    /// With what an earlier message said where this one says nothing.
    package func filled(from earlier: ClinicalOrder) -> ClinicalOrder {
        var order = self
        order.accessionNumber = accessionNumber ?? earlier.accessionNumber
        order.studyUID = studyUID ?? earlier.studyUID
        order.patient = patient.filled(from: earlier.patient)
        let (new, old) = (details, earlier.details)
        order.details = ResultOrder(
            placerNumber: new.placerNumber ?? old.placerNumber, fillerNumber: new.fillerNumber ?? old.fillerNumber,
            procedureCode: new.procedureCode ?? old.procedureCode, procedureText: new.procedureText ?? old.procedureText,
            procedureScheme: new.procedureScheme ?? old.procedureScheme, indication: new.indication ?? old.indication,
            visitNumber: new.visitNumber ?? old.visitNumber)
        return order
    }
}
