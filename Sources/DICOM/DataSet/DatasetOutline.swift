import Foundation

/// A walk over the headers of the elements (PS3.5 section 7), their values skipped, for what DCMTK does not see or cannot read: sequences
/// nested so deep that it, reading them recursively, would run out of stack; lengths it would allocate although the file ends before; and
/// fragments elsewhere than in Pixel Data, such as those of a compressed icon.
///
/// What the walk cannot follow is left to DCMTK.
struct DatasetOutline {
    enum Finding: Hashable {
        case plausible
        /// The sequence or item that begins at `start` is one too many.
        case tooDeep(start: Int)
        /// The element or fragment that begins at `start` wants `missing` bytes more than the file has.
        case cutOff(start: Int, missing: Int)
    }

    /// Levels of sequences in sequences; a structured report rarely has ten.
    static let maximumDepth = 64

    private(set) var finding = Finding.plausible
    /// What DCMTK is to be shown as plain bytes.
    private(set) var opaque: [ElementScan.Opaque] = []
    /// Where the dataset's own Pixel Data end; `nil` where they do not, or are not there.
    private(set) var endOfPixelData: Int?

    private struct Level {
        /// It ends here, or here at the latest; `Int.max` where only a delimiter says it.
        var end: Int
        var isDelimited: Bool
        var encoding: ElementEncoding
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var encoding = ElementEncoding(isBig: false, isExplicit: true)
    /// The sequences and items that are open.
    private var levels: [Level] = []
    private var scan: ElementScan

    init(of data: Data) {
        self = data.withUnsafeBytes { bytes in
            var outline = DatasetOutline(bytes)
            outline.finding = outline.walk()
            outline.opaque = outline.scan.opaque
            return outline
        }
    }

    /// Where the deflated dataset of a file begins (PS3.5 annex A.5); `nil` where it is not deflated.
    static func startOfDeflatedDataset(in data: Data) -> Int? {
        data.withUnsafeBytes { bytes in
            var outline = DatasetOutline(bytes)
            return outline.skipMetaInformation() ? nil : outline.position
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        scan = ElementScan(bytes)
    }

    private mutating func walk() -> Finding {
        guard skipMetaInformation() else { return .plausible }
        var start = position
        while position + 8 <= bytes.count {
            while let level = levels.last, level.end <= position { levels.removeLast() }
            start = position
            switch step() {
            case .passed: break
            case .opened: if levels.count > 2 * Self.maximumDepth { return .tooDeep(start: start) }
            case .finished: return .plausible
            case .cutOff(let start, let missing): return .cutOff(start: start, missing: missing)
            }
        }
        if position < bytes.count { return .cutOff(start: position, missing: position + 8 - bytes.count) }
        return position == bytes.count ? .plausible : .cutOff(start: start, missing: position - bytes.count)
    }

    /// Finds the encoding of the dataset; false where it is deflated.
    private mutating func skipMetaInformation() -> Bool {
        if bytes.count >= 132, bytes[128..<132].elementsEqual("DICM".utf8) { position = 132 }
        var syntax: String?
        while let header = ElementHeader(bytes, at: position, encoding), header.group == 0x0002 {
            let value = position + header.size
            guard !header.isUndefined, value + header.length <= bytes.count else { return true }
            if header.element == 0x0010 {
                syntax = String(decoding: bytes[value..<(value + header.length)].prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
            }
            position = value + header.length
        }
        encoding.isBig = syntax == "1.2.840.10008.1.2.2" || syntax == nil && position < bytes.count && bytes[position] == 0
        encoding.isExplicit =
            position + 8 <= bytes.count && (0x41...0x5A).contains(bytes[position + 4]) && (0x41...0x5A).contains(bytes[position + 5])
        return syntax != "1.2.840.10008.1.2.1.99"
    }

    private enum Step {
        case passed, finished
        /// A sequence or an item.
        case opened
        case cutOff(start: Int, missing: Int)
    }

    /// Goes over one header, and the value where it holds no elements.
    private mutating func step() -> Step {
        let encoding = levels.last?.encoding ?? self.encoding
        guard let header = ElementHeader(bytes, at: position, encoding) else { return .finished }
        let start = position
        position += header.size
        if header.isItemOrDelimiter {
            if header.element == 0xE000 { return open(header, encoding) }
            if levels.last?.isDelimited == true { levels.removeLast() }
            return .passed
        }
        if header.isPixelData, levels.isEmpty { return passPixelData(header, encoding) }
        if header.kind == .sequence { return open(header, encoding) }
        if header.isUndefined { return passUndefined(header, from: start, encoding) }
        if header.kind == .unknown, header.length >= 8, position + header.length <= bytes.count, beginsWithItem(encoding) {
            let inner = encoding.isExplicit ? .implicitLittle : encoding
            let end = position + header.length
            // Fits whole, or is a vendor's own, which DCMTK takes for bytes too.
            if scan.isSequence(position..<end, inner, depth: levels.count / 2) || header.group % 2 == 1 && !scan.isTooDeep {
                return pass(to: end)
            }
            return open(header, inner)
        }
        return pass(to: position + header.length)
    }

    /// Passes an element, but not beyond the item that it stands in, unless the whole file ends before.
    private mutating func pass(to end: Int) -> Step {
        position = end <= bytes.count ? min(end, levels.last?.end ?? .max) : end
        return .passed
    }

    private mutating func passPixelData(_ header: ElementHeader, _ encoding: ElementEncoding) -> Step {
        guard header.isUndefined else {
            position += header.length
            if position <= bytes.count { endOfPixelData = position }
            return .passed
        }
        switch scan.endOfFragments(from: position, encoding, limit: bytes.count) {
        case .at(let end):
            (position, endOfPixelData) = (end, end)
            return .passed
        case .cutOff(bytes.count, _), .broken: return .finished
        case .cutOff(let start, let missing): return .cutOff(start: start, missing: missing)
        }
    }

    /// An element of undefined length that does not say that it is a sequence.
    private mutating func passUndefined(_ header: ElementHeader, from start: Int, _ encoding: ElementEncoding) -> Step {
        let limit = min(bytes.count, levels.last?.end ?? .max)
        if let end = scan.end(of: header, at: start, encoding, limit: limit, depth: levels.count / 2) {
            position = end
            return .passed
        }
        if header.kind == .binary, case .cutOff(let start, let missing) = scan.endOfFragments(from: position, encoding, limit: bytes.count)
        {
            return .cutOff(start: start, missing: missing)
        }
        return open(header, header.kind == .unknown && encoding.isExplicit ? .implicitLittle : encoding)
    }

    private func beginsWithItem(_ encoding: ElementEncoding) -> Bool {
        let inner = encoding.isExplicit ? .implicitLittle : encoding
        return inner.word(bytes, at: position) == 0xFFFE && inner.word(bytes, at: position + 2) == 0xE000
    }

    private mutating func open(_ header: ElementHeader, _ encoding: ElementEncoding) -> Step {
        let outer = levels.last?.end ?? .max
        levels.append(
            Level(
                end: header.isUndefined ? outer : min(outer, position + header.length), isDelimited: header.isUndefined, encoding: encoding)
        )
        return .opened
    }

    /// The file as DCMTK can read it: what is to be opaque has a length in place of a delimiter, and the VR OB.
    func readable(_ data: Data) -> Data {
        guard !opaque.isEmpty else { return data }
        var copy = Data(data)
        copy.withUnsafeMutableBytes { bytes in
            for element in opaque {
                let value = element.start + element.header.size
                // A header without VR has 8 bytes, one of these VRs has 12: the length stands last in both.
                guard let length = UInt32(exactly: element.end - value) else { continue }
                bytes.storeBytes(
                    of: element.encoding.isBig ? length.bigEndian : length.littleEndian, toByteOffset: value - 4, as: UInt32.self)
                if element.header.size == 12 { (bytes[element.start + 4], bytes[element.start + 5]) = (0x4F, 0x42) }
            }
        }
        return copy
    }
}
