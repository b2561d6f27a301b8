/// The text of a field that is to be written, not escaped.
public struct HL7FieldText: Hashable, Sendable, ExpressibleByStringLiteral {
    public typealias Component = [String]
    public typealias Repetition = [Component]

    /// Each of components of subcomponents.
    public var repetitions: [Repetition]

    public init(repetitions: [Repetition] = []) { self.repetitions = repetitions }
    /// One component; empty where there is none.
    public init(_ text: String?) { repetitions = text.map { [[[$0]]] } ?? [] }
    public init(stringLiteral text: String) { self.init(text) }

    public static func components(_ components: String?...) -> HL7FieldText { HL7FieldText(repetitions: [components.map { [$0 ?? ""] }]) }

    public var isEmpty: Bool { repetitions.allSatisfy { $0.allSatisfy { $0.allSatisfy(\.isEmpty) } } }

    /// Puts a text at a place of it, all numbers from 1.
    mutating func set(_ text: String, repetition: Int, component: Int?, subcomponent: Int?) {
        while repetitions.count < repetition { repetitions.append([]) }
        guard let component else {
            repetitions[repetition - 1] = [[text]]
            return
        }
        while repetitions[repetition - 1].count < component { repetitions[repetition - 1].append([""]) }
        guard let subcomponent else {
            repetitions[repetition - 1][component - 1] = [text]
            return
        }
        while repetitions[repetition - 1][component - 1].count < subcomponent { repetitions[repetition - 1][component - 1].append("") }
        repetitions[repetition - 1][component - 1][subcomponent - 1] = text
    }

    func write(_ delimiters: HL7Delimiters, into bytes: inout [UInt8]) {
        for (number, repetition) in repetitions.enumerated() {
            if number > 0 { bytes.append(delimiters.repetition) }
            let components = Self.trimmed(repetition) { $0.allSatisfy(\.isEmpty) }
            for (number, component) in components.enumerated() {
                if number > 0 { bytes.append(delimiters.component) }
                for (number, text) in Self.trimmed(component, \.isEmpty).enumerated() {
                    if number > 0 { bytes.append(delimiters.subcomponent ?? UInt8(ascii: "&")) }
                    HL7Escapes.escaped(text, delimiters, into: &bytes)
                }
            }
        }
    }

    /// Without what is empty at the end.
    static func trimmed<Part>(_ parts: [Part], _ isEmpty: (Part) -> Bool) -> ArraySlice<Part> {
        var end = parts.count
        while end > 0, isEmpty(parts[end - 1]) { end -= 1 }
        return parts[..<end]
    }
}

/// A segment that is to be written.
public struct HL7SegmentText: Hashable, Sendable {
    /// Three letters.
    public var name: String
    private var fields: [HL7FieldText] = []

    public init(_ name: String) { self.name = name }

    /// - Parameter number: From 1, as the standard counts. MSH-1 and MSH-2 are written as the message's delimiters, whatever is put here.
    public subscript(_ number: Int) -> HL7FieldText {
        get { number >= 1 && number <= fields.count ? fields[number - 1] : HL7FieldText() }
        set {
            guard number >= 1 else { return }
            while fields.count < number { fields.append(HL7FieldText()) }
            fields[number - 1] = newValue
        }
    }

    func write(_ delimiters: HL7Delimiters, into bytes: inout [UInt8]) {
        bytes += name.utf8
        var rest = HL7FieldText.trimmed(fields, \.isEmpty)
        if name == "MSH" {
            bytes.append(delimiters.field)
            bytes += delimiters.encoding
            rest = rest.dropFirst(2)
        }
        for field in rest {
            bytes.append(delimiters.field)
            field.write(delimiters, into: &bytes)
        }
        bytes.append(0x0D)
    }
}

/// A message that is to be written.
public struct HL7MessageText: Hashable, Sendable {
    public var segments: [HL7SegmentText]
    public var delimiters: HL7Delimiters
    public var characterSet: HL7CharacterSet

    public init(_ segments: [HL7SegmentText], delimiters: HL7Delimiters = .standard, characterSet: HL7CharacterSet = .utf8) {
        (self.segments, self.delimiters, self.characterSet) = (segments, delimiters, characterSet)
    }

    /// The message, each segment ended with a carriage return.
    /// - Throws: `HL7Error` of code `badCharacters` where a character is not in the message's set: it names the segment.
    public func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var counts: [String: Int] = [:]
        for segment in segments {
            counts[segment.name, default: 0] += 1
            var text: [UInt8] = []
            segment.write(delimiters, into: &text)
            guard let encoded = characterSet.encoded(text) else {
                throw HL7Error(
                    .badCharacters, "a character does not fit into the character set \(characterSet.name)",
                    at: HL7Location(segment: segment.name, occurrence: counts[segment.name] ?? 1))
            }
            bytes += encoded
        }
        return bytes
    }

    /// The segments that surround others in a result, in their order.
    private static let order = ["MSH", "SFT", "PID", "PD1", "PV1", "PV2", "ORC", "OBR", "NTE", "TQ1", "TQ2", "OBX"]

    /// A segment by its name; it is put into its place where it is not there.
    mutating func change(_ name: String, occurrence: Int = 1, _ body: (inout HL7SegmentText) -> Void) {
        var left = occurrence
        for index in segments.indices where segments[index].name == name {
            left -= 1
            if left == 0 { return body(&segments[index]) }
        }
        if occurrence == 1 {
            var segment = HL7SegmentText(name)
            body(&segment)
            let place = Self.order.firstIndex(of: name) ?? Self.order.count
            let last = segments.lastIndex { (Self.order.firstIndex(of: $0.name) ?? Self.order.count) <= place }
            segments.insert(segment, at: last.map { $0 + 1 } ?? 0)
        }
    }
}
