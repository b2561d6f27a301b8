import Datasets

/// Finds 64-bit hashes that differ in few bits from one, without looking at all of them: multi-index hashing (Norouzi, Punjani and
/// Fleet, CVPR 2012). Of four 16-bit pieces of two hashes that differ in *r* bits, one differs in *r*/4 at most, so only the entries
/// that share such a piece are looked at.
package struct HammingIndex {
    package let radius: Int
    private var tables: [[[Int32]]]
    private var hashes: [UInt64] = []
    private var values: [Int] = []
    /// All changes of a piece that must be tried.
    private let masks: [UInt16]

    /// - Parameter radius: Bits that may differ, 0 to 15.
    package init(radius: Int) {
        self.radius = radius
        tables = Array(repeating: Array(repeating: [], count: 1 << 16), count: 4)
        masks = (0...UInt16.max).filter { $0.nonzeroBitCount <= radius / 4 }
    }

    private static func piece(_ hash: UInt64, _ index: Int) -> UInt16 { UInt16(truncatingIfNeeded: hash >> (16 * UInt64(index))) }

    package mutating func insert(_ hash: UInt64, _ value: Int) {
        let entry = Int32(truncatingIfNeeded: hashes.count)
        hashes.append(hash)
        values.append(value)
        for index in 0..<4 { tables[index][Int(Self.piece(hash, index))].append(entry) }
    }

    /// The values of all entries that differ in no more than `radius` bits, each once.
    package func matches(_ hash: UInt64) -> [Int] {
        var found: Set<Int32> = []
        for index in 0..<4 {
            let piece = Self.piece(hash, index)
            for mask in masks {
                for entry in tables[index][Int(piece ^ mask)] where (hashes[Int(entry)] ^ hash).nonzeroBitCount <= radius {
                    found.insert(entry)
                }
            }
        }
        return found.sorted().map { values[Int($0)] }
    }
}
