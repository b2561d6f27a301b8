/// A concept by a code of a coding scheme (DICOM PS3.3, 8.8; the same in HL7's CE and FHIR's Coding).
public struct ConceptCode: Hashable, Sendable, Codable {
    /// Code Value.
    public var value: String
    /// Coding Scheme Designator as DICOM writes it: `SCT`, `DCM`, `RADLEX`, `UCUM`, `LN`, `99PLEURA`.
    public var scheme: String
    /// Code Meaning.
    public var meaning: String

    public init(_ value: String, _ scheme: String, _ meaning: String) { (self.value, self.scheme, self.meaning) = (value, scheme, meaning) }
}
