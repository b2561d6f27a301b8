import Results

/// Takes what ADT messages say of patients (HL7 2.5.1, chapter 3).
public struct PatientEventReader: Sendable {
    private let site: HL7Site

    public init(site: HL7Site = HL7Site()) { self.site = site }

    /// Events that bring a patient's values.
    private static let updates: Set<String> = [
        "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A10", "A11", "A12", "A13", "A28", "A31",
    ]
    /// Events after which an identifier is not used any more: merges of all versions, and changes of an identifier (A46, A47).
    private static let merges: Set<String> = ["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"]
    private static let links: Set<String> = ["A24", "A37"]

    public static func reads(_ message: HL7Message) -> Bool {
        let event = event(of: message)
        return message.type.code == "ADT" && (updates.contains(event) || merges.contains(event) || links.contains(event))
    }

    /// EVN-1 has the event where an old system leaves it out of MSH-9.
    private static func event(of message: HL7Message) -> String {
        let event = message.type.event
        return event.isEmpty ? message.value("EVN", 1)?.leaf ?? "" : event
    }

    /// - Throws: `HL7Error`: nothing of a message is done of which a part cannot be understood.
    public func events(in message: HL7Message) throws -> [PatientEvent] {
        let event = Self.event(of: message)
        guard message.type.code == "ADT" else {
            throw HL7Error(.unsupported, "the message is no ADT", at: HL7Location(segment: "MSH", field: 9))
        }
        let controlID = message.controlID ?? ""
        if Self.updates.contains(event) { return [.update(try update(message, event, controlID))] }
        if Self.merges.contains(event) { return try merges(message, event, controlID).map(PatientEvent.merge) }
        if Self.links.contains(event) { return [.link(try link(message, event, controlID))] }
        throw HL7Error(
            .unsupported, "the event is none that says who a patient is", at: HL7Location(segment: "MSH", field: 9, component: 2))
    }

    private var fields: PatientFields { PatientFields(site: site.patients) }

    private func identity(_ segment: HL7Segment, _ remarks: inout [String]) throws -> PatientIdentity {
        let identity = try fields.identity(segment, remarks: &remarks)
        guard identity.id != nil else {
            throw HL7Error(.missing, "the patient has no identifier", at: segment.location(3))
        }
        return identity
    }

    private func update(_ message: HL7Message, _ event: String, _ controlID: String) throws -> PatientUpdate {
        guard let pid = message.segment("PID") else { throw HL7Error(.missing, "there is no PID", at: HL7Location(segment: "PID")) }
        guard message.segment("PID", occurrence: 2) == nil else {
            throw HL7Error(.unsupported, "updates of several patients in a message", at: HL7Location(segment: "PID", occurrence: 2))
        }
        var remarks: [String] = []
        let patient = try identity(pid, &remarks)
        let places: [(PatientUpdate.Field, Int)] = [(.name, 5), (.birthDate, 7), (.sex, 8)]
        let removed = places.filter { pid.field($0.1)?.repetition(1)?.component(1)?.isNull == true }.map(\.0)
        return PatientUpdate(
            event: event, messageControlID: controlID, patient: patient, removed: Set(removed),
            visitNumber: site.orders.visit.lazy.compactMap { message.value($0)?.leaf }.first, remarks: remarks)
    }

    /// Pairs of PID and MRG, as A40 may have several of.
    private func merges(_ message: HL7Message, _ event: String, _ controlID: String) throws -> [PatientMerge] {
        var (merges, surviving): ([PatientMerge], PatientIdentity?) = ([], nil)
        var remarks: [String] = []
        for segment in message.segments {
            switch segment.name {
            case "PID":
                guard surviving == nil || merges.last?.surviving == surviving else {
                    throw HL7Error(.missing, "a PID is not followed by MRG", at: segment.location())
                }
                surviving = try identity(segment, &remarks)
            case "MRG":
                guard let surviving else { throw HL7Error(.missing, "MRG stands before PID", at: segment.location()) }
                merges.append(
                    PatientMerge(
                        event: event, messageControlID: controlID, surviving: surviving, retired: try retired(segment, of: surviving)))
            default: break
            }
        }
        guard let last = merges.last, last.surviving == surviving else {
            throw HL7Error(.missing, "there is no MRG behind PID", at: HL7Location(segment: "MRG"))
        }
        return merges
    }

    private func retired(_ segment: HL7Segment, of surviving: PatientIdentity) throws -> PatientIdentity {
        var all = PatientFields.identifiers(segment.field(1))
        // MRG-4 is the patient id of versions before 2.3.
        if all.isEmpty { all = PatientFields.identifiers(segment.field(4)) }
        // An identifier takes the place of one of the same issuer.
        let same = all.filter { ($0.issuer ?? site.patients.defaultIssuer) == surviving.issuer }
        guard let identifier = try fields.choose(same.isEmpty ? all : same, segment.location(1)) else {
            throw HL7Error(.missing, "MRG has no identifier", at: segment.location(1))
        }
        let retired = PatientIdentity(
            name: PersonName.dicom(segment.field(7)), id: identifier.id, issuer: identifier.issuer ?? site.patients.defaultIssuer)
        guard retired.id != surviving.id || retired.issuer != surviving.issuer else {
            throw HL7Error(.badValue, "the retired identifier is the surviving one", at: segment.location(1))
        }
        return retired
    }

    private func link(_ message: HL7Message, _ event: String, _ controlID: String) throws -> PatientLink {
        let segments = message.segments("PID")
        guard segments.count == 2 else {
            throw HL7Error(.missing, "a link is of two PID segments; there are \(segments.count)", at: HL7Location(segment: "PID"))
        }
        var remarks: [String] = []
        let (first, second) = (try identity(segments[0], &remarks), try identity(segments[1], &remarks))
        guard first.id != second.id || first.issuer != second.issuer else {
            throw HL7Error(.badValue, "both identifiers are the same", at: segments[1].location(3))
        }
        return PatientLink(event: event, messageControlID: controlID, first: first, second: second, isLinked: event == "A24")
    }
}
