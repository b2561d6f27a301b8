import Foundation
import Results

extension SQLArchive {
    public func register(
        _ instance: Instance, in study: Study, jobKind: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> Registration {
        guard instance.study == study.id else { throw ArchiveError(.cannotWrite, "the instance is of another study") }
        return try await write { db in
            if let there = try Self.registration(of: instance, db) { return there }
            let row = try Self.place(instance, in: study, received: instance.received, db)
            let number = try InstanceRow.insert(instance, in: row.number, db)
            if let jobKind {
                let (due, now) = (row.study.standing.order.milliseconds, instance.received.milliseconds)
                try db.run(
                    """
                    INSERT INTO job (kind, study, instance, state, attempts, due, next_try, made) VALUES (?, ?, ?, 'waiting', 0, ?, ?, ?)
                    """, [jobKind, row.number, number, due, now, now])
            }
            try Standings.refresh(row.number, standing, db)
            return .new
        }
    }

    private static func registration(of instance: Instance, _ db: Database) throws -> Registration? {
        if try db.firstRow("SELECT 1 AS there FROM instance WHERE id = ?", [instance.id.rawValue]) != nil { return .duplicate }
        return try db.firstRow("SELECT digest FROM instance WHERE sop_instance_uid = ?", [instance.sopInstanceUID]).map { row in
            row.text("digest") == instance.digest ? .duplicate : .conflict
        }
    }

    /// The study with one instance more: a new one, or one of which what is missing is filled in.
    private static func place(_ instance: Instance, in study: Study, received: Date, _ db: Database) throws -> StudyRow {
        guard let old = try StudyRow.find(study.id, db) else {
            var new = study
            let merges = try PatientMergeRow.chain(from: study.patient, db)
            let patients = merges.reduce(into: [study.patient]) { patients, merge in
                patients.append(merge.surviving.filled(from: patients[patients.count - 1]))
            }
            new.patient = patients[patients.count - 1]
            if let order = try OrderRow.find(for: new, db), order.urgency == .stat { new.urgency = .stat }
            (new.views, new.instanceCount, new.firstInstance) = (instance.view.map { [$0] } ?? [], 1, instance.id)
            (new.signedBy, new.signed, new.revision) = (nil, nil, nil)
            new.modality = study.modality ?? instance.modality
            let row = try StudyRow.insert(new, words: words(of: new, and: instance, db).joined(separator: " "), db)
            for (merge, (before, after)) in zip(merges, zip(patients, patients.dropFirst())) {
                try PatientChangeRow.insert(row.number, merge: merge.id, before: before, after: after, now: received, db)
            }
            return row
        }
        var new = old
        new.study.patient.name = old.study.patient.name ?? study.patient.name
        new.study.patient.id = old.study.patient.id ?? study.patient.id
        new.study.patient.issuer = old.study.patient.issuer ?? study.patient.issuer
        new.study.patient.birthDate = old.study.patient.birthDate ?? study.patient.birthDate
        new.study.patient.sex = old.study.patient.sex ?? study.patient.sex
        new.study.patientAge = old.study.patientAge ?? study.patientAge
        new.study.studyDate = old.study.studyDate ?? study.studyDate
        new.study.accessionNumber = old.study.accessionNumber ?? study.accessionNumber
        new.study.studyDescription = old.study.studyDescription ?? study.studyDescription
        new.study.modality = old.study.modality ?? study.modality ?? instance.modality
        new.study.firstInstance = old.study.firstInstance ?? instance.id
        new.study.instanceCount += 1
        if let view = instance.view, !old.study.views.contains(view) { new.study.views.append(view) }
        let known = Set(old.words.split(separator: " ").map(String.init))
        let more = try words(of: new.study, and: instance, db).filter { !known.contains($0) }
        if !more.isEmpty { new.words = (old.words.isEmpty ? more : [old.words] + more).joined(separator: " ") }
        try new.update(from: old, db)
        return new
    }

    private static func words(of study: Study, and instance: Instance, _ db: Database) throws -> [String] {
        try SearchWords.words(
            of: [study.patient.name, study.patient.id, study.accessionNumber, study.studyDescription, instance.name], db)
    }

    public func statusCounts() async throws -> [StudyStatus: Int] {
        try await read { db in
            let counts = try db.allRows("SELECT status, studies FROM status_count").map { row in
                (try row.word("status", StudyStatus.self), Int(row.integer("studies") ?? 0))
            }
            return Dictionary(StudyStatus.allCases.map { ($0, 0) } + counts, uniquingKeysWith: { $1 })
        }
    }

    public func receivedBytes(since: Date) async throws -> (bytes: Int, since: Date?) {
        try await read { db in
            let row = try db.firstRow(
                """
                SELECT sum(size) AS bytes, min(came) AS first FROM (
                  SELECT size, received AS came FROM instance WHERE received >= ?
                  UNION ALL SELECT size, made AS came FROM result_file WHERE made >= ?) AS files
                """, [since.milliseconds, since.milliseconds])
            return (Int(row?.integer("bytes") ?? 0), row?.date("first"))
        }
    }

    public func study(_ id: StudyID) async throws -> Study? {
        try await read { db in try StudyRow.find(id, db)?.study }
    }

    public func priors(of study: StudyID, limit: Int) async throws -> [Study] {
        try await read { db in
            guard let row = try StudyRow.find(study, db), let patient = row.study.patient.id, !patient.isEmpty else { return [] }
            return try db.values(
                StudyRow.select + """
                    WHERE patient_id = ? AND patient_issuer IS ? AND number <> ?
                    ORDER BY coalesce(study_date, \(db.dialect.day(of: "received"))) DESC, number DESC LIMIT ?
                    """, [patient, row.study.patient.issuer, row.number, max(0, limit)], { try StudyRow($0).study })
        }
    }

    public func instances(of study: StudyID) async throws -> [Instance] {
        try await read { db in try InstanceRow.all("WHERE study.id = ? ORDER BY instance.number", [study.rawValue], db) }
    }

    public func instance(_ id: InstanceID) async throws -> Instance? {
        try await read { db in try InstanceRow.find(id, db) }
    }

    public func instance(sopInstanceUID: String) async throws -> Instance? {
        try await read { db in try InstanceRow.all("WHERE instance.sop_instance_uid = ?", [sopInstanceUID], db).first }
    }

    public func instances(after: InstanceID?, limit: Int) async throws -> [Instance] {
        try await read { db in
            try InstanceRow.all("WHERE instance.id > ? ORDER BY instance.id LIMIT ?", [after?.rawValue ?? "", max(0, limit)], db)
        }
    }

    public func update(
        _ study: StudyID, urgency: StudyUrgency?, protocolName: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws {
        try await write { db in
            let old = try StudyRow.needed(study, db)
            var new = old
            if let urgency { new.study.urgency = urgency }
            if let protocolName { new.study.protocolName = protocolName }
            try new.update(from: old, db)
            try Standings.refresh(old.number, standing, db)
        }
    }

    public func updateStandings(_ standing: @escaping @Sendable (StudyState) -> Standing) async throws {
        var last: Int64 = 0
        while true {
            let from = last
            let reached: Int64? = try await write { db in
                let numbers = try db.values(
                    "SELECT study FROM place WHERE study > ? AND status <> 'signed' ORDER BY study LIMIT 100", [from],
                    { try $0.needed($0.integer("study")) })
                for number in numbers { try Standings.refresh(number, standing, db) }
                return numbers.last
            }
            guard let reached else { return }
            last = reached
        }
    }
}
