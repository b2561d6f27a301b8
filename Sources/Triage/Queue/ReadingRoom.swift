/// Readers who take studies from one list, one at a time, whenever there is one: from event to event, in continuous time.
package struct ReadingRoom: Sendable {
    package var staffing: Staffing

    package init(staffing: Staffing) { self.staffing = staffing }

    /// What a day came to.
    package struct Schedule: Hashable, Sendable {
        /// Minutes at which each study's reading began.
        package var starts: [Double]
        /// Minutes of all readers together in which they read.
        package var busy: Double
        /// When the last reading ended, in minutes.
        package var end: Double
    }

    /// Reads all studies, even those that are left when no more come.
    /// - Parameters:
    ///   - studies: In order of arrival.
    ///   - findings: The names of their findings.
    /// - Returns: The start of each reading. A study that comes at the moment at which a reader becomes free can be chosen, too.
    /// - Complexity: O(n log n).
    package func read(_ studies: [SimulatedStudy], in discipline: Discipline, findings: [String]) -> Schedule {
        var list = Worklist(studies, discipline, findings)
        // When each reading that goes on will end.
        var readings = Heap<Double>()
        var schedule = Schedule(starts: Array(repeating: 0, count: studies.count), busy: 0, end: 0)
        var (clock, next) = (studies.first?.arrival ?? 0, 0)
        while next < studies.count || !list.isEmpty {
            while let end = readings.first, end <= clock { _ = readings.popFirst() }
            while next < studies.count, studies[next].arrival <= clock {
                list.add(next)
                next += 1
            }
            // Who goes home ends the reading that has begun.
            let readers = staffing.readers(at: clock)
            while readings.count < readers, let index = list.take(at: clock) {
                let end = clock + studies[index].reading
                schedule.starts[index] = clock
                schedule.busy += end - clock
                schedule.end = max(schedule.end, end)
                readings.insert(end)
            }
            var moment = next < studies.count ? studies[next].arrival : .infinity
            if !list.isEmpty {
                moment = min(moment, readings.first ?? .infinity, staffing.nextChange(after: clock) ?? .infinity)
            }
            // Nothing is left where there is no moment more.
            clock = moment
        }
        return schedule
    }
}

/// Who waits, in the order of a discipline.
private struct Worklist {
    /// `index` is the order of arrival.
    private struct Entry: Comparable {
        var isRoutine: Bool
        var key: Double
        var index: Int

        static func < (left: Entry, right: Entry) -> Bool {
            if left.isRoutine != right.isRoutine { return right.isRoutine }
            return left.key != right.key ? left.key < right.key : left.index < right.index
        }
    }

    private let studies: [SimulatedStudy]
    private let keys: [Double]
    private let limit: Double?
    private var heap = Heap<Entry>()
    private var count = 0
    /// With a limit: what shows nothing, in order of arrival, and the place of the first that may still wait.
    private var quiet: [Int] = []
    private var oldest = 0
    private var isTaken: [Bool]

    init(_ studies: [SimulatedStudy], _ discipline: Discipline, _ findings: [String]) {
        self.studies = studies
        keys = discipline.keys(studies, findings: findings)
        limit = discipline.limit
        isTaken = limit == nil ? [] : Array(repeating: false, count: studies.count)
    }

    var isEmpty: Bool { count == 0 }

    mutating func add(_ index: Int) {
        heap.insert(Entry(isRoutine: !studies[index].isStat, key: keys[index], index: index))
        count += 1
        if limit != nil, !studies[index].isStat, studies[index].flagged.isEmpty { quiet.append(index) }
    }

    mutating func take(at clock: Double) -> Int? {
        guard let limit else {
            guard let entry = heap.popFirst() else { return nil }
            count -= 1
            return entry.index
        }
        while oldest < quiet.count, isTaken[quiet[oldest]] { oldest += 1 }
        while let first = heap.first, isTaken[first.index] { _ = heap.popFirst() }
        guard let first = heap.first else { return nil }
        var index = first.index
        if first.isRoutine, oldest < quiet.count, clock - studies[quiet[oldest]].arrival > limit {
            index = quiet[oldest]
        } else {
            _ = heap.popFirst()
        }
        isTaken[index] = true
        count -= 1
        return index
    }
}
