/// Who a patient is (DICOM Patient module, PS3.3 C.7.1.1), as the files say it. Text that a person typed: of any length and in any script.
///
/// Its description and its reflection show nothing, so that no log, no error and no crash report repeats it by accident.
public struct PatientIdentity: Hashable, Sendable, Codable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Patient's Name (0010,0010), such as `DOE^JANE`.
    public var name: String?
    /// Patient ID (0010,0020).
    public var id: String?
    /// Issuer of Patient ID (0010,0021): two hospitals may give one number to two people.
    public var issuer: String?
    /// Patient's Birth Date (0010,0030) as `YYYY-MM-DD`.
    public var birthDate: String?
    /// Patient's Sex (0010,0040): `F`, `M` or `O`.
    public var sex: String?

    public init(name: String? = nil, id: String? = nil, issuer: String? = nil, birthDate: String? = nil, sex: String? = nil) {
        (self.name, self.id, self.issuer, self.birthDate, self.sex) = (name, id, issuer, birthDate, sex)
    }

    public var description: String { "a patient" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
