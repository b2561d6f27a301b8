import Foundation

/// A curve without its noise.
public enum CurveSmoothing {
    /// A mean weighted by a Gaussian of the neighbours' distance in the list, over at most four standard deviations, as
    /// `scipy.ndimage.gaussian_filter1d` has it inside the list; at its ends and beside gaps the weights of what is there are scaled up
    /// to one, so that no value is made up.
    /// - Parameter sigma: The standard deviation, in values; at most 100.
    /// - Returns: As many as there are values; a gap stays one.
    /// - Complexity: O(*n* sigma)
    public static func gaussian(_ values: [Double], sigma: Double) -> [Double] {
        guard sigma > 0, sigma.isFinite else { return values }
        let sigma = min(100, sigma)
        let radius = Int(4 * sigma + 0.5)
        let weights = (0...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
        return values.indices.map { index in
            guard values[index].isFinite else { return .nan }
            var (sum, total) = (0.0, 0.0)
            for neighbour in max(0, index - radius)...min(values.count - 1, index + radius) where values[neighbour].isFinite {
                let weight = weights[abs(neighbour - index)]
                sum += weight * values[neighbour]
                total += weight
            }
            return sum / total
        }
    }

    /// The points that can be drawn, smoothed with a standard deviation of three of them, less on a curve of few points and a hundredth of
    /// a long one. More than a
    /// thousand are first brought down to a thousand means.
    public static func curve(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let drawable = points.filter { ValueExtent.isDrawable($0.x, .linear) && ValueExtent.isDrawable($0.y, .linear) }
        let few = means(of: drawable, atMost: 1_000)
        let smooth = gaussian(few.map(\.y), sigma: max(Double(few.count) / 100, min(3, Double(few.count) / 15)))
        return zip(few, smooth).map { SIMD2($0.x, $1) }
    }

    private static func means(of points: [SIMD2<Double>], atMost limit: Int) -> [SIMD2<Double>] {
        guard points.count > limit else { return points }
        return (0..<limit).map { block in
            let part = points[points.count * block / limit..<points.count * (block + 1) / limit]
            return part.reduce(SIMD2(0, 0)) { $0 + $1 / Double(part.count) }
        }
    }
}
