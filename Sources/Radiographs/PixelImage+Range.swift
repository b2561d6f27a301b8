import CPixels

extension PixelImage {
    /// The bits that samples really use, as 12 in a file of 16: the least of 8, 10, 12 and 14 that holds the largest sample, or else the
    /// depth itself. A black image uses all.
    public var usedBits: Int {
        guard bits > 8 else { return bits }
        // Few images need to be read to their end: the search stops at the first sample that needs more.
        let largest = cp_largest(samples, samples.count, 1 << 14)
        return largest == 0 ? bits : [8, 10, 12, 14].first { $0 < bits && largest < 1 << $0 } ?? bits
    }

    /// The picture with samples over the whole range of another depth: 0 to 4,095 become 0 to 65,535, each the nearest number.
    /// - Parameters:
    ///   - bits: Those that samples use, 8 to 16; larger samples become the largest.
    ///   - target: 8 to 16.
    public func spread(from bits: Int, to target: Int) -> PixelImage {
        let (from, to) = ((1 << bits) - 1, (1 << target) - 1)
        guard from != to || self.bits != target else { return self }
        let table = (0...from).map { UInt16(($0 * to + from / 2) / from) }
        return PixelImage(width: width, height: height, bits: target, samples: samples.map { table[min(Int($0), from)] })
    }
}
