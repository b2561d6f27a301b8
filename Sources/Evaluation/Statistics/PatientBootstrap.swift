import Basics
import Findings
import Foundation

/// Draws of patients with replacement, for how far a figure could be off by chance.
///
/// Whole patients are drawn, not images, since images of one patient resemble each other and would make the interval too narrow (Field
/// and Welsh, JRSS B 2007). A draw is told as how often each image counts, so that a figure sorts and matches once and only counts
/// anew in each draw. Draw *n* of a seed is always the same, on however many threads.
public struct PatientBootstrap: Sendable {
    /// Draws made.
    public let draws: Int
    public let seed: UInt64
    /// Different patients.
    public let patientCount: Int
    /// The patient of each image, numbered in the order in which they first come.
    private let patientOfImage: [Int]

    /// - Parameter patients: Whose image it is, for each image.
    public init(patients: [String], draws: Int = 1000, seed: UInt64 = 1) {
        var numbers: [String: Int] = [:]
        patientOfImage = patients.map { name in
            if let known = numbers[name] { return known }
            numbers[name] = numbers.count
            return numbers.count - 1
        }
        patientCount = numbers.count
        self.draws = max(0, draws)
        self.seed = seed
    }

    /// Images drawn from.
    public var imageCount: Int { patientOfImage.count }

    /// Patients of whom an image at a position that meets the condition is there.
    func patientCount(where isMeant: (Int) -> Bool) -> Int {
        Set(patientOfImage.indices.lazy.filter(isMeant).map { patientOfImage[$0] }).count
    }

    /// How often each image counts in a draw.
    public func multiplicities(ofDraw draw: Int) -> [Int] {
        var generator = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: draw))
        var times = Array(repeating: 0, count: patientCount)
        let bound = UInt64(patientCount)
        for _ in 0..<patientCount {
            // Lemire's multiplication, whose bias (patients / 2^64) is nothing here.
            times[Int(generator.next().multipliedFullWidth(by: bound).high)] += 1
        }
        return patientOfImage.map { times[$0] }
    }

    /// Several figures in one pass over the draws.
    /// - Parameter figures: The figures of the images with these multiplicities, always as many and in the same order; `nil` for one that
    ///   cannot be told. Called on several threads.
    /// - Returns: One distribution a figure. With fewer than two patients there is nothing to draw, and the distributions have no draws.
    /// - Complexity: O(draws · images) besides the figures' own.
    public func distributions(of figures: @Sendable ([Int]) -> [Double?]) -> [BootstrapDistribution] {
        let values = figures(Array(repeating: 1, count: imageCount))
        // In a few stretches a core: enough that none waits long for the last, few enough that handing over costs nothing.
        let count = patientCount < 2 ? 0 : draws
        let stretches = min(count, 8 * max(1, ProcessInfo.processInfo.activeProcessorCount))
        let drawn = Concurrent.map(stretches, stretch: 1) { stretch in
            (stretch * count / stretches..<(stretch + 1) * count / stretches).map { figures(multiplicities(ofDraw: $0)) }
        }.flatMap { $0 }
        return values.indices.map { figure in
            BootstrapDistribution(value: values[figure], draws: drawn.map { figure < $0.count ? $0[figure] : nil })
        }
    }

    /// A figure with its interval.
    /// - Parameters:
    ///   - level: Share of the draws inside the interval.
    ///   - figure: The figure of the images with these multiplicities. Called on several threads.
    /// - Returns: `nil` where the figure of the images as they are cannot be told.
    public func interval(level: Double = 0.95, of figure: @Sendable ([Int]) -> Double?) -> ConfidenceInterval? {
        distributions { [figure($0)] }.first?.interval(level: level)
    }

    /// Several figures with their intervals, in one pass over the draws.
    public func intervals(level: Double = 0.95, of figures: @Sendable ([Int]) -> [Double?]) -> [ConfidenceInterval?] {
        distributions(of: figures).map { $0.interval(level: level) }
    }
}
