import Foundation

/// Finds where elements of undefined length end, by reading what they hold to the last byte.
///
/// An element of undefined length may hold items with elements, or fragments (an icon or a vendor's own picture, compressed as Pixel Data is).
/// Where the VR does not say which, both are tried, and what fits whole is taken.
struct ElementScan {
    /// An element whose value nobody here needs and whose undefined length DCMTK stumbles over: it is to be shown as plain bytes.
    struct Opaque: Hashable {
        /// Where its header begins.
        let start: Int
        let header: ElementHeader
        let encoding: ElementEncoding
        /// Behind its delimiter.
        let end: Int
    }

    private let bytes: UnsafeRawBufferPointer
    /// Elements that may still be looked at: many times those of any file, so that nothing made up on purpose takes longer.
    private var budget: Int
    private(set) var opaque: [Opaque] = []
    /// Whether the last look met more levels of sequences than are let in.
    private(set) var isTooDeep = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        budget = bytes.count / 2 + 10_000
    }

    enum FragmentsEnd: Hashable {
        /// Behind the delimiter.
        case at(Int)
        /// The fragment, or the place where one should be, at `start` wants `missing` bytes more than there are.
        case cutOff(start: Int, missing: Int)
        /// Something else stands where a fragment should be.
        case broken
    }

    /// Where fragments (PS3.5 annex A.4) end.
    func endOfFragments(from start: Int, _ encoding: ElementEncoding, limit: Int) -> FragmentsEnd {
        var position = start
        while true {
            guard position + 8 <= limit else { return .cutOff(start: position, missing: position + 8 - limit) }
            guard encoding.word(bytes, at: position) == 0xFFFE else { return .broken }
            let element = encoding.word(bytes, at: position + 2)
            let length = encoding.long(bytes, at: position + 4)
            if element == 0xE0DD { return .at(position + 8) }
            guard element == 0xE000, length != ElementEncoding.undefinedLength else { return .broken }
            guard position + 8 + length <= limit else { return .cutOff(start: position, missing: position + 8 + length - limit) }
            position += 8 + length
        }
    }

    /// Where an element of undefined length ends whose VR is unknown or not a sequence's; `nil` where what it holds cannot be told.
    /// - Parameters:
    ///   - start: Where its header begins.
    ///   - limit: It ends here at the latest.
    mutating func end(of header: ElementHeader, at start: Int, _ encoding: ElementEncoding, limit: Int, depth: Int = 0) -> Int? {
        let value = start + header.size
        if header.kind == .unknown, !header.isPixelData {
            // Inside VR UN the encoding is implicit; a header without VR stands in an encoding that is implicit anyway.
            let (kept, inner) = (opaque.count, encoding.isExplicit ? .implicitLittle : encoding)
            if let end = endOfItems(from: value, limit: limit, isDelimited: true, inner, depth: depth) { return end }
            opaque.removeLast(opaque.count - kept)
            // Written by programs that did not know that rule; DCMTK keeps to it.
            if encoding.isExplicit, let end = endOfItems(from: value, limit: limit, isDelimited: true, encoding, depth: depth) {
                opaque.removeLast(opaque.count - kept)
                opaque.append(Opaque(start: start, header: header, encoding: encoding, end: end))
                return end
            }
            opaque.removeLast(opaque.count - kept)
        }
        // Without a VR the dictionary says what a standard element is, whatever its length.
        guard header.size == 12 || header.group % 2 == 1 || header.isPixelData else { return nil }
        var encodings = [encoding]
        if encoding.isBig { encodings.append(.implicitLittle) }
        for inner in encodings {
            guard case .at(let end) = endOfFragments(from: value, inner, limit: limit) else { continue }
            opaque.append(Opaque(start: start, header: header, encoding: encoding, end: end))
            return end
        }
        return nil
    }

    /// Whether a value of known length is a sequence from its first byte to its last.
    mutating func isSequence(_ value: Range<Int>, _ encoding: ElementEncoding, depth: Int) -> Bool {
        let kept = opaque.count
        isTooDeep = false
        if endOfItems(from: value.lowerBound, limit: value.upperBound, isDelimited: false, encoding, depth: depth) != nil { return true }
        opaque.removeLast(opaque.count - kept)
        return false
    }

    /// Where a sequence's items end; `nil` where they do not fit.
    /// - Parameters:
    ///   - limit: Where they end, or end at the latest where a delimiter says it.
    ///   - isDelimited: Of undefined length.
    private mutating func endOfItems(from start: Int, limit: Int, isDelimited: Bool, _ encoding: ElementEncoding, depth: Int) -> Int? {
        guard depth < DatasetOutline.maximumDepth else {
            isTooDeep = true
            return nil
        }
        var position = start
        while true {
            if !isDelimited, position == limit { return position }
            guard position + 8 <= limit, encoding.word(bytes, at: position) == 0xFFFE else { return nil }
            let element = encoding.word(bytes, at: position + 2)
            let length = encoding.long(bytes, at: position + 4)
            position += 8
            if element == 0xE0DD { return isDelimited || position == limit ? position : nil }
            guard element == 0xE000 else { return nil }
            let isOpen = length == ElementEncoding.undefinedLength
            guard isOpen || position + length <= limit else { return nil }
            let end = endOfElements(from: position, limit: isOpen ? limit : position + length, isDelimited: isOpen, encoding, depth: depth)
            guard let end else { return nil }
            position = end
        }
    }

    /// Where an item's elements end; `nil` where they do not fit.
    private mutating func endOfElements(from start: Int, limit: Int, isDelimited: Bool, _ encoding: ElementEncoding, depth: Int) -> Int? {
        var position = start
        while true {
            if !isDelimited, position == limit { return position }
            budget -= 1
            guard budget > 0, position + 8 <= limit, let header = ElementHeader(bytes, at: position, encoding, isStrict: true) else {
                return nil
            }
            if header.isItemOrDelimiter {
                guard header.element == 0xE00D else { return nil }
                return isDelimited || position + 8 == limit ? position + 8 : nil
            }
            guard let end = end(ofAny: header, at: position, encoding, limit: limit, depth: depth) else { return nil }
            position = end
        }
    }

    private mutating func end(ofAny header: ElementHeader, at start: Int, _ encoding: ElementEncoding, limit: Int, depth: Int) -> Int? {
        let value = start + header.size
        if header.isUndefined {
            if header.kind == .sequence { return endOfItems(from: value, limit: limit, isDelimited: true, encoding, depth: depth + 1) }
            return end(of: header, at: start, encoding, limit: limit, depth: depth + 1)
        }
        let end = value + header.length
        guard value <= limit, end <= limit else { return nil }
        if header.kind == .sequence {
            return endOfItems(from: value, limit: end, isDelimited: false, encoding, depth: depth + 1)
        }
        if header.kind == .unknown, header.length >= 8 {
            // Perhaps a sequence, which may hold more of what is looked for; if not, then a value.
            let holdsItems = isSequence(value..<end, encoding.isExplicit ? .implicitLittle : encoding, depth: depth + 1)
            // A value is not looked into; but nobody knows whether this is one.
            guard holdsItems || !isTooDeep && budget > 0 else { return nil }
        }
        return end
    }
}
