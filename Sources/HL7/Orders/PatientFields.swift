import Results

/// Reads a patient out of PID.
struct PatientFields {
    let site: HL7Site.Patients

    /// An identifier of a list of data type CX.
    struct Identifier: Hashable {
        var id: String
        var issuer: String?
        var universalIssuer: String?
        var type: String?
    }

    /// - Parameter remarks: Takes what could not be used, without patient data.
    /// - Throws: `HL7Error` of code `missing` where no identifier is of the site's authority.
    func identity(_ segment: HL7Segment, remarks: inout [String]) throws -> PatientIdentity {
        let identifier = try identifier(segment)
        return PatientIdentity(
            name: PersonName.dicom(segment.field(5)), id: identifier?.id, issuer: identifier?.issuer ?? site.defaultIssuer,
            birthDate: birthDate(segment, &remarks), sex: sex(segment, &remarks))
    }

    /// The identifier by which the images know the patient: PID-3, or PID-2 where an old system has it there.
    func identifier(_ segment: HL7Segment) throws -> Identifier? {
        var all = Self.identifiers(segment.field(3))
        if all.isEmpty { all = Self.identifiers(segment.field(2)) }
        return try choose(all, segment.location(3))
    }

    func choose(_ all: [Identifier], _ location: HL7Location) throws -> Identifier? {
        guard !all.isEmpty else { return nil }
        var candidates = all
        if let authority = site.authority {
            candidates = all.filter { ($0.issuer ?? site.defaultIssuer) == authority || $0.universalIssuer == authority }
            guard !candidates.isEmpty else {
                throw HL7Error(
                    .missing, "no identifier in \(location.segment)-\(location.field ?? 1) is of the site's authority", at: location)
            }
        }
        for type in site.types {
            if let match = candidates.first(where: { $0.type == type }) { return match }
        }
        return candidates.first
    }

    static func identifiers(_ field: HL7Value?) -> [Identifier] {
        (field?.repetitions ?? []).compactMap { repetition in
            guard let id = repetition.component(1)?.leaf else { return nil }
            let authority = repetition.component(4)
            let universal = authority?.subcomponent(2)?.text?.trimmed
            return Identifier(
                id: id, issuer: authority?.leaf ?? universal, universalIssuer: universal, type: repetition.component(5)?.leaf)
        }
    }

    private func birthDate(_ segment: HL7Segment, _ remarks: inout [String]) -> String? {
        guard let text = segment.value(7, 1)?.leaf else { return nil }
        let day = HL7Time.day(text)
        if day == nil { remarks.append("PID-7 is no whole date") }
        return day
    }

    private func sex(_ segment: HL7Segment, _ remarks: inout [String]) -> String? {
        guard let text = segment.value(8, 1)?.leaf else { return nil }
        switch text.uppercased() {
        case "F": return "F"
        case "M": return "M"
        // Other, ambiguous, not applicable (HL7 table 0001); DICOM has one word for them.
        case "O", "A", "N": return "O"
        case "U": return nil
        default:
            remarks.append("PID-8 is none of HL7's table 0001")
            return nil
        }
    }
}
