extension PatientIdentity {
    /// Whether two are one patient's by number: the same Patient ID of the same issuer. Without a number nobody can know.
    public func hasSameNumber(as other: PatientIdentity) -> Bool {
        guard let id, !id.isEmpty else { return false }
        return id == other.id && (issuer ?? "") == (other.issuer ?? "")
    }

    /// With what another says where this one says nothing. An issuer goes with its number.
    public func filled(from other: PatientIdentity) -> PatientIdentity {
        PatientIdentity(
            name: name ?? other.name, id: id ?? other.id, issuer: id == nil ? other.issuer : issuer,
            birthDate: birthDate ?? other.birthDate,
            sex: sex ?? other.sex)
    }
}
