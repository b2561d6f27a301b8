import CPixels
import Radiographs

/// Everything between a stored sample and a pixel to be looked at, as one table. It is made in two steps: from stored values to the modality's
/// (`ModalityTransform`), and from those to grey (`Presentation`).
struct GreyMapping: Hashable {
    /// Bits of a pixel, 8 to 16.
    let bits: Int
    /// One pixel for each pattern of stored bits; at most 65,536.
    private let table: [UInt16]
    private let lowBit: Int

    init(_ stored: StoredValues, modality: ModalityTransform, presentation: Presentation, padding: PixelPadding?) {
        bits = presentation.bits
        lowBit = stored.lowBit
        table = (0..<stored.patternCount).map { pattern in
            let value = stored.value(of: pattern)
            if let padding, padding.values.contains(value) { return 0 }
            return presentation.grey(modality(value))
        }
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
