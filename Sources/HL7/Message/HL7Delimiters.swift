/// The characters that part a message (HL7 2.5.1, 2.5.4), as its MSH-1 and MSH-2 say them. Each is one ASCII byte.
public struct HL7Delimiters: Hashable, Sendable {
    public var field: UInt8
    public var component: UInt8
    public var repetition: UInt8
    /// `nil` where MSH-2 is too short to have one: nothing is escaped then.
    public var escape: UInt8?
    public var subcomponent: UInt8?
    /// Since HL7 2.7.
    public var truncation: UInt8?

    /// `|^~\&`
    public static let standard = HL7Delimiters(
        field: UInt8(ascii: "|"), component: UInt8(ascii: "^"), repetition: UInt8(ascii: "~"), escape: UInt8(ascii: "\\"),
        subcomponent: UInt8(ascii: "&"))

    public init(
        field: UInt8, component: UInt8, repetition: UInt8, escape: UInt8?, subcomponent: UInt8?, truncation: UInt8? = nil
    ) {
        (self.field, self.component, self.repetition) = (field, component, repetition)
        (self.escape, self.subcomponent, self.truncation) = (escape, subcomponent, truncation)
    }

    /// Reads MSH-1 and MSH-2.
    /// - Parameter encoding: The bytes of MSH-2: one to five.
    /// - Throws: `HL7Error` of code `notHL7` where they cannot be delimiters.
    init(field: UInt8, encoding: some Collection<UInt8>) throws {
        let characters = Array(encoding)
        guard Self.isPossible(field) else {
            throw HL7Error(.notHL7, "MSH-1 is no delimiter", at: HL7Location(segment: "MSH", field: 1))
        }
        let all = [field] + characters
        guard (1...5).contains(characters.count), characters.allSatisfy(Self.isPossible), Set(all).count == all.count else {
            throw HL7Error(
                .notHL7, "MSH-2 has to have one to five different delimiters, such as ^~\\&", at: HL7Location(segment: "MSH", field: 2))
        }
        func character(_ place: Int) -> UInt8? { place < characters.count ? characters[place] : nil }
        // Where a sender leaves out the last ones it does not use them; the repetition is the one that is always safe to assume, unless
        // taken.
        let usual = HL7Delimiters.standard.repetition
        self.init(
            field: field, component: characters[0], repetition: character(1) ?? (all.contains(usual) ? 0 : usual),
            escape: character(2), subcomponent: character(3), truncation: character(4))
    }

    /// Letters, digits, blanks and control characters would part ordinary text.
    private static func isPossible(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// MSH-2 as it is written.
    var encoding: [UInt8] {
        var bytes = [component, repetition]
        for next in [escape, subcomponent, truncation] {
            guard let next else { break }
            bytes.append(next)
        }
        return bytes
    }

    func contains(_ byte: UInt8) -> Bool {
        byte == field || byte == component || byte == repetition || byte == subcomponent
    }
}
