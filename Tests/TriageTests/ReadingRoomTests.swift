import Basics
import Foundation
import Testing
import Triage

@Suite struct ReadingRoomTests {
    private func disciplines(_ generator: inout SeededGenerator) throws -> [Discipline] {
        let limit = Double(Int.random(in: 0...40, using: &generator))
        return [.firstCome, .scoreOrder, .limitedScoreOrder(minutes: limit), .dueDate(try RandomStudies.allowances(&generator))]
    }

    @Test func readsAsTheNaiveRoomDoes() throws {
        var generator = SeededGenerator(seed: 31)
        for trial in 0..<400 {
            let hours = try #require(Staffing.Hours("0:\(String(format: "%02d", trial % 50 + 1))-1:05=\(trial % 3)"))
            let staffing = try Staffing(readers: trial % 4 + 1, hours: trial.isMultiple(of: 2) ? [] : [hours])
            let studies = RandomStudies.wholeMinutes(
                trial % 30, within: 60, longest: 1 + trial % 12, stat: trial % 5 == 0 ? 0.2 : 0, scores: trial % 3 == 0, &generator)
            let naive = NaiveReadingRoom { minute in
                trial.isMultiple(of: 2) || minute < hours.from || minute >= hours.to ? staffing.readers : hours.readers
            }
            for discipline in try disciplines(&generator) {
                let schedule = ReadingRoom(staffing: staffing).read(studies, in: discipline, findings: RandomStudies.findings)
                let expected = naive.starts(studies, in: discipline, findings: RandomStudies.findings)
                #expect(schedule.starts == expected, "trial \(trial), \(discipline.title)")
            }
        }
    }

    /// An order moves waiting from one to another; it makes no work and loses none. With one reader the sum of reading time × waiting time is
    /// the same in every order, on every path (Kleinrock, Queueing Systems II, 1976, section 3.4).
    @Test func workIsConserved() throws {
        var generator = SeededGenerator(seed: 5)
        for trial in 0..<200 {
            let studies = RandomStudies.wholeMinutes(200, within: 900, longest: 8, stat: 0.05, scores: trial % 2 == 0, &generator)
            let work = studies.reduce(0) { $0 + $1.reading }
            for readers in 1...3 {
                let room = ReadingRoom(staffing: try Staffing(readers: readers))
                var products: Set<Double> = []
                for discipline in try disciplines(&generator) {
                    let schedule = room.read(studies, in: discipline, findings: RandomStudies.findings)
                    #expect(schedule.busy == work)
                    #expect(zip(schedule.starts, studies).allSatisfy { $0 >= $1.arrival })
                    products.insert(zip(schedule.starts, studies).reduce(0) { $0 + ($1.0 - $1.1.arrival) * $1.1.reading })
                }
                if readers == 1 { #expect(products.count == 1) }
            }
        }
    }

    /// The reason for due dates. See `DueDate`; with several readers the work left at a moment differs between orders by less than a reading each.
    @Test(arguments: 1...4)
    func nobodyWaitsLongerThanTheBound(readers: Int) throws {
        var generator = SeededGenerator(seed: UInt64(readers))
        let room = ReadingRoom(staffing: try Staffing(readers: readers))
        var scoreOrderBroke = 0
        for trial in 0..<2000 {
            // From an easy day to one in which far more comes than can be read.
            let studies = RandomStudies.wholeMinutes(20 + trial % 150, within: 100 + trial % 700, longest: 1 + trial % 20, &generator)
            let allowances = try RandomStudies.allowances(&generator)
            func longest(_ discipline: Discipline) -> Double {
                let starts = room.read(studies, in: discipline, findings: RandomStudies.findings).starts
                return zip(starts, studies).map { $0 - $1.arrival }.max() ?? 0
            }
            let reading = studies.map(\.reading).max() ?? 0
            let bound = longest(.firstCome) + allowances.longest + reading * (readers == 1 ? 1 : 3)
            let wait = longest(.dueDate(allowances))
            #expect(wait <= bound, "trial \(trial)")
            if longest(.scoreOrder) > bound { scoreOrderBroke += 1 }
        }
        // No formality: the order of scores breaks it.
        if readers == 1 { #expect(scoreOrderBroke > 100, "\(scoreOrderBroke)") }
    }

    @Test func whoGoesHomeEndsTheReadingAndNobodyBeginsAnother() throws {
        let hours = try #require(Staffing.Hours("20-8=0"))
        let room = ReadingRoom(staffing: try Staffing(readers: 1, hours: [hours]))
        let studies = [
            SimulatedStudy(arrival: 1195, reading: 30), SimulatedStudy(arrival: 1196, reading: 5),
            SimulatedStudy(arrival: 3400, reading: 1),
        ]
        let schedule = room.read(studies, in: .firstCome, findings: [])
        #expect(schedule.starts == [1195, 1440 + 480, 3400] && schedule.busy == 36 && schedule.end == 3401)
    }

    @Test func nothingToReadIsRead() throws {
        let schedule = ReadingRoom(staffing: try Staffing()).read([], in: .firstCome, findings: [])
        #expect(schedule.starts.isEmpty && schedule.busy == 0 && schedule.end == 0)
    }
}
