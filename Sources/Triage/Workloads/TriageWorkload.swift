import Basics

/// Where studies come from: drawn from rates, or a site's own.
package protocol TriageWorkload: Sendable {
    /// Names of the findings; the i-th is bit i of a `FindingSet`.
    var findings: [String] { get }
    /// Studies that arrive before are read, but not counted: an empty room in the morning is not how a department works. In minutes.
    var countedFrom: Double { get }
    /// Minutes of reading that arrive a minute.
    var offered: Double { get }
    /// Whether one replication differs from another.
    var isRandom: Bool { get }
    /// For JSON: `rates` or `file`.
    var source: String { get }
    /// Mean wait in order of arrival, in minutes, where there is a closed form for it; `nil` elsewhere.
    func expectedWait(_ staffing: Staffing) -> Double?

    /// How the model does on each finding, where its flags are drawn by that.
    var accuraciesByName: [String: ModelAccuracy] { get }

    /// In order of arrival, the same for the same seed and number.
    func studies(replication: Int, seed: UInt64) -> [SimulatedStudy]
}

/// A part of a replication's chance, each with its own stream of random numbers: so another sensitivity changes no arrival.
enum ChanceStream: UInt64, CaseIterable {
    case arrivals, readings, findings, flags

    func generator(_ replication: Int, seed: UInt64) -> SeededGenerator {
        SeededGenerator(seed: seed, stream: UInt64(replication) &* UInt64(Self.allCases.count) &+ rawValue &+ 1)
    }
}
