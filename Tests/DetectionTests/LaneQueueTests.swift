import Detection
import Foundation
import Testing

@Suite struct LaneQueueTests {
    private func taken(_ queue: LaneQueue<Int>, _ choice: LaneQueue<Int>.Choice, _ count: Int) -> [Int] {
        (0..<count).compactMap { _ in queue.take(choice)?.element }
    }

    @Test func urgentElementsGoFirst() {
        let queue = LaneQueue<Int>(patience: .seconds(3_600))
        for (element, urgency) in [(1, .soon), (2, .soon), (3, .now), (4, .now)] as [(Int, Urgency)] { queue.put(element, urgency) }
        #expect(taken(queue, .any, 4) == [3, 4, 1, 2])
    }

    /// Nobody waits for ever: what has waited long enough is as urgent as anything.
    @Test func whatHasWaitedForLongIsUrgentToo() {
        let queue = LaneQueue<Int>(patience: .zero)
        for (element, urgency) in [(1, .soon), (3, .now)] as [(Int, Urgency)] { queue.put(element, urgency) }
        #expect(taken(queue, .any, 2) == [1, 3])
        queue.put(5, .now)
        queue.put(6, .soon)
        #expect(taken(queue, .soonInPeace, 1) == [6])
    }

    /// Others are taken again when the urgent one is done, not when it is taken.
    @Test func othersWaitUntilTheUrgentOneIsDone() async {
        let queue = LaneQueue<Int>(patience: .seconds(3_600))
        queue.put(1, .now)
        queue.put(2, .soon)
        #expect(queue.take(.nowOnly)?.element == 1)
        let other = Task.detached { queue.take(.soonInPeace)?.element }
        try? await Task.sleep(for: .milliseconds(50))
        #expect(queue.count == 1)
        queue.done(.now)
        #expect(await other.value == 2)
    }

    @Test func aFullLaneRefusesAndAClosedOneIsEmptied() {
        let queue = LaneQueue<Int>(capacity: 1, patience: .seconds(3_600))
        #expect(queue.offer(1, .soon) == .taken && queue.offer(2, .soon) == .full && queue.offer(3, .now) == .taken)
        queue.close()
        #expect(queue.offer(4, .now) == .closed && !queue.put(5, .soon))
        #expect(taken(queue, .any, 3) == [3, 1])
        #expect(queue.remove { _ in true }.isEmpty)
    }
}
