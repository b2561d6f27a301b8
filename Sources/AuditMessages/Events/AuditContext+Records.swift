import Foundation

extension AuditContext {
    /// Instances were created, read, changed or deleted within the system (PS3.15 A.5.3.6).
    public func instancesAccessed(
        _ action: AuditEventIdentification.Action, _ studies: [AuditStudy], by person: AuditPerson? = nil, at time: Date,
        outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(.instancesAccessed, action, time, outcome, local(person), objects(studies))
    }

    /// Studies were deleted whole (PS3.15 A.5.3.5).
    public func studyDeleted(
        _ studies: [AuditStudy], by person: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(.studyDeleted, .delete, time, outcome, local(person), objects(studies))
    }

    /// An order was created, read, changed or deleted (PS3.15 A.5.3.12).
    /// - Parameter peer: The system that told of it, such as the RIS.
    public func orderRecord(
        _ action: AuditEventIdentification.Action, patient identifier: String?, from peer: AuditProcess? = nil,
        by person: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(.orderRecord, action, time, outcome, told(by: peer, person), identifier.map(patient) ?? [])
    }

    /// A patient's data were created, read, changed or deleted (PS3.15 A.5.3.13). A merge is a deletion of one and a change of another.
    public func patientRecord(
        _ action: AuditEventIdentification.Action, patients identifiers: [String], from peer: AuditProcess? = nil,
        by person: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(.patientRecord, action, time, outcome, told(by: peer, person), identifiers.flatMap(patient))
    }

    /// What is known of an examination was created, read, changed or deleted: its report too (PS3.15 A.5.3.14).
    public func procedureRecord(
        _ action: AuditEventIdentification.Action, _ studies: [AuditStudy], from peer: AuditProcess? = nil, by person: AuditPerson? = nil,
        at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(.procedureRecord, action, time, outcome, told(by: peer, person), objects(studies))
    }

    /// The person and the process through which they did it.
    func local(_ person: AuditPerson?) -> [AuditParticipant] {
        (person.map { [$0.participant()] } ?? []) + [process.participant(nil, isRequestor: person == nil)]
    }

    private func told(by peer: AuditProcess?, _ person: AuditPerson?) -> [AuditParticipant] {
        guard let peer else { return local(person) }
        return [
            peer.participant(.source, isRequestor: true), process.participant(.destination, isRequestor: false),
        ] + (person.map { [$0.participant(isRequestor: false)] } ?? [])
    }
}
