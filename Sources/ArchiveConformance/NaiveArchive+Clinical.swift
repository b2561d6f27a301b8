import Archive
import Foundation
import Results

/// A merge of two patients.
struct NaiveMerge: Sendable {
    var retired: PatientIdentity
    var surviving: PatientIdentity
    var isUndone = false
}

extension NaiveArchive {
    public func apply(
        _ changes: [ClinicalChange], from message: MessageKey?, now: Date, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) throws -> AppliedChanges {
        if let message, messages.contains(message) { return AppliedChanges(isRepeated: true) }
        for change in changes {
            switch change {
            case .order(let order) where order.key == nil:
                throw ArchiveError(.cannotWrite, "the order has no number and no study")
            case .merge(let retired, let surviving):
                guard retired.id?.isEmpty == false, surviving.id?.isEmpty == false, !retired.hasSameNumber(as: surviving) else {
                    throw ArchiveError(.cannotWrite, "a merge needs two different patient numbers")
                }
            default: break
            }
        }
        if let message { messages.insert(message) }
        var applied = AppliedChanges()
        for change in changes {
            let changed =
                switch change {
                case .order(let order): apply(order, followUp: followUp, now: now)
                case .patient(let patient): update(patient, now: now)
                case .merge(let retired, let surviving): merge(retired, into: surviving, now: now)
                case .unmerge(let retired, let surviving): unmerge(retired, from: surviving)
                }
            for study in changed {
                refresh(study, standing)
                if !applied.studies.contains(study) { applied.studies.append(study) }
            }
        }
        return applied
    }

    public func order(of study: StudyID) -> ClinicalOrder? { self.study(study).flatMap(latestOrder) }

    public func patientChanges(study: StudyID?, before: Int64?, limit: Int) -> [PatientChange] {
        let found = changes.map(\.change).reversed().filter { change in
            (study == nil || change.study == study) && (before.map { change.id < $0 } ?? true)
        }
        return Array(found.prefix(limit))
    }

    func latestOrder(for study: Study) -> ClinicalOrder? { orders.last { !$0.isCancelled && $0.isFor(study) } }

    /// By which what comes under a number becomes another's.
    func merge(of patient: PatientIdentity) -> Int? {
        merges.lastIndex { !$0.isUndone && $0.retired.hasSameNumber(as: patient) }
    }

    func note(_ study: StudyID, from before: PatientIdentity, to after: PatientIdentity, merge: Int?, now: Date) {
        changes.append(
            (
                PatientChange(
                    id: Int64(changes.count) + 1, time: now, kind: merge == nil ? .update : .merge, study: study, before: before,
                    after: after, isUndone: false), merge
            ))
    }

    private func apply(_ order: ClinicalOrder, followUp: String?, now: Date) -> [StudyID] {
        let known = Dictionary(uniqueKeysWithValues: studies.map { ($0.id, latestOrder(for: $0) != nil) })
        let before = orders.first { $0.key == order.key }
        let order = before.map { order.filled(from: $0) } ?? order
        orders.removeAll { $0.key == order.key }
        orders.append(order)
        return studies.filter(order.isFor).compactMap { old in
            var new = old
            if !order.isCancelled, order.urgency != (before?.urgency ?? .routine) { new.urgency = order.urgency }
            new.accessionNumber = old.accessionNumber ?? order.accessionNumber
            change(old.id) { $0 = new }
            guard let followUp, !order.isCancelled, known[old.id] == false, let reading = old.revision else {
                return new == old ? nil : old.id
            }
            addJob(followUp, about: reading, of: old.id, now: now)
            return old.id
        }
    }

    private func update(_ patient: PatientIdentity, now: Date) -> [StudyID] {
        studies.filter { patient.hasSameNumber(as: $0.patient) }.compactMap { change($0, to: patient, merge: nil, now: now) }
    }

    private func merge(_ retired: PatientIdentity, into surviving: PatientIdentity, now: Date) -> [StudyID] {
        let undone = unmerge(surviving, from: retired)
        merges.append(NaiveMerge(retired: retired, surviving: surviving))
        let number = merges.count - 1
        return undone
            + studies.filter { retired.hasSameNumber(as: $0.patient) }.compactMap {
                change($0, to: surviving, merge: number, now: now)
            }
    }

    private func change(_ old: Study, to patient: PatientIdentity, merge: Int?, now: Date) -> StudyID? {
        let patient = patient.filled(from: old.patient)
        guard patient != old.patient else { return nil }
        change(old.id) { $0.patient = patient }
        note(old.id, from: old.patient, to: patient, merge: merge, now: now)
        return old.id
    }

    private func unmerge(_ retired: PatientIdentity, from surviving: PatientIdentity) -> [StudyID] {
        var changed: [StudyID] = []
        for number in merges.indices.reversed()
        where !merges[number].isUndone && merges[number].retired.hasSameNumber(as: retired)
            && merges[number].surviving.hasSameNumber(as: surviving)
        {
            merges[number].isUndone = true
            for place in changes.indices.reversed() where changes[place].merge == number && !changes[place].change.isUndone {
                changes[place].change.isUndone = true
                let entry = changes[place].change
                guard let study = study(entry.study), study.patient.hasSameNumber(as: entry.after) else { continue }
                change(study.id) { $0.patient = study.patient.undoing(entry) }
                changed.append(study.id)
            }
        }
        return changed
    }
}
