import Foundation
import Terminology

/// What happened, for `R4.AuditEvent`: who, what, when, how it ended, on which study. No patient is named.
public struct AuditFacts: Hashable, Sendable {
    /// As DICOM's audit messages name events (PS3.15 A.5.3).
    public enum Event: String, Hashable, Sendable, CaseIterable {
        case applicationActivity, dataExport, dataImport, instancesAccessed, instancesTransferred, studyDeleted, query, securityAlert
        case userAuthentication

        /// Event ID (PS3.16, CID 400).
        var code: ConceptCode {
            switch self {
            case .applicationActivity: ConceptCode("110100", "DCM", "Application Activity")
            case .dataExport: ConceptCode("110106", "DCM", "Export")
            case .dataImport: ConceptCode("110107", "DCM", "Import")
            case .instancesAccessed: ConceptCode("110103", "DCM", "DICOM Instances Accessed")
            case .instancesTransferred: ConceptCode("110104", "DCM", "DICOM Instances Transferred")
            case .studyDeleted: ConceptCode("110105", "DCM", "DICOM Study Deleted")
            case .query: ConceptCode("110112", "DCM", "Query")
            case .securityAlert: ConceptCode("110113", "DCM", "Security Alert")
            case .userAuthentication: ConceptCode("110114", "DCM", "User Authentication")
            }
        }
    }

    public var event: Event
    public var action: R4.AuditEvent.Action
    public var outcome: R4.AuditEvent.Outcome
    public var time: Date
    /// The account or the peer.
    public var who: String
    /// Whether `who` is a person, not a system.
    public var isPerson: Bool
    /// The network address that it came from.
    public var address: String?
    /// Study Instance UID.
    public var study: String?
    /// Names this installation.
    public var source: String
    /// One line, without patient data.
    public var reason: String?

    public init(
        event: Event, action: R4.AuditEvent.Action, outcome: R4.AuditEvent.Outcome, time: Date, who: String, isPerson: Bool,
        address: String? = nil, study: String? = nil, source: String, reason: String? = nil
    ) {
        (self.event, self.action, self.outcome, self.time) = (event, action, outcome, time)
        (self.who, self.isPerson, self.address, self.study) = (who, isPerson, address, study)
        (self.source, self.reason) = (source, reason)
    }

    public func resource(_ terminology: Terminology = .standard) -> R4.AuditEvent {
        var agent = R4.AuditEvent.Agent(
            who: R4.Reference(type: isPerson ? "Practitioner" : "Device", display: PlainText.line(who) ?? "unknown"), requestor: true)
        // PS3.16, CID 402 has roles of agents; a person has none of them.
        if !isPerson { agent.type = R4.CodeableConcept(ConceptCode("110150", "DCM", "Application"), terminology) }
        agent.network = PlainText.line(address).map { R4.AuditEvent.Agent.Network(address: $0, type: .address) }
        let observer = R4.Reference(type: "Device", display: PlainText.line(source) ?? "pleura")
        let kinds = "http://terminology.hl7.org/CodeSystem/security-source-type"
        var audit = R4.AuditEvent(
            type: R4.Coding(event.code, terminology), recorded: R4.Instant(time), agent: [agent],
            source: R4.AuditEvent.Source(observer: observer, type: [R4.Coding(system: kinds, code: "4", display: "Application Server")]))
        audit.action = action
        audit.outcome = outcome
        audit.outcomeDesc = PlainText.line(reason)
        if let study {
            let identifier = R4.Identifier(system: ResultResources.dicomUID, value: "urn:oid:" + study)
            audit.entity = [
                R4.AuditEvent.Entity(
                    what: R4.Reference(type: "ImagingStudy", identifier: identifier),
                    type: R4.Coding(system: "http://terminology.hl7.org/CodeSystem/audit-entity-type", code: "2", display: "System Object"),
                    role: R4.Coding(system: "http://terminology.hl7.org/CodeSystem/object-role", code: "3", display: "Report"))
            ]
        }
        return audit
    }
}
