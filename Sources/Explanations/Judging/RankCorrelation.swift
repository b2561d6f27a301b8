/// Spearman's rank correlation; equal values share the mean of their ranks.
public enum RankCorrelation {
    /// - Returns: -1...1; 0 where either side has no two different values.
    public static func spearman(_ left: [Float], _ right: [Float]) -> Double {
        guard left.count == right.count, left.count > 1 else { return 0 }
        let (a, b) = (ranks(left), ranks(right))
        let mean = Double(left.count - 1) / 2
        var (products, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            products += (x - mean) * (y - mean)
            first += (x - mean) * (x - mean)
            second += (y - mean) * (y - mean)
        }
        return first > 0 && second > 0 ? products / (first * second).squareRoot() : 0
    }

    private static func ranks(_ values: [Float]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
            start = end
        }
        return ranks
    }
}
