import Basics

/// Whether a batch is unlike what is usual, against how unlike a batch of that size is by chance.
///
/// What is usual is a sample itself. So both are drawn anew from it, a usual of its size and a batch of the batch's (two-sample bootstrap), and the
/// share of such pairs that lie as far apart is the probability. Rules of thumb that ask no number, such as 0.2 for the population stability index,
/// alarm in half of all batches of 50 in which nothing changed.
public struct BatchNull: Sendable {
    private let usual: [Double]
    private let draws: Int
    private let seed: UInt64
    /// Distances by chance, rising, of batches of each size asked for so far.
    private var nulls: [Int: [Double]] = [:]

    /// - Parameter usual: In any order.
    public init(usual: [Double], draws: Int = 1000, seed: UInt64 = 1) {
        (self.usual, self.draws, self.seed) = (usual.sorted(), draws, seed)
    }

    public var count: Int { usual.count }

    /// - Returns: The distance, and the probability of one as large where nothing has changed; never 0.
    public mutating func test(_ batch: [Double]) -> (distance: Double, probability: Double) {
        let distance = TwoSampleDistance.kolmogorovSmirnov(usual, batch.sorted())
        let null = null(of: batch.count)
        // Those as large or larger, and the batch itself.
        var (low, high) = (0, null.count)
        while low < high {
            let middle = (low + high) / 2
            if null[middle] < distance - 1e-12 { low = middle + 1 } else { high = middle }
        }
        return (distance, Double(null.count - low + 1) / Double(null.count + 1))
    }

    private mutating func null(of size: Int) -> [Double] {
        if let known = nulls[size] { return known }
        let usual = usual
        let seed = seed
        let distances = Concurrent.map(usual.isEmpty ? 0 : draws, stretch: 50) { draw in
            var generator = SeededGenerator(seed: seed, stream: UInt64(draw))
            func drawn(_ count: Int) -> [Double] {
                // Ranks that rise: sorting is spared by counting.
                var times = Array(repeating: 0, count: usual.count)
                for _ in 0..<count { times[Int(generator.next().multipliedFullWidth(by: UInt64(usual.count)).high)] += 1 }
                return times.indices.flatMap { Array(repeating: usual[$0], count: times[$0]) }
            }
            return TwoSampleDistance.kolmogorovSmirnov(drawn(usual.count), drawn(size))
        }.sorted()
        nulls[size] = distances
        return distances
    }
}
