import Foundation

/// Where Pixel Data lie in a file, and their frames (PS3.5 section 8 and annex A.4). Nothing is decoded and nothing copied.
public struct PixelDataLayout: Hashable, Sendable {
    /// Pixel Data (7FE0,0010), or its kin of floating-point numbers.
    public let tag: UInt32
    /// OB, OW, OF or OD.
    public let representation: String
    public let isBigEndian: Bool
    /// Native pixels as a range of bytes of the file; `nil` where they are encapsulated.
    public let native: Range<Int>?
    /// Of encapsulated ones the offset table, then each fragment, as ranges of bytes of the file.
    public let fragments: [Range<Int>]
    /// Whether they end as they should.
    public let isComplete: Bool

    public var isEmpty: Bool { native?.isEmpty ?? (fragments.count < 2) }

    /// - Parameter end: Where reading of the header stopped: behind the header of Pixel Data.
    init?(_ file: Data, end: Int, isExplicit: Bool, isBig: Bool) {
        let found = file.withUnsafeBytes { bytes -> (UInt32, String, Range<Int>?, [Range<Int>], Bool)? in
            let reader = NumberReader(bytes: bytes, isBig: isBig)
            // Some programs write headers without VR among others.
            let headerSize = [isExplicit ? 12 : 8, 8].first { size in
                guard end >= size, end <= bytes.count, reader.word(end - size) == 0x7FE0, let element = reader.word(end - size + 2) else {
                    return false
                }
                return [0x0008, 0x0009, 0x0010].contains(element)
            }
            guard let headerSize, let group = reader.word(end - headerSize), let element = reader.word(end - headerSize + 2),
                let length = reader.long(end - 4)
            else { return nil }
            let letters = headerSize == 12 ? String(decoding: bytes[(end - 8)..<(end - 6)], as: UTF8.self) : "OW"
            let representation = ["OB", "OW", "OF", "OD", "UN"].contains(letters) ? letters : "OW"
            let tag = UInt32(group) << 16 | UInt32(element)
            if length != 0xFFFF_FFFF {
                let last = min(end + Int(length), bytes.count)
                return (tag, representation, end..<last, [], end + Int(length) <= bytes.count)
            }
            var (place, fragments, isComplete) = (end, [Range<Int>](), false)
            while let group = reader.word(place), let element = reader.word(place + 2), let length = reader.long(place + 4), group == 0xFFFE
            {
                if element == 0xE0DD { isComplete = true }
                guard element == 0xE000, length != 0xFFFF_FFFF, place + 8 + Int(length) <= bytes.count else { break }
                fragments.append((place + 8)..<(place + 8 + Int(length)))
                place += 8 + Int(length)
            }
            return (tag, representation, nil, fragments, isComplete)
        }
        guard let found else { return nil }
        (tag, representation, native, fragments, isComplete) = found
        isBigEndian = isBig
    }

    /// Which bytes of the file make up a frame: one range of native pixels, the fragments of encapsulated ones.
    /// - Parameters:
    ///   - frame: From 1.
    ///   - header: Rows, Columns, Samples per Pixel, Bits Allocated and Number of Frames.
    /// - Throws: `DICOMWebError`: no such frame, or frames that cannot be told apart.
    public func frame(_ frame: Int, of file: Data, _ header: DICOMJSON) throws -> [Range<Int>] {
        let count = max(1, header.integer(DICOMAttribute(tag: 0x0028_0008)) ?? 1)
        guard (1...count).contains(frame) else { throw DICOMWebError(.notFound, "frame \(frame) of \(count)") }
        if let native { return [try Self.nativeFrame(frame, in: native, header)] }
        let pieces = Array(fragments.dropFirst())
        guard !pieces.isEmpty else { throw DICOMWebError(.unreadable, "Pixel Data has no fragments") }
        if count == 1 { return pieces }
        if pieces.count == count { return [pieces[frame - 1]] }
        let starts = try offsetTable(file, count: count, pieces)
        return Array(pieces[starts[frame - 1]..<(frame < count ? starts[frame] : pieces.count)])
    }

    private static func nativeFrame(_ frame: Int, in native: Range<Int>, _ header: DICOMJSON) throws -> Range<Int> {
        let numbers = [0x0028_0010, 0x0028_0011, 0x0028_0100].map { header.integer(DICOMAttribute(tag: $0)) ?? 0 }
        let samples = header.integer(DICOMAttribute(tag: 0x0028_0002)) ?? 1
        guard numbers.allSatisfy({ (1...65_535).contains($0) }), (1...4).contains(samples), numbers[2] <= 64 else {
            throw DICOMWebError(.unreadable, "the header does not say how large a frame is")
        }
        // In YBR_FULL_422 two pixels share their chrominance (PS3.3 C.7.6.3.1.2).
        let isHalf = header.text(DICOMAttribute(tag: 0x0028_0004)) == "YBR_FULL_422"
        let bits = numbers[0] * numbers[1] * numbers[2] * (isHalf ? 2 : samples)
        guard bits % 8 == 0 || frame == 1 && (header.integer(DICOMAttribute(tag: 0x0028_0008)) ?? 1) == 1 else {
            throw DICOMWebError(.unreadable, "frames of single bits do not begin at bytes")
        }
        let size = (bits + 7) / 8
        let start = native.lowerBound + (frame - 1) * size
        guard start + size <= native.upperBound else { throw DICOMWebError(.unreadable, "Pixel Data is shorter than the header says") }
        return start..<(start + size)
    }

    /// The first fragment of each frame by the basic offset table; without one, by how codestreams begin.
    private func offsetTable(_ file: Data, count: Int, _ pieces: [Range<Int>]) throws -> [Int] {
        let starts = file.withUnsafeBytes { bytes -> [Int] in
            let reader = NumberReader(bytes: bytes, isBig: false)
            let table = fragments[0]
            if table.count == 4 * count {
                let places = Dictionary(
                    pieces.enumerated().map { ($1.lowerBound - pieces[0].lowerBound, $0) }, uniquingKeysWith: { first, _ in first })
                let found = (0..<count).compactMap { reader.long(table.lowerBound + 4 * $0).flatMap { places[Int($0)] } }
                if found.count == count, found.first == 0, zip(found, found.dropFirst()).allSatisfy({ $0 < $1 }) { return found }
            }
            let beginnings: [[UInt8]] = [[0xFF, 0xD8, 0xFF], [0xFF, 0x4F, 0xFF, 0x51], [0, 0, 0, 12, 0x6A, 0x50]]
            return pieces.indices.filter { index in
                beginnings.contains { bytes[pieces[index]].starts(with: $0) }
            }
        }
        guard starts.count == count, starts.first == 0 else {
            throw DICOMWebError(.unreadable, "\(count) frames cannot be told apart in \(pieces.count) fragments of Pixel Data")
        }
        return starts
    }
}

/// Numbers in the byte order of a dataset; `nil` behind the end.
private struct NumberReader {
    let bytes: UnsafeRawBufferPointer
    let isBig: Bool

    func word(_ place: Int) -> UInt16? {
        guard place >= 0, place + 2 <= bytes.count else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)
        return isBig ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
    }

    func long(_ place: Int) -> UInt32? {
        guard place >= 0, place + 4 <= bytes.count else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        return isBig ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }
}
