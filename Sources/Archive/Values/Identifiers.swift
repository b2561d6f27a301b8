import Basics

/// Names a study within the archive. It is made from the Study Instance UID and tells nothing about the patient, so it may stand in an address.
public struct StudyID: RawRepresentable, Hashable, Sendable, Codable {
    /// 32 hexadecimal digits.
    public let rawValue: String

    /// - Returns: `nil` for what is no identifier.
    public init?(rawValue: String) {
        guard ArchiveIdentifier.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// - Parameter uid: Study Instance UID (0020,000D).
    public init(ofUID uid: String) { rawValue = ArchiveIdentifier.digits(of: "study " + uid) }
}

/// Names an instance within the archive. It is made from the digest of its bytes, so the same file is the same instance.
public struct InstanceID: RawRepresentable, Hashable, Sendable, Codable {
    /// 32 hexadecimal digits.
    public let rawValue: String

    /// - Returns: `nil` for what is no identifier.
    public init?(rawValue: String) {
        guard ArchiveIdentifier.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// - Parameter digest: SHA-256 of the bytes as they were received, in hexadecimal.
    public init(ofContent digest: String) { rawValue = ArchiveIdentifier.digits(of: "instance " + digest) }
}

/// Half of a SHA-256: 128 bits, which nobody guesses and which do not collide.
private enum ArchiveIdentifier {
    static func digits(of text: String) -> String { String(Digest(of: text).hexadecimal.prefix(32)) }

    static func isValid(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
