/// The order in which detections are taken: by falling score, equal scores in the order in which they came (numpy's `mergesort` of the
/// negated scores).
enum ScoreOrder {
    private struct Item {
        var key: UInt64
        var position: Int32
    }

    /// Positions in `scores`, which must be finite. A radix sort on the bits of the scores, which is stable by its nature.
    /// - Complexity: O(n).
    static func byFallingScore(_ scores: some RandomAccessCollection<Double>) -> [Int32] {
        let count = scores.count
        // Bits that rise as the score falls: a positive number's bits rise with it, a negative one's fall.
        var items = scores.enumerated().map { position, score in
            let bits = score.bitPattern
            return Item(key: bits >> 63 == 0 ? ~(bits | 1 << 63) : bits, position: Int32(truncatingIfNeeded: position))
        }
        guard let first = items.first else { return [] }
        let differing = items.reduce(0) { $0 | ($1.key ^ first.key) }
        var other = Array(repeating: first, count: count)
        for shift in stride(from: UInt64(0), to: 64, by: 8) where (differing >> shift) & 0xFF != 0 {
            items.withUnsafeBufferPointer { items in
                other.withUnsafeMutableBufferPointer { other in
                    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { slots in
                        slots.initialize(repeating: 0)
                        for item in items { slots[Int((item.key >> shift) & 0xFF)] += 1 }
                        var sum = 0
                        for digit in 0..<256 { (slots[digit], sum) = (sum, sum + slots[digit]) }
                        for item in items {
                            let digit = Int((item.key >> shift) & 0xFF)
                            other[slots[digit]] = item
                            slots[digit] += 1
                        }
                    }
                }
            }
            swap(&items, &other)
        }
        return items.map(\.position)
    }
}
