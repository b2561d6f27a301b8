/// How much of a message is taken. A sender that is out of order must not fill the memory.
public struct HL7Limits: Hashable, Sendable {
    /// Of a message, in bytes.
    public var mostBytes: Int
    public var mostSegments: Int
    /// Of all segments together.
    public var mostFields: Int

    /// Room for a report with a picture inside.
    public static let standard = HL7Limits(mostBytes: 16 << 20, mostSegments: 50_000, mostFields: 1_000_000)

    public init(mostBytes: Int, mostSegments: Int, mostFields: Int) {
        // Offsets are kept in 32 bits.
        self.mostBytes = min(max(mostBytes, 0), 1 << 30)
        (self.mostSegments, self.mostFields) = (mostSegments, mostFields)
    }
}

/// How a message is read.
public struct HL7Reading: Hashable, Sendable {
    public enum BadCharacters: String, Hashable, Sendable, CaseIterable {
        /// Bytes that are not in the message's character set are an error.
        case refuse
        /// Each becomes U+FFFD.
        case replace
    }

    public var limits: HL7Limits
    /// What is taken where MSH-18 is absent or says ASCII, and not all of the message is.
    public var fallback: HL7CharacterSet?
    public var badCharacters: BadCharacters

    public static let standard = HL7Reading()

    public init(limits: HL7Limits = .standard, fallback: HL7CharacterSet? = nil, badCharacters: BadCharacters = .refuse) {
        (self.limits, self.fallback, self.badCharacters) = (limits, fallback, badCharacters)
    }
}
