import Foundation
import Testing
import Triage

@Suite struct RecordedWorkloadTests {
    /// Four studies at once, four minutes each: whoever stands first waits 0, then 4, 8, 12.
    private let text = """
        arrival,reading_minutes,findings,flagged,score
        0,4,,,0.2
        0,4,Nodule,,0.3
        0,4,Pneumothorax,Pneumothorax,0.9
        0,4,,Nodule,0.6

        """

    private func report(_ text: String, accuracy: ((String) -> ModelAccuracy?)? = nil, replications: Int = 20) throws -> TriageReport {
        let workload = try RecordedWorkload(try TimesFile(Data(text.utf8), name: "f"), accuracy: accuracy)
        return try TriageSimulation(workload, staffing: try Staffing(), replications: replications).run()
    }

    @Test func aSitesOwnDay() throws {
        let report = try report(text)
        #expect(report.studies == 4 && report.replications == 1 && report.source == "file" && report.flaggedPer100 == 50)
        func waits(_ discipline: String) -> [Double?] {
            let order = report[discipline]
            return [
                order?["finding", "Pneumothorax"]?.mean.value, order?["finding", "Nodule"]?.mean.value, order?["false_alarm"]?.mean.value,
            ]
        }
        #expect(waits("first_come") == [8, 4, 12] && waits("score_order") == [0, 8, 4] && waits("due_date") == [0, 12, 4])
        let missed = try #require(report["due_date"]?["missed"])
        #expect(missed.count == 1 && missed.meanDifference == Estimate(value: 8) && missed.maximumDifference == 8)
        #expect(report.notes.contains { $0.code == "file" } && report.notes.contains { $0.code == "few" })
    }

    @Test func flagsAreDrawnWhereTheFileHasNone() throws {
        let rows = (0..<2000).map { "\($0 * 5),4,\($0 % 5 == 0 ? "Pneumothorax" : "")\n" }.joined()
        let plain = "arrival,reading_minutes,findings\n" + rows
        let report = try report(plain, accuracy: { $0 == "Pneumothorax" ? ModelAccuracy(sensitivity: 0.8, specificity: 0.9) : nil })
        #expect(report.replications == 20 && report.studies == 40_000 && abs(report.load - 0.8) < 1e-9)
        #expect(abs(report.flaggedPer100 - (0.2 * 80 + 0.8 * 10)) < 1 && abs(report.falseAlarmsPer100 - 8) < 1)
        // One every five minutes, four minutes each: nobody waits in any order.
        #expect(report.orders.allSatisfy { $0.longestWait == 0 })
        let perfect = try self.report(plain, accuracy: { _ in ModelAccuracy(sensitivity: 1, specificity: 1) }, replications: 2)
        #expect(perfect.flaggedPer100 == 20 && perfect.falseAlarmsPer100 == 0 && perfect.orders[0]["missed"] == nil)
        #expect(throws: TriageError(.badSetting, "")) { try self.report(plain) }
        #expect(throws: TriageError(.badSetting, "")) { try self.report(plain, accuracy: { _ in nil }) }
        #expect(throws: TriageError(.badSetting, "")) {
            try self.report(plain, accuracy: { _ in ModelAccuracy(sensitivity: .nan, specificity: 1) })
        }
    }
}
