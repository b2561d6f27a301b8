import Basics
import Foundation

extension AuditMessage {
    /// The message as XML in UTF-8, in the order of the schema (PS3.15 A.5.1). Equal messages are equal bytes.
    public var xml: Data {
        var writer = XMLLines()
        writer.element("AuditMessage") { writer in
            event.write(to: &writer)
            for participant in participants { participant.write(to: &writer) }
            source.write(to: &writer)
            for object in objects { object.write(to: &writer) }
        }
        return Data("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\(writer.text)".utf8)
    }
}

/// Elements in a row without white space between them: a message of syslog is one line.
struct XMLLines {
    private(set) var text = ""

    /// - Parameter attributes: Those whose value is `nil` are left out.
    mutating func element(_ name: String, _ attributes: [(String, String?)] = [], _ content: ((inout XMLLines) -> Void)? = nil) {
        text += "<\(name)"
        for case (let attribute, let value?) in attributes { text += " \(attribute)=\"\(MarkupText.escaped(value))\"" }
        guard let content else { return text += "/>" }
        text += ">"
        content(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: String, _ attributes: [(String, String?)] = [], containing value: String) {
        element(name, attributes) { $0.text += MarkupText.escaped(value) }
    }

    mutating func element(_ name: String, _ code: AuditCode) {
        element(name, [("csd-code", code.code), ("codeSystemName", code.system), ("originalText", code.meaning)])
    }
}

extension AuditEventIdentification {
    fileprivate func write(to writer: inout XMLLines) {
        let attributes = [
            ("EventActionCode", action.rawValue), ("EventDateTime", UniversalTime.text(of: time)),
            ("EventOutcomeIndicator", String(outcome.indicator.rawValue)),
        ]
        writer.element("EventIdentification", attributes) { writer in
            writer.element("EventID", id)
            for type in types { writer.element("EventTypeCode", type) }
            if let reason = outcome.reason { writer.element("EventOutcomeDescription", containing: reason) }
        }
    }
}

extension AuditParticipant {
    fileprivate func write(to writer: inout XMLLines) {
        let place: (id: String, type: String)? =
            switch networkAccess {
            case .machineName(let name): (name, "1")
            case .address(let address): (address, "2")
            case .uri(let uri): (uri, "5")
            case nil: nil
            }
        let attributes = [
            ("UserID", userID), ("AlternativeUserID", alternativeUserID), ("UserName", userName),
            ("UserIsRequestor", isRequestor ? "true" : "false"),
            ("NetworkAccessPointID", place?.id), ("NetworkAccessPointTypeCode", place?.type),
        ]
        writer.element("ActiveParticipant", attributes) { writer in
            for role in roles { writer.element("RoleIDCode", role) }
            if let mediaType { writer.element("MediaIdentifier") { $0.element("MediaType", mediaType) } }
        }
    }
}

extension AuditSource {
    fileprivate func write(to writer: inout XMLLines) {
        writer.element("AuditSourceIdentification", [("AuditEnterpriseSiteID", enterpriseSite), ("AuditSourceID", id)]) { writer in
            for kind in kinds { writer.element("AuditSourceTypeCode", [("csd-code", String(kind.rawValue))]) }
        }
    }
}

extension AuditObject {
    fileprivate func write(to writer: inout XMLLines) {
        let attributes = [
            ("ParticipantObjectID", id), ("ParticipantObjectTypeCode", String(kind.rawValue)),
            ("ParticipantObjectTypeCodeRole", role.map { String($0.rawValue) }),
            ("ParticipantObjectDataLifeCycle", lifeCycle.map { String($0.rawValue) }),
        ]
        writer.element("ParticipantObjectIdentification", attributes) { writer in
            writer.element("ParticipantObjectIDTypeCode", idType)
            switch content {
            case .name(let name): writer.element("ParticipantObjectName", containing: name)
            case .query(let query): writer.element("ParticipantObjectQuery", containing: query.base64EncodedString())
            }
            for detail in details {
                writer.element("ParticipantObjectDetail", [("type", detail.type), ("value", detail.value.base64EncodedString())])
            }
            description?.write(to: &writer)
        }
    }
}

extension AuditObjectDescription {
    fileprivate func write(to writer: inout XMLLines) {
        writer.element("ParticipantObjectDescription") { writer in
            for number in accessionNumbers { writer.element("Accession", [("Number", number)]) }
            for instances in instances {
                writer.element("SOPClass", [("UID", instances.classUID), ("NumberOfInstances", String(instances.count))]) { writer in
                    for uid in instances.uids { writer.element("Instance", [("UID", uid)]) }
                }
            }
            if let isAnonymised { writer.element("Anonymized", containing: isAnonymised ? "true" : "false") }
        }
    }
}
