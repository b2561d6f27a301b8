import Foundation
import Results

extension SQLArchive {
    /// How long a message is remembered: no system sends one again after a month.
    private static let messageMemory: TimeInterval = 30 * 86_400

    public func apply(
        _ changes: [ClinicalChange], from message: MessageKey?, now: Date, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> AppliedChanges {
        try await write { db in
            if let message {
                try db.run("DELETE FROM message WHERE received < ?", [now.addingTimeInterval(-Self.messageMemory).milliseconds])
                try db.run(
                    "INSERT INTO message (sender, control_id, received) VALUES (?, ?, ?) ON CONFLICT (sender, control_id) DO NOTHING",
                    [message.sender, message.controlID, now.milliseconds])
                guard db.changesCount == 1 else { return AppliedChanges(isRepeated: true) }
            }
            var applied = AppliedChanges()
            for change in changes {
                let numbers =
                    switch change {
                    case .order(let order): try Self.apply(order, followUp: followUp, now: now, db)
                    case .patient(let patient): try Self.update(patient, now: now, db)
                    case .merge(let retired, let surviving): try Self.merge(retired, into: surviving, now: now, db)
                    case .unmerge(let retired, let surviving): try Self.unmerge(retired, from: surviving, db)
                    }
                for number in numbers {
                    try Standings.refresh(number, standing, db)
                    if let study = try StudyRow.find(number, db)?.study.id, !applied.studies.contains(study) {
                        applied.studies.append(study)
                    }
                }
            }
            return applied
        }
    }

    public func order(of study: StudyID) async throws -> ClinicalOrder? {
        try await read { db in try StudyRow.find(study, db).flatMap { try OrderRow.find(for: $0.study, db) } }
    }

    public func patientChanges(study: StudyID?, before: Int64?, limit: Int) async throws -> [PatientChange] {
        try await read { db in
            var (conditions, arguments): ([String], Arguments) = ([], [])
            if let study {
                conditions.append("study.id = ?")
                arguments.append(study.rawValue)
            }
            if let before {
                conditions.append("patient_change.id < ?")
                arguments.append(before)
            }
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try PatientChangeRow.all(
                condition + " ORDER BY patient_change.id DESC LIMIT ?", arguments + [max(0, limit)], db)
        }
    }

    // MARK: Each change; what is returned are the numbers of the studies that are otherwise now

    private static func apply(_ told: ClinicalOrder, followUp: String?, now: Date, _ db: Database) throws -> [Int64] {
        let before = try OrderRow.earlier(than: told, db)
        let order = before.map { told.filled(from: $0) } ?? told
        let candidates = try db.values(
            StudyRow.select + "WHERE uid = ? UNION " + StudyRow.select + "WHERE accession = ?", [order.studyUID, order.accessionNumber],
            StudyRow.init)
        let known = try Dictionary(uniqueKeysWithValues: candidates.map { ($0.number, try OrderRow.find(for: $0.study, db) != nil) })
        try OrderRow.put(order, db)
        var changed: [Int64] = []
        for old in candidates where order.isFor(old.study) {
            var new = old
            if !order.isCancelled, order.urgency != (before?.urgency ?? .routine) { new.study.urgency = order.urgency }
            new.study.accessionNumber = old.study.accessionNumber ?? order.accessionNumber
            if new.study != old.study {
                new.words = try words(of: new, db)
                try new.update(from: old, db)
                changed.append(new.number)
            }
            if let followUp, !order.isCancelled, known[old.number] == false, let reading = old.study.revision {
                try JobRow.insert(followUp, about: reading, of: new, now: now, db)
                if changed.last != new.number { changed.append(new.number) }
            }
        }
        return changed
    }

    private static func update(_ patient: PatientIdentity, now: Date, _ db: Database) throws -> [Int64] {
        try studies(of: patient, db).compactMap { old in
            try change(old, to: patient.filled(from: old.study.patient), merge: nil, now: now, db)
        }
    }

    private static func merge(_ retired: PatientIdentity, into surviving: PatientIdentity, now: Date, _ db: Database) throws -> [Int64] {
        guard let id = retired.id, !id.isEmpty, let other = surviving.id, !other.isEmpty, !retired.hasSameNumber(as: surviving) else {
            throw ArchiveError(.cannotWrite, "a merge needs two different patient numbers")
        }
        // A merge back is the end of the merge before it, or there would be a circle.
        let undone = try unmerge(surviving, from: retired, db)
        let merge = try PatientMergeRow.insert(retired: retired, surviving: surviving, now: now, db)
        let moved = try studies(of: retired, db).compactMap { old in
            try change(old, to: surviving.filled(from: old.study.patient), merge: merge, now: now, db)
        }
        return undone + moved
    }

    private static func unmerge(_ retired: PatientIdentity, from surviving: PatientIdentity, _ db: Database) throws -> [Int64] {
        let merges = try db.values(
            """
            SELECT id FROM patient_merge WHERE retired_id = ? AND retired_issuer = ? AND surviving_id = ? AND surviving_issuer = ?
              AND is_undone = 0 ORDER BY id DESC
            """, [retired.id ?? "", retired.issuer ?? "", surviving.id ?? "", surviving.issuer ?? ""],
            { try $0.needed($0.integer("id")) })
        var changed: [Int64] = []
        for merge in merges {
            try db.run("UPDATE patient_merge SET is_undone = 1 WHERE id = ?", [merge])
            let changes = try PatientChangeRow.all("WHERE merge = ? AND is_undone = 0 ORDER BY patient_change.id DESC", [merge], db)
            for entry in changes {
                try db.run("UPDATE patient_change SET is_undone = 1 WHERE id = ?", [entry.id])
                guard let old = try StudyRow.find(entry.study, db), old.study.patient.hasSameNumber(as: entry.after) else { continue }
                var new = old
                new.study.patient = old.study.patient.undoing(entry)
                new.words = try words(of: new, db)
                try new.update(from: old, db)
                changed.append(new.number)
            }
        }
        return changed
    }

    private static func studies(of patient: PatientIdentity, _ db: Database) throws -> [StudyRow] {
        guard let id = patient.id, !id.isEmpty else { return [] }
        return try db.values(
            StudyRow.select + "WHERE patient_id = ? AND coalesce(patient_issuer, '') = ? ORDER BY number", [id, patient.issuer ?? ""],
            StudyRow.init)
    }

    /// - Returns: The study's number, where something is otherwise now.
    private static func change(_ old: StudyRow, to patient: PatientIdentity, merge: Int64?, now: Date, _ db: Database) throws -> Int64? {
        guard patient != old.study.patient else { return nil }
        var new = old
        new.study.patient = patient
        new.words = try words(of: new, db)
        try new.update(from: old, db)
        try PatientChangeRow.insert(old.number, merge: merge, before: old.study.patient, after: patient, now: now, db)
        return new.number
    }

    private static func words(of row: StudyRow, _ db: Database) throws -> String {
        let names = try db.values("SELECT name FROM instance WHERE study = ? ORDER BY number", [row.number]) { $0.text("name") }
        let study = row.study
        return try SearchWords.words(
            of: [study.patient.name, study.patient.id, study.accessionNumber, study.studyDescription] + names, db
        ).joined(separator: " ")
    }
}

extension PatientIdentity {
    /// As it was before a change, but for what is otherwise since.
    package func undoing(_ change: PatientChange) -> PatientIdentity {
        func undone(_ field: KeyPath<PatientIdentity, String?>) -> String? {
            self[keyPath: field] == change.after[keyPath: field] ? change.before[keyPath: field] : self[keyPath: field]
        }
        return PatientIdentity(
            name: undone(\.name), id: undone(\.id), issuer: undone(\.issuer), birthDate: undone(\.birthDate), sex: undone(\.sex))
    }
}
