import Foundation

/// How the headers of elements lie (PS3.5 section 7.1): byte order, and whether each says its VR.
struct ElementEncoding: Hashable {
    var isBig: Bool
    var isExplicit: Bool

    /// What stands inside an element of unknown VR, whatever the dataset around it is encoded in (PS3.5 section 6.2.2, CP-246).
    static let implicitLittle = ElementEncoding(isBig: false, isExplicit: false)

    /// The length that says that a delimiter ends the value.
    static let undefinedLength = 0xFFFF_FFFF

    func word(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self)
        return Int(isBig ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
    }

    func long(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
        return Int(isBig ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
    }
}

/// The header of one element.
struct ElementHeader: Hashable {
    enum Kind: Hashable {
        /// VR SQ: items that hold elements.
        case sequence
        /// A VR of bytes or words (OB, OW and their like): of undefined length it is fragments (PS3.5 annex A.4).
        case binary
        /// VR UN, or a header without VR: may be any of these.
        case unknown
        case value
    }
    let group: Int
    let element: Int
    let kind: Kind
    /// Bytes of the header itself, 8 or 12.
    let size: Int
    /// Bytes of the value, or `ElementEncoding.undefinedLength`.
    let length: Int

    var isPixelData: Bool { group == 0x7FE0 && element == 0x0010 }
    var isUndefined: Bool { length == ElementEncoding.undefinedLength }
    /// Group FFFE: an item or the end of one or of a sequence, which have no VR in any encoding.
    var isItemOrDelimiter: Bool { group == 0xFFFE }

    /// VRs whose length takes two bytes; those that are yet to be invented take four, as the standard promises.
    private static let shortVRs = Set(
        "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split(separator: " ").map { Self.code(Array($0.utf8)) })
    private static let longVRs = Set(
        "OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(separator: " ").map { Self.code(Array($0.utf8)) })
    private static let binaryVRs = Set("OB OD OF OL OV OW".split(separator: " ").map { Self.code(Array($0.utf8)) })
    private static let sequenceVR = code(Array("SQ".utf8))
    private static let unknownVR = code(Array("UN".utf8))

    private static func code(_ letters: [UInt8]) -> Int { Int(letters[0]) << 8 | Int(letters[1]) }

    /// `nil` where the bytes end before the header does.
    /// - Parameter isStrict: Also `nil` where an explicit header has a VR that the standard does not know. Otherwise one without letters
    ///   is taken for implicit, since programs mix the two.
    init?(_ bytes: UnsafeRawBufferPointer, at position: Int, _ encoding: ElementEncoding, isStrict: Bool = false) {
        guard position >= 0, position + 8 <= bytes.count else { return nil }
        group = encoding.word(bytes, at: position)
        element = encoding.word(bytes, at: position + 2)
        let (first, second) = (bytes[position + 4], bytes[position + 5])
        let vr = Int(first) << 8 | Int(second)
        let isKnown = Self.shortVRs.contains(vr) || Self.longVRs.contains(vr)
        let hasLetters = (0x41...0x5A).contains(first) && (0x41...0x5A).contains(second)
        if group == 0xFFFE || !encoding.isExplicit || !(isKnown || hasLetters && !isStrict) {
            guard group == 0xFFFE || !encoding.isExplicit || !isStrict else { return nil }
            (kind, size, length) = (.unknown, 8, encoding.long(bytes, at: position + 4))
        } else if Self.shortVRs.contains(vr) {
            (kind, size, length) = (.value, 8, encoding.word(bytes, at: position + 6))
        } else {
            guard position + 12 <= bytes.count else { return nil }
            size = 12
            length = encoding.long(bytes, at: position + 8)
            switch vr {
            case Self.sequenceVR: kind = .sequence
            case Self.unknownVR: kind = .unknown
            default: kind = Self.binaryVRs.contains(vr) ? .binary : .value
            }
        }
    }
}
