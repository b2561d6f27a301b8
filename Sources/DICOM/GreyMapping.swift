import CPixels
import Radiographs

/// Everything between a stored sample and a pixel, as one table: mask, sign, padding, modality, VOI, polarity.
struct GreyMapping: Hashable {
    /// Bits of a pixel, 8 to 16: those of the VOI LUT or else the Modality LUT, or else Bits Stored.
    let bits: Int
    /// One pixel for each pattern of stored bits; at most 65,536.
    private let table: [UInt16]
    private let lowBit: Int

    init(_ module: ImagePixelModule, modality: ModalityTransform, interest: ValueOfInterest, padding: PixelPadding?) {
        let storable = Self.storable(module)
        let range = modality.range(of: storable)
        switch (interest, modality) {
        case (.table(let table), _), (_, .table(let table)): bits = table.depth
        default: bits = min(max(module.bitsStored, 8), 16)
        }
        let maximum = Double((1 << bits) - 1)
        let turned = module.photometric == .monochrome1
        let patterns = 1 << module.bitsStored
        lowBit = module.lowBit
        table = (0..<patterns).map { pattern in
            let stored = pattern > storable.upperBound ? pattern - patterns : pattern
            if let padding, padding.values.contains(stored) { return 0 }
            // A slope of 1e308 leads out of all numbers: what is none is shown black.
            let given = interest.fraction(modality(stored), of: range)
            let fraction = given > 0 ? min(given, 1) : 0
            let grey = UInt16((fraction * maximum).rounded())
            return turned ? UInt16(maximum) - grey : grey
        }
    }

    /// The values samples can have.
    static func storable(_ module: ImagePixelModule) -> ClosedRange<Int> {
        let half = 1 << (module.bitsStored - 1)
        return module.isSigned ? -half...(half - 1) : 0...(2 * half - 1)
    }

    /// Maps samples of 1 or 2 bytes (little-endian).
    /// - Complexity: O(samples), one table look-up each.
    func callAsFunction(_ samples: UnsafeRawBufferPointer, bytesPerSample: Int) -> [UInt16] {
        let count = samples.count / bytesPerSample
        let (shift, mask) = (UInt32(lowBit), UInt32(table.count - 1))
        return [UInt16](unsafeUninitializedCapacity: count) { pixels, filled in
            guard let source = samples.baseAddress?.assumingMemoryBound(to: UInt8.self), let target = pixels.baseAddress else { return }
            (bytesPerSample == 1 ? cp_map_bytes : cp_map_words)(source, count, table, shift, mask, target)
            filled = count
        }
    }
}
