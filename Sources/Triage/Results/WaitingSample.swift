/// The counted studies of one replication and how long each waited in each order.
package struct WaitingSample: Sendable {
    package var studies: [SimulatedStudy]
    /// Minutes, [order][study].
    package var waits: [[Double]]
}

/// Waiting times of a group, over replications.
struct GroupWaiting {
    private let group: StudyGroup
    /// Minutes, [order], of all replications together.
    private let percentiles: [Double?]
    private let maxima: [Double?]
    /// [order][replication].
    private let sums: [[Double]]
    /// [replication].
    private let counts: [Int]

    init(_ group: StudyGroup, in samples: [WaitingSample], orders: Int) {
        self.group = group
        var pooled = [[Double]](repeating: [], count: orders)
        var (sums, counts) = ([[Double]](repeating: [], count: orders), [Int]())
        for sample in samples {
            let places = sample.studies.indices.filter { group.contains(sample.studies[$0]) }
            counts.append(places.count)
            for order in 0..<orders {
                let waits = places.map { sample.waits[order][$0] }
                sums[order].append(waits.reduce(0, +))
                pooled[order] += waits
            }
        }
        maxima = pooled.map { $0.max() }
        percentiles = pooled.indices.map { OrderStatistic.quantile(&pooled[$0], 0.95) }
        (self.sums, self.counts) = (sums, counts)
    }

    /// - Parameter isRandom: Whether replications differ by chance.
    /// - Returns: `nil` of a group without a study.
    func waiting(_ order: Int, findings: [String], isRandom: Bool) -> TriageReport.Waiting? {
        guard let mean = Estimate(sums: sums[order], counts: counts, isRandom: isRandom), let most = maxima[order],
            let percentile = percentiles[order], let baseMost = maxima[0], let basePercentile = percentiles[0]
        else { return nil }
        let isBase = order == 0
        let difference = Estimate(sums: zip(sums[order], sums[0]).map { $0 - $1 }, counts: counts, isRandom: isRandom)
        return TriageReport.Waiting(
            group: group.key, finding: group.place.map { findings[$0] }, title: group.title(findings), count: counts.reduce(0, +),
            mean: mean,
            percentile95: percentile, maximum: most, meanDifference: isBase ? nil : difference,
            percentile95Difference: isBase ? nil : percentile - basePercentile, maximumDifference: isBase ? nil : most - baseMost)
    }
}
