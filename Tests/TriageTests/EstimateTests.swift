import Testing
import Triage

@Suite struct EstimateTests {
    /// Against the published table.
    @Test(arguments: [(1, 12.706), (4, 2.776), (9, 2.262), (10, 2.228), (12, 2.179), (19, 2.093), (30, 2.042), (120, 1.980), (999, 1.962)])
    func studentsQuantile(freedom: Int, expected: Double) { #expect(abs(StudentT.quantile975(freedom: freedom) - expected) < 0.0006) }

    @Test func equalCountsGiveTheIntervalOfAMean() throws {
        let estimate = try #require(Estimate(sums: [20, 30, 40, 50], counts: [10, 10, 10, 10]))
        // Means 2, 3, 4, 5: standard error 1.2910 / 2, t 3.1824.
        let (low, high) = (try #require(estimate.low), try #require(estimate.high))
        #expect(estimate.value == 3.5 && abs(high - 3.5 - 3.1824 * 0.645497) < 1e-4 && abs(low + high - 7) < 1e-9)
    }

    @Test func emptyReplicationsAreNoZeros() throws {
        let estimate = try #require(Estimate(sums: [6, 0, 2], counts: [3, 0, 1]))
        #expect(estimate.value == 2 && estimate.low == 2 && estimate.high == 2)
        #expect(Estimate(sums: [0, 0], counts: [0, 0]) == nil)
        #expect(Estimate(sums: [6], counts: [3]) == Estimate(value: 2))
        #expect(Estimate(sums: [6, 7], counts: [3, 3], isRandom: false)?.low == nil)
    }
}
