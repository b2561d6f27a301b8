/// A field of a message, one of its repetitions, a component or a subcomponent.
public struct HL7Value: Sendable {
    enum Level: UInt8, Sendable, Comparable {
        /// MSH-1 and MSH-2, in which delimiters part nothing.
        case delimiters
        case subcomponent, component, repetition, field

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    let storage: HL7Storage
    let range: Range<Int>
    let level: Level

    public var isEmpty: Bool { range.isEmpty }
    /// Whether it is `""`: the sender says that there is no value, and that one which was there is to go. Absent says nothing.
    public var isNull: Bool { range.count == 2 && storage.bytes[range.lowerBound] == 0x22 && storage.bytes[range.lowerBound + 1] == 0x22 }

    /// As it stands in the message, in UTF-8.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[range] }
    public var raw: String { String(decoding: rawBytes, as: UTF8.self) }

    /// All of it with escape sequences replaced; delimiters within it stay as they are. `nil` where it is empty or null.
    public var text: String? {
        guard !isEmpty, !isNull else { return nil }
        guard level != .delimiters, let escape = storage.delimiters.escape, rawBytes.contains(escape) else { return raw }
        return HL7Escapes.text(rawBytes, storage.delimiters, storage.characterSet)
    }

    /// The text of the first subcomponent of the first component of the first repetition, without blanks around it. `nil` where it is
    /// empty or null.
    ///
    /// Identifiers and codes are read so: later versions gave components to what had been a plain field (HL7 2.5.1, 2.8.1).
    public var leaf: String? {
        guard let text = repetition(1)?.component(1)?.subcomponent(1)?.text?.trimmed, !text.isEmpty else { return nil }
        return text
    }

    // MARK: Parts
    // Those of a field are those of its first repetition.

    public var repetitions: [HL7Value] { parts(storage.delimiters.repetition, from: .field, .repetition) }
    public var components: [HL7Value] { parts(storage.delimiters.component, from: .repetition, .component) }
    public var subcomponents: [HL7Value] { parts(storage.delimiters.subcomponent, from: .component, .subcomponent) }

    /// - Parameter number: From 1.
    /// - Returns: `nil` where there are fewer.
    public func repetition(_ number: Int) -> HL7Value? { part(number, storage.delimiters.repetition, from: .field, .repetition) }
    public func component(_ number: Int) -> HL7Value? {
        if level == .field { return repetition(1)?.component(number) }
        return part(number, storage.delimiters.component, from: .repetition, .component)
    }
    public func subcomponent(_ number: Int) -> HL7Value? {
        if level > .component { return component(1)?.subcomponent(number) }
        return part(number, storage.delimiters.subcomponent, from: .component, .subcomponent)
    }

    /// A value at a lower level is its own first and only part.
    private func parts(_ delimiter: UInt8?, from: Level, _ inner: Level) -> [HL7Value] {
        if level > from { return repetition(1).map { inner == .component ? $0.components : $0.component(1)?.subcomponents ?? [] } ?? [] }
        guard level == from, let delimiter else { return [lowered(inner)] }
        var parts: [HL7Value] = []
        var start = range.lowerBound
        storage.bytes.withUnsafeBufferPointer { bytes in
            for place in range where bytes[place] == delimiter {
                parts.append(HL7Value(storage: storage, range: start..<place, level: inner))
                start = place + 1
            }
        }
        parts.append(HL7Value(storage: storage, range: start..<range.upperBound, level: inner))
        return parts
    }

    private func part(_ number: Int, _ delimiter: UInt8?, from: Level, _ inner: Level) -> HL7Value? {
        guard number > 0 else { return nil }
        guard level == from, let delimiter else { return number == 1 ? lowered(inner) : nil }
        var (start, left) = (range.lowerBound, number)
        return storage.bytes.withUnsafeBufferPointer { bytes in
            for place in range where bytes[place] == delimiter {
                left -= 1
                if left == 0 { return HL7Value(storage: storage, range: start..<place, level: inner) }
                start = place + 1
            }
            return left == 1 ? HL7Value(storage: storage, range: start..<range.upperBound, level: inner) : nil
        }
    }

    private func lowered(_ inner: Level) -> HL7Value { HL7Value(storage: storage, range: range, level: min(level, inner)) }
}
