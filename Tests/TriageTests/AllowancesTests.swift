import Foundation
import Testing
import Triage

@Suite struct AllowancesTests {
    @Test func isOneFlatObject() throws {
        let allowances = try Allowances(findings: ["Pneumothorax": 10, "Pleural effusion": 60], failed: 20, nothingSeen: 300)
        let json = try JSONEncoder().encode(allowances)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Double])
        #expect(
            object == [
                "Pneumothorax": 10, "Pleural effusion": 60, "failed": 20, "nothing_seen": 300, "waiting": 30, "other": 120, "stat": 0,
            ])
        #expect(try JSONDecoder().decode(Allowances.self, from: json) == allowances)
    }

    @Test func classesThatAreNotThereHaveTheStandardMinutes() throws {
        let read = try JSONDecoder().decode(Allowances.self, from: Data(#"{"Mass": 45, "nothing_seen": 480}"#.utf8))
        #expect(read.findings == ["Mass": 45] && read.nothingSeen == 480)
        #expect(read.failed == Allowances.standard.failed && read.stat == 0 && read.other == 120)
    }

    /// The standard table obeys its own rules.
    @Test func standardCanBeMade() throws {
        let standard = Allowances.standard
        let made = try Allowances(
            findings: standard.findings, failed: standard.failed, waiting: standard.waiting, nothingSeen: standard.nothingSeen,
            other: standard.other, stat: standard.stat)
        #expect(made == standard && standard.failed < standard.nothingSeen && standard.longest == 240)
    }

    @Test(arguments: [
        #"{"Pneumothorax": -1}"#, #"{"Pneumothorax": 43200.5}"#, #"{"failed": 240}"#, #"{"failed": 30, "nothing_seen": 10}"#,
        #"{"waiting": 500}"#, #"{"": 5}"#, #"{"Mass": 5, "mass": 6}"#, #"{"Nothing seen": 5}"#, #"{"stat": 1e300}"#,
    ])
    func whatIsNoAllowanceIsRefused(json: String) {
        #expect(throws: TriageError(.badAllowance, "")) { try JSONDecoder().decode(Allowances.self, from: Data(json.utf8)) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -0.001])
    func minutesAreFinite(minutes: Double) {
        #expect(throws: TriageError(.badAllowance, "")) { try Allowances(findings: ["Mass": minutes]) }
        #expect(throws: TriageError(.badAllowance, "")) { try Allowances(findings: [:], nothingSeen: minutes) }
    }

    @Test func textIsNoNumber() {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Allowances.self, from: Data(#"{"Mass": "5"}"#.utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Allowances.self, from: Data("[5]".utf8)) }
    }

    @Test func spellingOfAFindingDoesNotCount() throws {
        let allowances = try Allowances(findings: ["Pleural effusion": 60])
        #expect(allowances.minutes(ofFinding: "pleural_Effusion") == 60 && allowances.minutes(ofFinding: "Effusion") == 120)
        #expect(allowances.minutes(of: "nothing_seen") == 240 && allowances.minutes(of: "Pleural-effusion") == 60)
    }

    @Test func setsSomeAnewAndLeavesTheRest() throws {
        let set = try Allowances.standard.setting(["pneumothorax": 5, "Nodule": 90, "nothing_seen": 600, "STAT": 1])
        #expect(set.findings["Pneumothorax"] == 5 && set.findings["pneumothorax"] == nil && set.findings["Nodule"] == 90)
        #expect(set.nothingSeen == 600 && set.stat == 1 && set.failed == 30 && set.findings["Edema"] == 60)
        #expect(throws: TriageError(.badAllowance, "")) { try Allowances.standard.setting(["nothing_seen": 20]) }
    }
}
