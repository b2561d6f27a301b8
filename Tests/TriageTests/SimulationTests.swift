import Foundation
import Testing
import Triage

@Suite struct SimulationTests {
    private static func workload(
        load: Double = 0.9, sensitivity: Double = 0.9, specificity: Double = 0.8, hours: Double = 300, stat: Double = 0, readers: Double = 1
    ) throws -> RatedWorkload {
        let accuracy = ModelAccuracy(sensitivity: sensitivity, specificity: specificity)
        return try RatedWorkload(
            arrivalsPerHour: load * 15 * readers, readingTimes: .lognormal(mean: 4, variation: 0.8),
            rates: [
                .init("Pneumothorax", prevalence: 0.03, accuracy: accuracy), .init("Effusion", prevalence: 0.12, accuracy: accuracy),
            ], statShare: stat, hours: hours)
    }

    private static func report(
        _ workload: RatedWorkload, readers: Int = 1, replications: Int = 10, seed: UInt64 = 1, limit: Double? = nil
    ) throws -> TriageReport {
        try TriageSimulation(workload, staffing: try Staffing(readers: readers), limit: limit, replications: replications, seed: seed).run()
    }

    @Test func isTheSameForTheSameSeedAndAnotherForAnother() throws {
        let workload = try Self.workload(hours: 60)
        let one = try Self.report(workload, seed: 3)
        #expect(try Self.report(workload, seed: 3) == one)
        #expect(try Self.report(workload, seed: 4).orders != one.orders)
    }

    /// Where flags know nothing of the truth, the diseased gain nothing: in every order they wait as long as all.
    @Test(arguments: [0.1, 0.5, 0.9])
    func modelThatKnowsNothingHelpsNobody(share: Double) throws {
        let workload = try Self.workload(sensitivity: share, specificity: 1 - share, hours: 1500)
        let report = try Self.report(workload, replications: 20, seed: 12)
        for order in report.orders.dropFirst() {
            let difference = try #require(order["diseased"]?.meanDifference)
            let reach = try #require(difference.high) - difference.value
            #expect(abs(difference.value) < 1.5 * reach, "\(order.title): \(difference)")
            // Not for want of studies: one that knows something is seen at once.
            #expect(reach < 0.7, "\(reach)")
        }
        #expect(report.notes.contains { $0.code == "chance" })
        let knowing = try Self.report(try Self.workload(hours: 1500), replications: 20, seed: 12)
        #expect(try #require(knowing["score_order"]?["diseased"]?.meanDifference?.high) < -5)
        #expect(!knowing.notes.contains { $0.code == "chance" })
    }

    /// What the order gives to some it takes from others: the mean of all stays, for reading times do not depend on the class.
    @Test func meanOfAllStays() throws {
        let report = try Self.report(try Self.workload(hours: 1000), replications: 20)
        for order in report.orders.dropFirst() {
            let difference = try #require(order["all"]?.meanDifference)
            #expect(abs(difference.value) < 0.02 * (order["all"]?.mean.value ?? 0), "\(order.title): \(difference)")
        }
    }

    @Test func groupsAddUp() throws {
        let report = try Self.report(try Self.workload(stat: 0.05))
        for order in report.orders {
            let count = { (group: String, finding: String?) in order[group, finding]?.count ?? 0 }
            #expect(count("all", nil) == report.studies)
            #expect(count("finding", "Effusion") > count("finding", "Pneumothorax"))
            #expect(count("diseased", nil) <= count("finding", "Effusion") + count("finding", "Pneumothorax"))
            #expect(count("missed", nil) < count("nothing_seen", nil))
            // Sensitivity .9: a tenth is missed.
            #expect(abs(Double(count("finding_missed", "Effusion")) / Double(count("finding", "Effusion")) - 0.1) < 0.02)
            #expect(order.groups.allSatisfy { $0.maximum <= order.longestWait && $0.percentile95 <= $0.maximum })
        }
        let flagged = try #require(report.orders[0]["nothing_seen"]?.count)
        #expect(abs(report.flaggedPer100 - 100 * (1 - Double(flagged) / Double(report.studies))) < 1e-9)
        #expect(report.orders[0].groups.allSatisfy { $0.meanDifference == nil })
    }

    /// Who is asked for at once is first in every order, so no order takes the credit.
    @Test func statWaitsTheSameInEveryOrder() throws {
        let report = try Self.report(try Self.workload(stat: 0.05), limit: 60)
        let means = try report.orders.map { try #require($0["stat"]?.mean.value) }
        #expect(means.allSatisfy { abs($0 - means[0]) < 0.1 * means[0] } && means[0] < 6)
    }

    /// 95 of 100 intervals hold the closed form.
    @Test func intervalHoldsTheTruthAsOftenAsItSays() throws {
        var held = 0
        for seed in 0..<100 as Range<UInt64> {
            let workload = try RatedWorkload(
                arrivalsPerHour: 36, readingTimes: .exponential(mean: 1),
                rates: [.init("X", prevalence: 0.1, accuracy: ModelAccuracy(sensitivity: 0.9, specificity: 0.8))], hours: 40)
            let mean = try Self.report(workload, replications: 8, seed: seed).orders[0]["all"]?.mean
            if let low = mean?.low, let high = mean?.high, low < 1.5, 1.5 < high { held += 1 }
        }
        #expect((89...100).contains(held), "\(held)")
    }

    @Test func saysWhatTheFiguresMean() throws {
        func codes(_ report: TriageReport) -> Set<String> { Set(report.notes.map(\.code)) }
        #expect(codes(try Self.report(try Self.workload(load: 1.1))).contains("overloaded"))
        #expect(codes(try Self.report(try Self.workload(load: 0.2))).isSuperset(of: ["not_busy", "balance"]))
        #expect(
            codes(try Self.report(try Self.workload(load: 0.2, hours: 20), replications: 1)).isSuperset(of: ["few", "one_replication"]))
        let busy = try Self.report(try Self.workload())
        #expect(codes(busy).isDisjoint(with: ["overloaded", "not_busy", "one_replication"]) && codes(busy).contains("closed_form"))
        let night = try Staffing(readers: 2, hours: [Staffing.Hours(from: 1200, to: 480, readers: 1)])
        #expect(codes(try TriageSimulation(try Self.workload(load: 1.2), staffing: night).run()).contains("short_staffed"))
        // A model that flags the healthy before the sick.
        #expect(codes(try Self.report(try Self.workload(sensitivity: 0.1, specificity: 0.1, hours: 2000))).contains("worse"))
    }

    @Test func oneReplicationHasNoInterval() throws {
        let report = try Self.report(try Self.workload(), replications: 1)
        #expect(report.orders.flatMap(\.groups).allSatisfy { $0.mean.low == nil && $0.meanDifference?.low == nil })
    }

    @Test func tableAndJSONSayTheSame() throws {
        let report = try Self.report(try Self.workload(), limit: 60)
        let text = TriageTable.text(report)
        #expect(text.contains("research use only") && text.contains("Pneumothorax, missed") && text.contains("\ndue date "))
        #expect(report.notes.allSatisfy { text.contains($0.text) } && text.split(separator: "\n").allSatisfy { $0.last != " " })
        let json = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(TriageReport.self, from: json) == report)
        let keys = String(decoding: json, as: UTF8.self)
        for key in ["flagged_per_100_studies", "longest_wait", "percentile_95_difference", "mean_difference", "nothing_seen"] {
            #expect(keys.contains("\"\(key)\""), "\(key)")
        }
    }

    @Test func whatCannotBeSimulatedIsRefused() throws {
        let good = ModelAccuracy(sensitivity: 0.9, specificity: 0.8)
        let bad = ModelAccuracy(sensitivity: 1.1, specificity: 0.8)
        func make(
            _ arrivals: Double = 10, mean: Double = 4, variation: Double = 1, prevalence: Double = 0.1, accuracy: ModelAccuracy? = nil,
            names: [String] = ["X"], stat: Double = 0, hours: Double = 10
        ) throws {
            _ = try RatedWorkload(
                arrivalsPerHour: arrivals, readingTimes: .lognormal(mean: mean, variation: variation),
                rates: names.map { .init($0, prevalence: prevalence, accuracy: accuracy ?? good) }, statShare: stat, hours: hours)
        }
        try make()
        let wrong: [() throws -> Void] = [
            { try make(0) }, { try make(.nan) }, { try make(.infinity) }, { try make(mean: 0) }, { try make(mean: -.infinity) },
            { try make(variation: -1) }, { try make(variation: .nan) }, { try make(prevalence: 1.5) }, { try make(accuracy: bad) },
            { try make(names: []) }, { try make(names: ["X", "x"]) }, { try make(names: (0..<65).map { "\($0)" }) },
            { try make(stat: .nan) },
            { try make(hours: 0) },
        ]
        for call in wrong { #expect(throws: TriageError(.badSetting, "")) { try call() } }
        #expect(throws: TriageError(.tooMuch, "")) { try make(100_000, hours: 1_000_000) }
        let workload = try Self.workload(hours: 100_000)
        #expect(throws: TriageError(.tooMuch, "")) { try Self.report(workload, replications: 1000) }
        #expect(throws: TriageError(.badSetting, "")) { try Self.report(workload, replications: 0) }
        #expect(throws: TriageError(.badSetting, "")) { try Self.report(try Self.workload(hours: 1), limit: .nan) }
        #expect(throws: TriageError(.badSetting, "")) { try Self.report(try Self.workload(load: 1e-6, hours: 1e-3)) }
    }
}
