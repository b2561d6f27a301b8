import Results

/// What a hospital tells about its patients.
public enum PatientEvent: Hashable, Sendable {
    case update(PatientUpdate)
    case merge(PatientMerge)
    case link(PatientLink)
}

/// A patient is called so now, from now on.
public struct PatientUpdate: Hashable, Sendable {
    public enum Field: String, Hashable, Sendable, CaseIterable { case name, birthDate, sex }

    /// The trigger event, such as `A08`.
    public var event: String
    public var messageControlID: String
    /// What is absent was not told, and stays as it is.
    public var patient: PatientIdentity
    /// What the sender says has no value any more (`""`).
    public var removed: Set<Field>
    public var visitNumber: String?
    /// What in the message could not be used, a sentence each without patient data.
    public var remarks: [String]

    public init(
        event: String, messageControlID: String, patient: PatientIdentity, removed: Set<Field> = [], visitNumber: String? = nil,
        remarks: [String] = []
    ) {
        (self.event, self.messageControlID, self.patient, self.removed) = (event, messageControlID, patient, removed)
        (self.visitNumber, self.remarks) = (visitNumber, remarks)
    }

    /// An identity with what is told here in place of what was known.
    public func applied(to known: PatientIdentity) -> PatientIdentity {
        var result = known
        result.name = removed.contains(.name) ? nil : patient.name ?? known.name
        result.birthDate = removed.contains(.birthDate) ? nil : patient.birthDate ?? known.birthDate
        result.sex = removed.contains(.sex) ? nil : patient.sex ?? known.sex
        return result
    }
}

/// Two identifiers are one person: what was under the retired one belongs to the other.
public struct PatientMerge: Hashable, Sendable {
    public var event: String
    public var messageControlID: String
    /// With name, birth date and sex as the message has them.
    public var surviving: PatientIdentity
    /// Identifier and issuer, and the former name where it is told.
    public var retired: PatientIdentity

    public init(event: String, messageControlID: String, surviving: PatientIdentity, retired: PatientIdentity) {
        (self.event, self.messageControlID, self.surviving, self.retired) = (event, messageControlID, surviving, retired)
    }

    /// Of the retired identifier.
    public var issuer: String? { retired.issuer }
}

/// Two identifiers are one person, or are not after all; both stay.
public struct PatientLink: Hashable, Sendable {
    public var event: String
    public var messageControlID: String
    public var first: PatientIdentity
    public var second: PatientIdentity
    /// `false` where an earlier link was wrong (A37).
    public var isLinked: Bool

    public init(event: String, messageControlID: String, first: PatientIdentity, second: PatientIdentity, isLinked: Bool) {
        (self.event, self.messageControlID, self.first, self.second, self.isLinked) = (event, messageControlID, first, second, isLinked)
    }
}
