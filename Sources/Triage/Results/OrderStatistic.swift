/// Values by their rank, without sorting all.
package enum OrderStatistic {
    /// A quantile, linear between the two nearest values, as numpy has it by default (Hyndman and Fan, The American Statistician 1996, type 7).
    /// - Parameters:
    ///   - values: Not NaN. They are left in another order.
    ///   - share: In 0...1.
    /// - Returns: `nil` of nothing.
    /// - Complexity: O(n) on average.
    package static func quantile(_ values: inout [Double], _ share: Double) -> Double? {
        guard let last = values.indices.last else { return nil }
        let place = min(max(share, 0), 1) * Double(last)
        let below = min(Int(place), last)
        select(&values, below)
        // What is right of it is not smaller.
        guard below < last, let above = values[(below + 1)...].min() else { return values[below] }
        return values[below] + (above - values[below]) * (place - Double(below))
    }

    /// Puts the value of a rank at its place, smaller ones left of it (Hoare, Communications of the ACM 1961, algorithm 65).
    private static func select(_ values: inout [Double], _ rank: Int) {
        var (low, high) = (0, values.count - 1)
        while low < high {
            let pivot = middle(values[low], values[(low + high) / 2], values[high])
            var (left, right) = (low, high)
            while left <= right {
                while values[left] < pivot { left += 1 }
                while values[right] > pivot { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            // Between right and left are only pivots.
            if rank <= right { high = right } else if rank >= left { low = left } else { return }
        }
    }

    private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double { max(min(a, b), min(max(a, b), c)) }
}
