import Foundation

/// Closed forms of mean waiting times in a queue that never ends and comes to rest, for Poisson arrivals. Times in any one unit.
package enum QueueFormulas {
    /// What is left of the reading that an arrival finds going on, one reader: λ E[S²] / 2.
    /// - Parameter variation: Standard deviation of the reading time over its mean; 1 of the exponential distribution.
    package static func residual(arrivalRate: Double, reading: Double, variation: Double) -> Double {
        arrivalRate * reading * reading * (1 + variation * variation) / 2
    }

    /// In order of arrival, one reader, any distribution of reading times (Pollaczek 1930, Khinchine 1932). `nil` where work piles up.
    package static func firstCome(arrivalRate: Double, reading: Double, variation: Double) -> Double? {
        let load = arrivalRate * reading
        guard load < 1 else { return nil }
        return residual(arrivalRate: arrivalRate, reading: reading, variation: variation) / (1 - load)
    }

    /// Non-preemptive priority of some over others of the same reading times, one reader (Cobham, Operations Research 1954).
    /// - Parameter share: How many of the arrivals go first, 0 to 1.
    package static func priority(
        share: Double, arrivalRate: Double, reading: Double, variation: Double
    ) -> (first: Double, last: Double)? {
        let load = arrivalRate * reading
        guard load < 1 else { return nil }
        let left = residual(arrivalRate: arrivalRate, reading: reading, variation: variation)
        let first = left / (1 - share * load)
        return (first, first / (1 - load))
    }

    /// In order of arrival, several readers, exponential reading times (Erlang 1917, his C formula).
    package static func firstCome(arrivalRate: Double, reading: Double, readers: Int) -> Double? {
        let offered = arrivalRate * reading
        guard readers > 0, offered < Double(readers) else { return nil }
        // Erlang's B by its recursion, which no factorial overflows.
        var blocked = 1.0
        for count in 1...readers { blocked = offered * blocked / (Double(count) + offered * blocked) }
        let waits = Double(readers) * blocked / (Double(readers) - offered * (1 - blocked))
        return waits * reading / (Double(readers) - offered)
    }
}
