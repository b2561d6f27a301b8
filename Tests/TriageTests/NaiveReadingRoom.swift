import Foundation
import Triage

/// The same room, written as one would explain it: minute by minute, and at each the whole list is looked through. For whole minutes.
struct NaiveReadingRoom {
    /// By minute of the day.
    var readers: (Int) -> Int

    func starts(_ studies: [SimulatedStudy], in discipline: Discipline, findings: [String]) -> [Double] {
        var starts = [Double?](repeating: nil, count: studies.count)
        var minute = 0
        while starts.contains(nil) {
            let now = Double(minute)
            while true {
                let reading = studies.indices.count { index in
                    starts[index].map { $0 <= now && now < $0 + studies[index].reading } ?? false
                }
                let waiting = studies.indices.filter { starts[$0] == nil && studies[$0].arrival <= now }
                guard reading < readers(minute % 1440), let next = Self.next(waiting, studies, discipline, findings, now) else { break }
                starts[next] = now
            }
            minute += 1
        }
        return starts.compactMap { $0 }
    }

    private static func next(
        _ waiting: [Int], _ studies: [SimulatedStudy], _ discipline: Discipline, _ findings: [String], _ now: Double
    ) -> Int? {
        let urgent = waiting.filter { studies[$0].isStat }
        let pool = urgent.isEmpty ? waiting : urgent
        switch discipline {
        case .firstCome: return pool.first
        case .limitedScoreOrder(let limit):
            let old = pool.first { urgent.isEmpty && studies[$0].flagged.isEmpty && now - studies[$0].arrival > limit }
            return old ?? next(waiting, studies, .scoreOrder, findings, now)
        case .scoreOrder:
            func rank(_ index: Int) -> Double { studies[index].score ?? (studies[index].flagged.isEmpty ? 0 : 1) }
            let best = pool.map(rank).max()
            return pool.first { rank($0) == best }
        case .dueDate(let allowances):
            let midnight = Date(timeIntervalSince1970: 0)
            func due(_ index: Int) -> DueDate {
                let study = studies[index]
                return DueDate.of(
                    arrival: midnight + study.arrival * 60, urgency: study.isStat ? .stat : .routine,
                    classes: findings.indices.filter { study.flagged.has($0) }.map { findings[$0] }, allowances: allowances)
            }
            let first = pool.map { due($0).due }.min()
            return pool.first { due($0).due == first }
        }
    }
}
