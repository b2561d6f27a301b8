import Basics
import Testing
import Triage

@Suite struct OrderStatisticTests {
    @Test func isWhatSortingGives() {
        var generator = SeededGenerator(seed: 2)
        for trial in 0..<2000 {
            // Many of the same, as in a room in which most do not wait.
            let values = (0...trial % 60).map { _ in Double(Int.random(in: 0...(trial % 7 * 5), using: &generator)) }
            let share = [0, 0.95, 1, generator.uniform()][trial % 4]
            let (sorted, place) = (values.sorted(), share * Double(values.count - 1))
            let (below, above) = (sorted[Int(place)], sorted[min(Int(place) + 1, values.count - 1)])
            var shuffled = values
            let quantile = OrderStatistic.quantile(&shuffled, share)
            #expect(quantile == below + (above - below) * (place - place.rounded(.down)))
            #expect(shuffled.sorted() == sorted)
        }
        var none: [Double] = []
        #expect(OrderStatistic.quantile(&none, 0.95) == nil)
    }
}
