import Basics
import Foundation
import PleuraTesting
import Testing
import Watching

@Suite struct WatchTests {
    private static let start = Date(timeIntervalSince1970: 1_767_571_200)

    private static func normal(_ generator: inout SeededGenerator) -> Double {
        let (u, v) = (Double.random(in: .leastNonzeroMagnitude..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }

    /// So many images a week of a device; from a week on another software, whose images are brighter by `shift` standard deviations.
    private static func images(
        weeks: Int, aWeek: Int, changedFrom: Int? = nil, shift: Double = 1.5, accepted: (Int) -> Double = { _ in 0.8 }, seed: UInt64 = 1
    ) -> [WatchedImage] {
        var generator = SeededGenerator(seed: seed)
        return (0..<weeks * aWeek).map { index in
            let week = index / aWeek
            let isChanged = changedFrom.map { week >= $0 } ?? false
            return WatchedImage(
                time: start.addingTimeInterval(Double(index) / Double(aWeek) * 7 * 86_400), device: "room 1",
                tags: ["software version": isChanged ? "2.0" : "1.0", "manufacturer": "A"],
                numbers: [
                    "mean grey": normal(&generator) + (isChanged ? shift : 0), "boxes": Double(generator.next() % 3),
                    "refused": generator.next() % 50 == 0 ? 1 : 0,
                ],
                decisions: [Double.random(in: 0..<1, using: &generator) < accepted(week)])
        }
    }

    /// Kolmogorov's distance against counting at every value.
    @Test func distanceIsTheLargestDifferenceOfShares() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let first = (0..<1 + Int(generator.next() % 30)).map { _ in Double(generator.next() % 12) }.sorted()
            let second = (0..<1 + Int(generator.next() % 30)).map { _ in Double(generator.next() % 12) }.sorted()
            func share(_ values: [Double], _ x: Double) -> Double { Double(values.count { $0 <= x }) / Double(values.count) }
            let expected = (first + second).map { abs(share(first, $0) - share(second, $0)) }.max() ?? 0
            #expect(abs(TwoSampleDistance.kolmogorovSmirnov(first, second) - expected) < 1e-12)
        }
    }

    /// Where nothing has changed, one batch in a hundred is unusual at 1 percent, of any size: with a rule of thumb half of the small ones were.
    @Test(arguments: [20, 50, 150]) func aBatchIsSeldomUnusualByChance(size: Int) {
        var generator = SeededGenerator(seed: UInt64(size))
        var unusual = 0
        let (samples, batches) = (30, 40)
        for sample in 0..<samples {
            var null = BatchNull(usual: (0..<200).map { _ in Self.normal(&generator) }, draws: 400, seed: UInt64(sample))
            for _ in 0..<batches where null.test((0..<size).map { _ in Self.normal(&generator) }).probability <= 0.01 { unusual += 1 }
        }
        let share = Double(unusual) / Double(samples * batches)
        print("batches of \(size): \(share) are unusual by chance at 0.01")
        #expect(share < 0.025)
    }

    @Test func aChangeIsNamedWithinTwoWeeksAndByWhatChangedFirst() throws {
        let report = Watch().report(Self.images(weeks: 20, aWeek: 40, changedFrom: 12))
        let alarm = try #require(report.alarms.first)
        #expect(report.alarms.count == 1 && alarm.figures == ["mean grey"] && alarm.device == "room 1")
        #expect(alarm.change?.tag == "software version" && alarm.change?.before == "1.0" && alarm.change?.after == "2.0")
        let changed = Self.start.addingTimeInterval(12 * 7 * 86_400).formatted(.iso8601.year().month().day())
        let latest = Self.start.addingTimeInterval(14 * 7 * 86_400).formatted(.iso8601.year().month().day())
        #expect(alarm.day >= changed && alarm.day <= latest)
        #expect(alarm.change?.day == changed)
    }

    /// Twelve sites watch three figures for a year in which nothing happens.
    @Test func aQuietYearIsQuiet() {
        let alarms = (0..<12).reduce(0) { $0 + Watch().report(Self.images(weeks: 57, aWeek: 40, seed: UInt64(100 + $1))).alarms.count }
        print("twelve quiet years: \(alarms) alarms")
        // One a year by acceptance is what its limit is for, twelve in all; Poisson's law has more than 22 in two of a thousand.
        #expect(alarms <= 22)
    }

    @Test func fallenAcceptanceAlarms() throws {
        let report = Watch().report(Self.images(weeks: 30, aWeek: 40, accepted: { $0 < 15 ? 0.8 : 0.6 }))
        let alarm = try #require(report.alarms.first { $0.figures == [Watch.acceptance] })
        let fell = Self.start.addingTimeInterval(15 * 7 * 86_400).formatted(.iso8601.year().month().day())
        let latest = Self.start.addingTimeInterval(20 * 7 * 86_400).formatted(.iso8601.year().month().day())
        #expect(alarm.day >= fell && alarm.day <= latest && alarm.change == nil)
    }

    /// The mean run length of the chain is that of a simulation.
    @Test(arguments: [(0.8, 800.0), (0.95, 2000.0), (0.5, 300.0)]) func falseAlarmsComeAsOftenAsChosen(usual: Double, every: Double) {
        var generator = SeededGenerator(seed: 5)
        let chart = AcceptanceChart(usual: usual, falseAlarmEvery: every)
        var total = 0
        for _ in 0..<400 {
            var run = chart
            while !run.take(Double.random(in: 0..<1, using: &generator) < usual) {}
            total += run.decisions
        }
        let mean = Double(total) / 400
        print("acceptance \(usual): a false alarm every \(mean) decisions, \(every) chosen")
        #expect(abs(mean / every - 1) < 0.2 && abs(chart.meanRunLength / every - 1) < 0.05)
    }

    @Test func tablesAreReadAndWhatIsWrongIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("week.csv")
        try Data(
            "time,device,tag software,boxes,accepted,rejected\n2026-01-05,room 1,1.0,2,1,2\n2026-01-06T10:00:00Z,room 1,1.0,0,,\n".utf8
        )
        .write(to: file)
        let images = try WatchTable.read(file)
        #expect(images.count == 2 && images[0].tags == ["software": "1.0"] && images[0].decisions == [true, false, false])
        #expect(images[0].numbers == ["boxes": 2])
        for (text, reason) in [
            ("device,boxes\na,1\n", "\"time\""), ("time,device,boxes\nyesterday,a,1\n", "row 2"),
            ("time,device,boxes\n2026-01-05,a,many\n", "boxes is not a number"),
            ("time,device,accepted\n2026-01-05,a,-1\n", "accepted is not a count"),
        ] {
            try Data(text.utf8).write(to: file)
            #expect { try WatchTable.read(file) } throws: { ($0 as? WatchError)?.reason.contains(reason) == true }
        }
    }
}
