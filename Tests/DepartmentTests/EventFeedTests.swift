import Archive
import Department
import Foundation
import Testing

@Suite struct EventFeedTests {
    private let study = StudyID(ofUID: "1")

    @Test func whoComesBackGetsWhatWasMissedAndWhoWasTooLongAwayIsTold() async {
        let feed = EventFeed()
        let (id, first) = feed.listen()
        for _ in 0..<3 { feed.publish(.changed(study)) }
        var iterator = first.makeAsyncIterator()
        guard case .event(let one) = await iterator.next() else { return #expect(Bool(false)) }
        feed.leave(id)
        var numbers: [UInt64] = []
        let (again, rest) = feed.listen(after: one.number)
        feed.leave(again)
        for await case .event(let event) in rest { numbers.append(event.number) }
        #expect(numbers == [one.number + 1, one.number + 2] && feed.listenerCount == 0)
        for stale in [0, one.number - 5, one.number + 1_000] {
            let (id, items) = feed.listen(after: stale)
            feed.leave(id)
            var found: [EventFeed.Item] = []
            for await item in items { found.append(item) }
            #expect(found == [.reset(one.number + 2)], "\(stale)")
        }
    }
}
