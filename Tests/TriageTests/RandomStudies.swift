import Basics
import Triage

/// Small instances, full of studies that arrive and end at the same moments.
enum RandomStudies {
    static let findings = ["Pneumothorax", "Effusion", "Nodule"]

    /// Whole minutes, in order of arrival.
    static func wholeMinutes(
        _ count: Int, within last: Int, longest: Int, stat: Double = 0, scores: Bool = false, _ generator: inout SeededGenerator
    ) -> [SimulatedStudy] {
        let arrivals = (0..<count).map { _ in Int.random(in: 0...last, using: &generator) }.sorted()
        return arrivals.map { arrival in
            SimulatedStudy(
                arrival: Double(arrival), reading: Double(Int.random(in: 1...longest, using: &generator)),
                findings: FindingSet(rawValue: UInt64.random(in: 0..<8, using: &generator)),
                flagged: FindingSet(rawValue: generator.uniform() < 0.5 ? 0 : UInt64.random(in: 0..<8, using: &generator)),
                isStat: generator.uniform() < stat, score: scores ? Double(Int.random(in: 0...3, using: &generator)) / 3 : nil)
        }
    }

    /// A table of minutes that matter among so few.
    static func allowances(_ generator: inout SeededGenerator) throws -> Allowances {
        func minutes(_ most: Int) -> Double { Double(Int.random(in: 0...most, using: &generator)) }
        return try Allowances(
            findings: ["Pneumothorax": minutes(10), "Effusion": minutes(30)], failed: 0, waiting: 0, nothingSeen: minutes(60) + 1,
            other: minutes(50))
    }
}
