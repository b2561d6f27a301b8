/// How far two samples lie apart.
public enum TwoSampleDistance {
    /// Kolmogorov and Smirnov: the largest difference between the shares at most x, over all x. 0...1; 0 where either is empty.
    /// - Parameters: Rising.
    /// - Complexity: O(n + m).
    public static func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> Double {
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        var (i, j, largest) = (0, 0, 0.0)
        while i < first.count, j < second.count {
            let value = min(first[i], second[j])
            while i < first.count, first[i] == value { i += 1 }
            while j < second.count, second[j] == value { j += 1 }
            largest = max(largest, abs(Double(i) / Double(first.count) - Double(j) / Double(second.count)))
        }
        return largest
    }
}
