/// A system of codes, by the names that the standards have for it.
public struct CodingScheme: Hashable, Sendable, Codable {
    /// Coding Scheme Designator (0008,0102) of DICOM; HL7's table 0396 has the same for these.
    public var designator: String
    public var name: String
    /// Coding Scheme UID (0008,010C).
    public var uid: String?
    /// The `system` of a FHIR Coding.
    public var uri: String

    /// The designator of codes that no published scheme has: those that begin with 99 are private (PS3.3, 8.2).
    public static let local = "99PLEURA"

    public init(designator: String, name: String, uid: String? = nil, uri: String) {
        (self.designator, self.name, self.uid, self.uri) = (designator, name, uid, uri)
    }
}
