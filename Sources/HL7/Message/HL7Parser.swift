/// Finds the segments and fields of a message in one pass.
enum HL7Parser {
    static func parse(
        _ bytes: [UInt8], _ delimiters: HL7Delimiters, _ characterSet: HL7CharacterSet, _ limits: HL7Limits
    ) throws -> HL7Group {
        var segments: [HL7Storage.Segment] = []
        var starts: [UInt32] = []
        segments.reserveCapacity(16)
        starts.reserveCapacity(bytes.count / 8 + 16)
        try bytes.withUnsafeBufferPointer { text in
            // The first line end tells which the sender uses.
            let endsWithReturn = text.first { $0 == 0x0D || $0 == 0x0A } != 0x0A
            var place = 0
            while place < text.count {
                // Line feeds behind returns, empty lines and blanks at the end are nothing.
                if text[place] == 0x0D || text[place] == 0x0A {
                    place += 1
                    continue
                }
                let start = place
                let first = starts.count
                starts.append(UInt32(truncatingIfNeeded: start))
                while place < text.count {
                    let byte = text[place]
                    if byte == 0x0D || (byte == 0x0A && !endsWithReturn) { break }
                    place += 1
                    if byte == delimiters.field { starts.append(UInt32(truncatingIfNeeded: place)) }
                }
                let end = place
                if starts.count == first + 1, text[start..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0 }) {
                    starts.removeLast()
                    continue
                }
                let nameEnd = starts.count > first + 1 ? Int(starts[first + 1]) - 1 : end
                guard let name = name(text[start..<nameEnd]) else {
                    throw HL7Error(.malformed, "line \(segments.count + 1) does not begin with the name of a segment")
                }
                guard name != HL7Storage.header || segments.isEmpty else {
                    throw HL7Error(
                        .malformed, "a second MSH: segment \(segments.count + 1)", at: HL7Location(segment: "MSH", occurrence: 2))
                }
                segments.append(.init(name: name, first: first, count: starts.count - first, end: end))
                guard segments.count <= limits.mostSegments else {
                    throw HL7Error(.tooLarge, "more than \(limits.mostSegments) segments")
                }
                guard starts.count <= limits.mostFields else { throw HL7Error(.tooLarge, "more than \(limits.mostFields) fields") }
            }
        }
        let storage = HL7Storage(
            bytes: bytes, delimiters: delimiters, characterSet: characterSet, segments: segments, fieldStarts: starts)
        return HL7Group(storage: storage, range: 0..<segments.count)
    }

    /// A capital letter, then two capital letters or digits.
    private static func name(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
        var (key, count) = (UInt32(0), 0)
        for byte in bytes {
            let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            guard count < 3, isLetter || count > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            key = key << 8 | UInt32(byte)
            count += 1
        }
        return count == 3 ? key : nil
    }
}
