/// The structural similarity of two maps (Wang et al., IEEE TIP 2004), as Arun et al. (Radiology: AI 2021) compare maps before and after a
/// network's weights are made random: each map stretched over 0...1 first.
public enum StructuralSimilarity {
    private static let deviation = 1.5
    private static let (first, second) = (0.01 * 0.01, 0.03 * 0.03)

    /// Maps of the same size, stretched over 0...1; one without two different values becomes 0 everywhere.
    /// - Returns: The mean over the map, at most 1.
    public static func of(_ left: ExplanationMap, _ right: ExplanationMap) -> Double {
        of(stretched(left.values), stretched(right.values), width: left.width, height: left.height)
    }

    /// The mean structural similarity of two pictures [height, width] with values in 0...1, Gaussian weights of 1.5 px.
    public static func of(_ left: [Float], _ right: [Float], width: Int, height: Int) -> Double {
        guard left.count == right.count, left.count == width * height, !left.isEmpty else { return 0 }
        func smooth(_ values: [Float]) -> [Double] {
            Smoothing.gaussian(values, width: width, height: height, deviation: deviation).map(Double.init)
        }
        let (a, b) = (smooth(left), smooth(right))
        let (aa, bb, ab) = (smooth(zip(left, left).map(*)), smooth(zip(right, right).map(*)), smooth(zip(left, right).map(*)))
        var sum = 0.0
        for place in left.indices {
            let (x, y) = (a[place], b[place])
            let (varianceX, varianceY, covariance) = (max(0, aa[place] - x * x), max(0, bb[place] - y * y), ab[place] - x * y)
            let likeness: Double = (2 * x * y + first) * (2 * covariance + second)
            let size: Double = (x * x + y * y + first) * (varianceX + varianceY + second)
            sum += likeness / size
        }
        return sum / Double(left.count)
    }

    private static func stretched(_ values: [Float]) -> [Float] {
        guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 0 } }
        return values.map { ($0 - low) / (high - low) }
    }
}
