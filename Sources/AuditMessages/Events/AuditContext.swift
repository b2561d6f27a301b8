import Foundation

/// Makes the messages of the events that DICOM names (PS3.15 A.5.3), as one system tells them.
///
/// Persons stand in them by their accounts, studies by their UIDs. No patient's name does. The standard also wants the patient's
/// identifier; a site says whether it stands in its messages.
public struct AuditContext: Hashable, Sendable {
    public var source: AuditSource
    /// The process that tells, which takes part in most events.
    public var process: AuditProcess
    /// Whether patients' identifiers, and what was searched for in queries, are written. Without them the study's UID leads to the patient.
    public var namesPatients: Bool

    public init(source: AuditSource, process: AuditProcess, namesPatients: Bool = false) {
        (self.source, self.process, self.namesPatients) = (source, process, namesPatients)
    }
}

/// A process in the network: this one or a peer's.
public struct AuditProcess: Hashable, Sendable {
    /// Its number on its machine, or the name by which it is known.
    public var id: String
    public var aeTitles: [String]
    public var name: String?
    /// The machine's name or address.
    public var place: AuditParticipant.NetworkAccess?

    public init(id: String, aeTitles: [String] = [], name: String? = nil, place: AuditParticipant.NetworkAccess? = nil) {
        (self.id, self.aeTitles, self.name, self.place) = (id, aeTitles, name, place)
    }

    func participant(_ role: AuditCode?, isRequestor: Bool) -> AuditParticipant {
        AuditParticipant(
            userID: id, alternativeUserID: aeTitles.isEmpty ? nil : "AETITLES=" + aeTitles.joined(separator: ";"), userName: name,
            isRequestor: isRequestor, roles: role.map { [$0] } ?? [], networkAccess: place)
    }
}

/// A person, by the name of their account.
public struct AuditPerson: Hashable, Sendable {
    public var account: String
    /// Where they sat.
    public var place: AuditParticipant.NetworkAccess?

    public init(account: String, place: AuditParticipant.NetworkAccess? = nil) { (self.account, self.place) = (account, place) }

    func participant(_ role: AuditCode? = nil, isRequestor: Bool = true) -> AuditParticipant {
        AuditParticipant(userID: account, isRequestor: isRequestor, roles: role.map { [$0] } ?? [], networkAccess: place)
    }
}

/// A study that an event is about.
public struct AuditStudy: Hashable, Sendable {
    /// Study Instance UID.
    public var uid: String
    /// Patient ID. Written only where the context names patients.
    public var patient: String?
    public var accessionNumber: String?
    /// What of it was touched, by SOP class.
    public var instances: [AuditObjectDescription.Instances]
    public var isAnonymised: Bool?

    public init(
        uid: String, patient: String? = nil, accessionNumber: String? = nil, instances: [AuditObjectDescription.Instances] = [],
        isAnonymised: Bool? = nil
    ) {
        (self.uid, self.patient, self.accessionNumber) = (uid, patient, accessionNumber)
        (self.instances, self.isAnonymised) = (instances, isAnonymised)
    }
}

extension AuditContext {
    func message(
        _ id: AuditCode, _ action: AuditEventIdentification.Action, _ time: Date, _ outcome: AuditOutcome, types: [AuditCode] = [],
        _ participants: [AuditParticipant], _ objects: [AuditObject] = []
    ) -> AuditMessage {
        AuditMessage(
            event: AuditEventIdentification(id, action: action, time: time, outcome: outcome, types: types), participants: participants,
            source: source, objects: objects)
    }

    /// The studies, and their patients once each.
    func objects(_ studies: [AuditStudy], _ lifeCycle: AuditObject.LifeCycle? = nil) -> [AuditObject] {
        var patients: [String] = []
        for case let patient? in studies.map(\.patient) where !patients.contains(patient) { patients.append(patient) }
        return studies.map { study($0, lifeCycle) } + patients.flatMap(patient)
    }

    private func study(_ study: AuditStudy, _ lifeCycle: AuditObject.LifeCycle?) -> AuditObject {
        let numbers = study.accessionNumber.map { [$0] } ?? []
        let isBare = numbers.isEmpty && study.instances.isEmpty && study.isAnonymised == nil
        return AuditObject(
            id: study.uid, idType: .studyInstanceUID, kind: .system, role: .report, lifeCycle: lifeCycle,
            description: isBare
                ? nil : AuditObjectDescription(accessionNumbers: numbers, instances: study.instances, isAnonymised: study.isAnonymised))
    }

    /// The patient by their identifier, or nothing where patients are not named.
    func patient(_ identifier: String) -> [AuditObject] {
        namesPatients ? [AuditObject(id: identifier, idType: .patientNumber, kind: .person, role: .patient)] : []
    }
}
