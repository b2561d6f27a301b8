import Basics
import Models
import Testing

@Suite struct JointMeasuresTests {
    private static func rows(_ count: Int) -> [[Double]] {
        var random = SeededGenerator(seed: 5)
        return (0..<count).map { _ in
            let common = random.uniform(-1...1)
            return [
                0.6 + 0.1 * common + 0.02 * random.uniform(-1...1), 0.26 + 0.03 * random.uniform(-1...1),
                0.07 - 0.02 * common + 0.01 * random.uniform(-1...1), 0.3 + 0.1 * random.uniform(-1...1), 0.8 - 0.2 * random.uniform(0...1),
            ]
        }
    }

    /// The squares of all distances to the own mean, by the own covariance, add up to the measures times one less than the rows.
    @Test func squaresAddUpToWhatTheyHaveTo() throws {
        let rows = Self.rows(200)
        let joint = try #require(JointMeasures(of: rows))
        let sum = rows.reduce(0) { $0 + joint.distance(of: $1) * joint.distance(of: $1) }
        #expect(abs(sum - 5 * 199) < 0.5)
    }

    /// What goes against how measures vary together is far, though each measure alone is usual.
    @Test func anUnusualPairIsFurtherThanItsParts() throws {
        let joint = try #require(JointMeasures(of: Self.rows(200)))
        let together = joint.distance(of: [0.69, 0.26, 0.053, 0.3, 0.7])
        let against = joint.distance(of: [0.69, 0.26, 0.087, 0.3, 0.7])
        #expect(against > together + 1)
    }

    @Test func tooFewOrAllAlikeGiveNone() {
        #expect(JointMeasures(of: Self.rows(JointMeasures.fewest - 1)) == nil)
        #expect(JointMeasures(of: Array(repeating: [0.5, 0.2, 0.1, 0.3, 0.9], count: 60)) == nil)
    }
}
