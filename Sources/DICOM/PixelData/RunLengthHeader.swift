/// The header of an RLE frame (PS3.5 annex G.5), checked because DCMTK follows its offsets wherever they lead.
struct RunLengthHeader: Hashable {
    /// Where each segment begins, from the start of the frame.
    let offsets: [Int]

    /// `nil` where the offsets do not rise, or lead out of the frame.
    init?(_ frame: UnsafeRawBufferPointer) {
        let size = 64
        guard frame.count > size else { return nil }
        func long(_ index: Int) -> Int {
            Int(UInt32(littleEndian: frame.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        }
        let count = long(0)
        guard (1...15).contains(count) else { return nil }
        offsets = (1...count).map(long)
        guard let first = offsets.first, first >= size, let last = offsets.last, last < frame.count,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
    }
}
