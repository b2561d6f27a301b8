/// The text of a message and where its segments and fields begin, shared by all views of it.
final class HL7Storage: Sendable {
    /// In UTF-8.
    let bytes: [UInt8]
    let delimiters: HL7Delimiters
    let characterSet: HL7CharacterSet
    let segments: [Segment]
    /// Where each field begins, the name of the segment being field 0; of one segment after the other.
    let fieldStarts: [UInt32]

    struct Segment: Sendable {
        /// The three letters of the name, as a number.
        var name: UInt32
        /// Of its name in `fieldStarts`.
        var first: Int
        /// How many fields, its name included.
        var count: Int
        /// In `bytes`, behind its last byte.
        var end: Int
    }

    init(bytes: [UInt8], delimiters: HL7Delimiters, characterSet: HL7CharacterSet, segments: [Segment], fieldStarts: [UInt32]) {
        (self.bytes, self.delimiters, self.characterSet) = (bytes, delimiters, characterSet)
        (self.segments, self.fieldStarts) = (segments, fieldStarts)
    }

    static let header = key("MSH")

    /// A segment's name as a number; 0 where it is none.
    static func key(_ name: String) -> UInt32 {
        var (key, count) = (UInt32(0), 0)
        for byte in name.utf8 {
            key = key << 8 | UInt32(byte)
            count += 1
        }
        return count == 3 ? key : 0
    }

    /// The bytes of a field.
    /// - Parameter number: From 1, as the standard counts: MSH-1 is the delimiter itself.
    func field(_ number: Int, of segment: Segment) -> Range<Int>? {
        guard number > 0 else { return nil }
        var piece = number
        if segment.name == Self.header {
            if number == 1 {
                let place = Int(fieldStarts[segment.first]) + 3
                return place..<(place + 1)
            }
            piece -= 1
        }
        guard piece < segment.count else { return nil }
        let start = Int(fieldStarts[segment.first + piece])
        let end = piece + 1 < segment.count ? Int(fieldStarts[segment.first + piece + 1]) - 1 : segment.end
        return start..<end
    }

    /// The number of the last field.
    func fieldCount(of segment: Segment) -> Int { segment.name == Self.header ? segment.count : segment.count - 1 }
}
