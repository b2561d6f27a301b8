import Basics
import Foundation

/// A message of HL7 version 2 in its encoding by delimiters (HL7 2.5.1, chapter 2). Nothing of it is lost: each field is as it came, in
/// UTF-8.
public struct HL7Message: HL7Segments {
    public let group: HL7Group

    /// Reads a message: with the delimiters that it declares, in the character set that it declares, with segments that end with CR, CR
    /// LF or LF.
    ///
    /// Where the first segment ends with CR, a line feed elsewhere is part of a text. A byte order mark, blanks and line ends before MSH
    /// are skipped.
    /// - Parameter bytes: The message without its frame.
    /// - Throws: `HL7Error`, of which the location names the segment.
    /// - Complexity: O(n)
    public init(_ bytes: [UInt8], _ reading: HL7Reading = .standard) throws {
        let limits = reading.limits
        guard bytes.count <= limits.mostBytes else {
            throw HL7Error(.tooLarge, "the message has \(bytes.count) bytes; \(limits.mostBytes) are taken")
        }
        let raw = try Self.plain(bytes)
        let head = try HL7Head(raw)
        let characterSet: HL7CharacterSet
        let text: [UInt8]
        if raw.isASCII, !raw.contains(0x1B) {
            let declared = (try? head.characterSet()) ?? .ascii
            // It came as UTF-16 or UTF-32, or said so wrongly.
            characterSet = declared.isWide ? .utf8 : declared
            text = raw
        } else {
            (characterSet, text) = try Self.decoded(raw, head, reading)
        }
        group = try HL7Parser.parse(text, head.delimiters, characterSet, limits)
    }

    public init(_ text: String, _ reading: HL7Reading = .standard) throws { try self.init(Array(text.utf8), reading) }

    /// From MSH on, in an encoding in which ASCII is one byte a character.
    private static func plain(_ bytes: [UInt8]) throws -> [UInt8] {
        var bytes = bytes
        if TextDecoding.isWide(Data(bytes.prefix(4))) {
            guard let text = TextDecoding.utf8(Data(bytes)) else {
                throw HL7Error(.badCharacters, "the message is damaged UTF-16 or UTF-32")
            }
            bytes = Array(text)
        }
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
        return start == 0 ? bytes : Array(bytes[start...])
    }

    private static func decoded(_ raw: [UInt8], _ head: HL7Head, _ reading: HL7Reading) throws -> (HL7CharacterSet, [UInt8]) {
        if let found = head.consistent(raw, reading.badCharacters) { return found }
        var declared = try head.characterSet()
        // It came as UTF-16 or UTF-32, and is UTF-8 now.
        if declared.isWide { declared = .utf8 }
        guard declared.kind == .ascii else {
            if let text = declared.utf8(raw, reading.badCharacters) { return (declared, text) }
            throw HL7Error(
                .badCharacters, "the text is not in the character set that MSH-18 names", at: HL7Location(segment: "MSH", field: 18))
        }
        // Many senders say nothing, or ASCII, and mean the set of their country.
        if let fallback = reading.fallback {
            if let text = fallback.utf8(raw, reading.badCharacters) { return (fallback, text) }
        } else if let text = HL7CharacterSet.utf8.utf8(raw, raw.contains(0x1B) && raw.isASCII ? .replace : .refuse) {
            // No other set gives valid UTF-8 by chance.
            return (.utf8, text)
        } else if reading.badCharacters == .replace, let text = HL7CharacterSet.ascii.utf8(raw, .replace) {
            return (.ascii, text)
        }
        throw HL7Error(
            .badCharacters, "MSH-18 names no character set, and the text is neither ASCII nor in the site's fallback set",
            at: HL7Location(segment: "MSH", field: 18))
    }

    /// The message in UTF-8, with the line ends that it came with.
    public var bytes: [UInt8] { group.storage.bytes }
    public var delimiters: HL7Delimiters { group.storage.delimiters }
    /// Which it was in.
    public var characterSet: HL7CharacterSet { group.storage.characterSet }

    // MARK: What MSH says

    /// Message code and trigger event, such as `ORM` and `O01` (MSH-9).
    public var type: (code: String, event: String) {
        let field = value("MSH", 9)
        return (field?.component(1)?.leaf ?? "", field?.component(2)?.leaf ?? "")
    }
    /// MSH-10.
    public var controlID: String? { value("MSH", 10)?.leaf }
    /// MSH-12.1.
    public var version: String? { value("MSH", 12, 1)?.leaf }
}

/// What has to be known of MSH before the text can be read.
struct HL7Head {
    let delimiters: HL7Delimiters
    private let line: ArraySlice<UInt8>

    init(_ raw: [UInt8]) throws {
        guard raw.starts(with: "MSH".utf8) else {
            let isBatch = raw.starts(with: "FHS".utf8) || raw.starts(with: "BHS".utf8)
            throw HL7Error(isBatch ? .unsupported : .notHL7, isBatch ? "batches of messages are not taken" : "there is no MSH segment")
        }
        guard raw.count > 4 else { throw HL7Error(.notHL7, "the message ends within MSH") }
        line = raw.prefix { $0 != 0x0D && $0 != 0x0A }
        guard line.count > 4 else { throw HL7Error(.notHL7, "MSH has no delimiters", at: HL7Location(segment: "MSH", field: 2)) }
        delimiters = try HL7Delimiters(field: line[3], encoding: line[4...].prefix { [field = line[3]] in $0 != field }.prefix(6))
    }

    /// MSH-18; ASCII where it is empty.
    func characterSet() throws -> HL7CharacterSet {
        let fields = fields
        return fields.count > 17 ? try characterSet(fields[17]) ?? .ascii : .ascii
    }

    private var fields: [ArraySlice<UInt8>] {
        line.split(separator: delimiters.field, maxSplits: 40, omittingEmptySubsequences: false)
    }

    /// - Returns: `nil` where the field is empty.
    private func characterSet(_ field: ArraySlice<UInt8>) throws -> HL7CharacterSet? {
        let names = field.split(separator: delimiters.repetition, omittingEmptySubsequences: false)
            .map { String(decoding: $0.prefix(40), as: UTF8.self) }
        guard names.contains(where: { !$0.trimmed.isEmpty && $0 != "\"\"" }), names.count <= 20 else { return nil }
        return try HL7CharacterSet(repetitions: names)
    }

    /// The set that MSH-18 still names when the text is read in it, and the text.
    ///
    /// A character of two bytes in MSH, in a facility's name say, may have the delimiter as its second. MSH-18 seems to be a later field
    /// then.
    func consistent(_ raw: [UInt8], _ badCharacters: HL7Reading.BadCharacters) -> (HL7CharacterSet, [UInt8])? {
        for field in fields.dropFirst(17) {
            guard !field.isEmpty, let named = try? characterSet(field), named.mayHideDelimiters, let text = named.utf8(raw, badCharacters),
                let head = try? HL7Head(text), head.fields.count > 17, head.fields[17].elementsEqual(field)
            else { continue }
            return (named, text)
        }
        return nil
    }
}
