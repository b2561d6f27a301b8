import Foundation

/// A walk over the headers of the elements (PS3.5 section 7), their values skipped, for what DCMTK does not see: sequences nested
/// so deep that it, reading them recursively, would run out of stack, and lengths it would allocate although the file ends before.
///
/// What the walk cannot follow is left to DCMTK.
struct DatasetOutline {
    enum Finding: Hashable {
        case plausible
        case tooDeep
        /// The element or fragment that begins at `start` wants `missing` bytes more than the file has.
        case cutOff(start: Int, missing: Int)
    }

    /// Levels of sequences in sequences; a structured report rarely has ten.
    static let maximumDepth = 64

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var isBig = false
    private var isExplicit = true
    /// Items are fragments, not containers.
    private var isInPixelData = false
    /// Where the sequences and items that are open end; `Int.max` where a delimiter says it.
    private var ends: [Int] = []

    static func finding(in data: Data) -> Finding {
        data.withUnsafeBytes { bytes in
            var outline = DatasetOutline(bytes)
            return outline.walk()
        }
    }

    /// Where the deflated dataset of a file begins (PS3.5 annex A.5); `nil` where it is not deflated.
    static func startOfDeflatedDataset(in data: Data) -> Int? {
        data.withUnsafeBytes { bytes in
            var outline = DatasetOutline(bytes)
            return outline.skipMetaInformation() ? nil : outline.position
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func walk() -> Finding {
        guard skipMetaInformation() else { return .plausible }
        var start = position
        while position + 8 <= bytes.count {
            while let end = ends.last, end <= position { ends.removeLast() }
            start = position
            switch step() {
            case .passed: break
            case .opened: if ends.count > 2 * Self.maximumDepth { return .tooDeep }
            case .finished: return .plausible
            }
        }
        if position < bytes.count { return .cutOff(start: position, missing: position + 8 - bytes.count) }
        return position == bytes.count ? .plausible : .cutOff(start: start, missing: position - bytes.count)
    }

    /// Finds the encoding of the dataset; false where it is deflated.
    private mutating func skipMetaInformation() -> Bool {
        if bytes.count >= 132, bytes[128..<132].elementsEqual("DICM".utf8) { position = 132 }
        var syntax: String?
        while position + 8 <= bytes.count, word(position) == 0x0002 {
            let element = word(position + 2)
            guard let (header, length) = explicitLength(), position + header + length <= bytes.count else { return true }
            let value = bytes[(position + header)..<(position + header + length)]
            if element == 0x0010 { syntax = String(decoding: value.prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self) }
            position += header + length
        }
        isBig = syntax == "1.2.840.10008.1.2.2" || syntax == nil && position < bytes.count && bytes[position] == 0
        isExplicit = position + 8 <= bytes.count && Self.isVR(bytes[position + 4], bytes[position + 5])
        return syntax != "1.2.840.10008.1.2.1.99"
    }

    private enum Step {
        case passed, finished
        /// A sequence or an item.
        case opened
    }

    /// Goes over one header, and the value where it holds no elements.
    private mutating func step() -> Step {
        let group = word(position)
        let element = word(position + 2)
        if group == 0xFFFE {
            let length = long(position + 4)
            position += 8
            guard element == 0xE000 else {
                if isInPixelData { return .finished }
                if ends.last == .max { ends.removeLast() }
                return .passed
            }
            if isInPixelData {
                position += length
                return .passed
            }
            open(length)
            return .opened
        }
        if isInPixelData { return .finished }
        var header = 8
        var length = long(position + 4)
        var isSequence = false
        // Inside an element of unknown VR the encoding is implicit, so each header is looked at by itself.
        if isExplicit, Self.isVR(bytes[position + 4], bytes[position + 5]) {
            guard let found = explicitLength() else { return .finished }
            isSequence = bytes[position + 4] == 0x53 && bytes[position + 5] == 0x51
            (header, length) = found
        }
        position += header
        if group == 0x7FE0, element == 0x0010, ends.isEmpty {
            isInPixelData = true
            if length != Self.undefined { position += length }
            return position > bytes.count || length == Self.undefined ? .passed : .finished
        }
        if !isSequence, length != Self.undefined, position + 4 <= bytes.count {
            isSequence = length >= 8 && word(position) == 0xFFFE && word(position + 2) == 0xE000
        }
        if isSequence || length == Self.undefined {
            open(length)
            return .opened
        }
        position += length
        return .passed
    }

    private static let undefined = 0xFFFF_FFFF

    private mutating func open(_ length: Int) { ends.append(length == Self.undefined ? .max : position + length) }

    /// Sizes of header and value at `position` in explicit VR.
    private func explicitLength() -> (header: Int, length: Int)? {
        let vr = String(decoding: bytes[(position + 4)..<(position + 6)], as: UTF8.self)
        guard ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"].contains(vr) else {
            return (8, word(position + 6))
        }
        return position + 12 <= bytes.count ? (12, long(position + 8)) : nil
    }

    private static func isVR(_ first: UInt8, _ second: UInt8) -> Bool {
        (0x41...0x5A).contains(first) && (0x41...0x5A).contains(second)
    }

    private func word(_ index: Int) -> Int {
        let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self)
        return Int(isBig ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
    }

    private func long(_ index: Int) -> Int {
        let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
        return Int(isBig ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
    }
}
