/// What the patterns of bits of a sample mean as numbers: mask, shift and sign (PS3.3 C.7.6.3.1).
struct StoredValues: Hashable {
    /// The values that samples can have.
    let range: ClosedRange<Int>
    /// How many patterns there are: 2 to the power of Bits Stored.
    let patternCount: Int
    /// Where the stored bits begin.
    let lowBit: Int

    init(_ module: ImagePixelModule) {
        patternCount = 1 << module.bitsStored
        lowBit = module.lowBit
        range = module.isSigned ? -patternCount / 2...patternCount / 2 - 1 : 0...patternCount - 1
    }

    /// The number that a pattern of stored bits is.
    func value(of pattern: Int) -> Int { pattern > range.upperBound ? pattern - patternCount : pattern }

    /// The numbers of a frame's samples of 1 or 2 bytes (little-endian).
    /// - Complexity: O(samples).
    func values(_ samples: UnsafeRawBufferPointer, bytesPerSample: Int) -> [Int32] {
        let table = (0..<patternCount).map { Int32(value(of: $0)) }
        let (shift, mask) = (lowBit, patternCount - 1)
        let count = samples.count / bytesPerSample
        return [Int32](unsafeUninitializedCapacity: count) { values, filled in
            for index in 0..<count {
                let word =
                    bytesPerSample == 1
                    ? Int(samples[index]) : Int(UInt16(littleEndian: samples.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
                values[index] = table[word >> shift & mask]
            }
            filled = count
        }
    }

    /// What a table gives for each sample's pattern of stored bits.
    /// - Parameter table: [patternCount].
    func mapped(_ samples: UnsafeRawBufferPointer, bytesPerSample: Int, by table: [UInt16]) -> [UInt16] {
        let (shift, mask) = (lowBit, patternCount - 1)
        let count = samples.count / bytesPerSample
        return [UInt16](unsafeUninitializedCapacity: count) { values, filled in
            table.withUnsafeBufferPointer { table in
                if bytesPerSample == 1 {
                    for index in 0..<count { values[index] = table[Int(samples[index]) >> shift & mask] }
                } else {
                    for index in 0..<count {
                        let word = UInt16(littleEndian: samples.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                        values[index] = table[Int(word) >> shift & mask]
                    }
                }
            }
            filled = count
        }
    }
}
