import Results

/// Takes the orders out of a message: ORM^O01, OMI^O23, OMG^O19, and ORU^R01, by which some systems tell of an order.
public struct OrderReader: Sendable {
    private let site: HL7Site

    /// - Parameter site: Says where the values stand.
    public init(site: HL7Site = HL7Site()) { self.site = site }

    public static func reads(_ message: HL7Message) -> Bool {
        ["ORM", "OMI", "OMG", "ORU"].contains(message.type.code)
    }

    /// The orders of a message, in order: one for each OBR, with the ORC that stands before it.
    /// - Throws: `HL7Error` where the message is another, has no order or no PID, or an order has no number at all by which it could be
    ///   found again.
    public func orders(in message: HL7Message) throws -> [Order] {
        guard Self.reads(message) else {
            throw HL7Error(.unsupported, "the message is none of ORM, OMI, OMG and ORU", at: HL7Location(segment: "MSH", field: 9))
        }
        guard let pid = message.segment("PID") else { throw HL7Error(.missing, "there is no PID", at: HL7Location(segment: "PID")) }
        guard message.segments("PID").count == 1 else {
            throw HL7Error(.unsupported, "orders of several patients in a message", at: HL7Location(segment: "PID", occurrence: 2))
        }
        var remarks: [String] = []
        let patient = try PatientFields(site: site.patients).identity(pid, remarks: &remarks)
        let groups = message.groups(startingAt: ["ORC", "OBR"], continuing: ["OBR": ["ORC"]])
        guard !groups.isEmpty else { throw HL7Error(.missing, "there is neither ORC nor OBR", at: HL7Location(segment: "ORC")) }
        // IHE's ZDS tells of the study of all orders in the message (RAD TF-2, 4.4.4.1.2.2) and stands behind the last.
        let shared = message.segments("ZDS").count == 1 && groups.last?.segment("ZDS") != nil ? message.group : nil
        return try groups.map { group in
            try order(group, in: message, patient: patient, remarks: remarks, shared: shared)
        }
    }

    private func order(
        _ group: HL7Group, in message: HL7Message, patient: PatientIdentity, remarks: [String], shared: HL7Group?
    ) throws -> Order {
        func value(_ path: HL7Path) -> HL7Value? {
            if let value = group.value(path), !value.isEmpty, !value.isNull { return value }
            // The header, patient and visit are the whole message's.
            if ["MSH", "PID", "PD1", "PV1", "PV2"].contains(path.segment) { return message.value(path) }
            return path.segment == "ZDS" ? shared?.value(path) : nil
        }
        func leaf(_ paths: [HL7Path]) -> String? {
            for path in paths { if let text = value(path)?.leaf { return text } }
            return nil
        }
        let control = group.value("ORC", 1)?.leaf?.uppercased()
        var order = Order(
            messageControlID: message.controlID ?? "", action: Self.action(control, message.type.code), patient: patient)
        order.control = control
        order.remarks = remarks
        order.status = group.value("ORC", 5)?.leaf
        order.placerNumber = leaf(site.orders.placer)
        order.fillerNumber = leaf(site.orders.filler)
        order.accessionNumber = leaf(site.orders.accession)
        order.visitNumber = leaf(site.orders.visit)
        let uid = leaf(site.orders.studyUID)
        order.studyInstanceUID = uid.flatMap { Self.isUID($0) ? $0 : nil }
        if uid != order.studyInstanceUID { order.remarks.append("the Study Instance UID is none") }
        if let accession = order.accessionNumber, accession.count > 16 {
            order.remarks.append("the accession number is longer than the 16 characters that DICOM has for it")
        }
        if let text = leaf(site.orders.scheduled) {
            order.scheduled = HL7Time.moment(text, zone: site.timeZone)
            if order.scheduled == nil { order.remarks.append("the scheduled time is none") }
        }
        readUrgency(&order, value)
        order.indication = indication(group)
        if let procedure = value(site.orders.procedure) {
            order.procedureCode = procedure.component(1)?.leaf ?? procedure.component(4)?.leaf
            order.procedureText = procedure.component(2)?.text ?? procedure.component(5)?.text
            order.procedureScheme = procedure.component(1)?.leaf == nil ? procedure.component(6)?.leaf : procedure.component(3)?.leaf
        }
        guard order.placerNumber != nil || order.fillerNumber != nil || order.accessionNumber != nil || order.studyInstanceUID != nil else {
            let location = group.segments.first?.location() ?? HL7Location(segment: "ORC")
            throw HL7Error(.missing, "the order has no placer, filler or accession number and no Study Instance UID", at: location)
        }
        return order
    }

    private static func action(_ control: String?, _ code: String) -> Order.Action {
        switch control {
        case "NW", "SN", "RO", "RP", "RL", "CH": .place
        case "XO", "XX", "XR", "SC", "PA", "AF": .change
        case "CA", "OC", "CR", "DC", "OD", "DR": .cancel
        case nil: code == "ORU" ? .inform : .place
        default: .inform
        }
    }

    /// The most urgent word of all places: a study is rather read too soon than too late.
    private func readUrgency(_ order: inout Order, _ value: (HL7Path) -> HL7Value?) {
        var unknown: [String] = []
        for path in site.orders.urgency {
            // Each repetition of a timing may have its own.
            for repetition in 1...20 {
                var path = path
                path.repetition = repetition
                guard let found = value(path) else { break }
                guard let word = found.leaf?.uppercased() else { continue }
                if site.orders.statWords.contains(word) {
                    order.urgency = .stat
                } else if !site.orders.routineWords.contains(word) {
                    // Timing critical within a time: TM10 is within ten minutes (table 0485).
                    let isTimed = word.first == "T" && word.dropFirst().drop { "SMHDWL".contains($0) }.allSatisfy(\.isNumber)
                    if isTimed, site.orders.statWords.contains("T") { order.urgency = .stat } else { unknown.append(path.description) }
                }
            }
        }
        for path in unknown { order.remarks.append("the urgency at \(path) is a word that the site's file does not have") }
    }

    private func indication(_ group: HL7Group) -> String? {
        var texts: [String] = []
        for path in site.orders.indication {
            guard let field = group.segment(path.segment, occurrence: path.occurrence)?.field(path.field) else { continue }
            for repetition in field.repetitions {
                let text: String?
                if let component = path.component {
                    text = repetition.component(component)?.text
                } else if repetition.components.count > 1 {
                    // A code: its words rather than itself.
                    text = [2, 5, 9, 1].lazy.compactMap { repetition.component($0)?.text }.first
                } else {
                    text = repetition.text
                }
                if let text = text?.trimmed, !text.isEmpty, !texts.contains(text) { texts.append(text) }
            }
        }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }

    /// PS3.5, 9.1.
    static func isUID(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 64 && parts.count > 1
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part.count == 1 || part.first != "0")
            }
    }
}
