/// How well a map's order of pixels tells what the score rests on (RISE, Petsiuk et al., BMVC 2018): the hottest pixels are shown first on a
/// hidden image (insertion), and hidden first on the whole one (deletion).
public struct InsertionDeletion: Hashable, Sendable {
    /// Shares of the image's pixels, from 0 to 1.
    public let shares: [Double]
    /// The finding's score as a share of the whole image's, with the hottest pixels shown.
    public let insertion: [Double]
    /// The same with the hottest pixels hidden.
    public let deletion: [Double]

    /// The area under insertion less that under deletion: the higher the better; about 0 for an order that knows nothing.
    public var difference: Double { Self.area(shares, insertion) - Self.area(shares, deletion) }

    /// The trapezium rule.
    static func area(_ x: [Double], _ y: [Double]) -> Double {
        var area = 0.0
        for place in 1..<max(1, min(x.count, y.count)) { area += (x[place] - x[place - 1]) * (y[place] + y[place - 1]) / 2 }
        return area
    }

    /// The curves of several maps of one target in one pass: the ends, all shown and all hidden, are run once.
    /// - Parameters:
    ///   - target: Which of the scorer's.
    ///   - maps: Of the plane's size.
    ///   - score: That of the image as it is.
    ///   - steps: Points between the ends and one more.
    /// - Returns: One a map.
    /// - Throws: What a run throws.
    public static func of(
        _ maps: [ExplanationMap], target: Int, scorer: MaskedScorer, score: Double, steps: Int = 20
    ) throws -> [InsertionDeletion] {
        guard score > 0, steps > 0 else { return [] }
        let (count, inner) = (scorer.plane.count, steps - 1)
        let orders = maps.map(\.order)
        // The last run hides everything.
        let values = try scorer.values(masks: 2 * inner * maps.count + 1) { number in
            guard number < 2 * inner * maps.count else { return [Float](repeating: 0, count: count) }
            let (map, step, isDeletion) = (number / (2 * inner), number % inner + 1, number / inner % 2 == 1)
            var visible = [Float](repeating: isDeletion ? 1 : 0, count: count)
            for place in orders[map].prefix(count * step / steps) { visible[Int(place)] = isDeletion ? 0 : 1 }
            return visible
        }.map { $0[target] / score }
        let hidden = values[values.count - 1]
        let shares = (0...steps).map { Double(count * $0 / steps) / Double(count) }
        return maps.indices.map { map in
            let start = 2 * inner * map
            return InsertionDeletion(
                shares: shares, insertion: [hidden] + values[start..<start + inner] + [1],
                deletion: [1] + values[start + inner..<start + 2 * inner] + [hidden])
        }
    }
}
