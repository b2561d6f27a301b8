import Foundation
import Terminology
import Testing

@Suite struct TerminologyLinterTests {
    @Test func `the standard table is sound, and says what nobody has looked up`() {
        let problems = TerminologyLinter().problems(labels: [
            "Atelectasis", "Cardiomegaly", "Effusion", "Infiltrate", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
        ])
        #expect(problems.filter { $0.kind != .unsure } == [])
        #expect(problems.map(\.place) == ["Clavicle fracture"])
    }

    @Test func `labels without a published code are named`() {
        let problems = TerminologyLinter().problems(labels: ["Effusion", "Pleural_Thickening", "Clip"]).filter { $0.kind == .missing }
        #expect(problems.map(\.place) == ["Pleural_Thickening", "Clip"])
    }

    @Test func `doubled codes and names are named`() throws {
        let file = """
            {"findings": [
              {"label": "Clip", "codes": [{"value": "60046008", "scheme": "SCT", "meaning": "Pleural effusion"}]},
              {"label": "Wire", "synonyms": ["clip"], "codes": [{"value": "W", "scheme": "99PLEURA", "meaning": "Wire"}]},
              {"label": "Rod", "codes": [
                {"value": "W", "scheme": "99PLEURA", "meaning": "Rod"}, {"value": "W", "scheme": "99PLEURA", "meaning": "Rod"}]}
            ]}
            """
        let problems = TerminologyLinter(try Terminology(overriding: Data(file.utf8))).problems().filter { $0.kind == .doubled }
        #expect(Set(problems.map(\.place)) == ["Clip", "clip", "Rod"])
        #expect(problems.contains { $0.reason == "SCT 60046008 is the code of Effusion, too" })
        #expect(problems.contains { $0.reason == "99PLEURA W is there twice" })
        #expect(problems.contains { $0.reason == "99PLEURA W means Wire elsewhere" })
    }

    @Test func `one wrong digit or two exchanged ones of a SNOMED CT identifier are found`() {
        let right = "399208008"
        #expect(ConceptCode(right, "SCT", "x").fault == nil)
        let digits = Array(right)
        for place in digits.indices {
            for digit in "0123456789" where digit != digits[place] {
                var wrong = digits
                wrong[place] = digit
                #expect(ConceptCode(String(wrong), "SCT", "x").fault != nil)
            }
            guard place + 1 < digits.count, digits[place] != digits[place + 1] else { continue }
            var swapped = digits
            swapped.swapAt(place, place + 1)
            #expect(ConceptCode(String(swapped), "SCT", "x").fault != nil)
        }
    }

    @Test(arguments: [
        ("129614006", "SCT", "x"), ("12345", "SCT", "x"), ("36643-4", "LN", "x"), ("366435", "LN", "x"), ("RID", "RADLEX", "x"),
        ("1234", "RADLEX", "x"),
        ("", "DCM", "x"), ("12345678901234567", "DCM", "x"), ("A\\B", "DCM", "x"), ("ä", "DCM", "x"), ("121071", "DCM", ""),
        ("121071", "DCM", String(repeating: "x", count: 65)), ("121071", "DCM", "a\nb"), ("121071", "", "x"), (" 1", "DCM", "x"),
    ])
    func `malformed codes are told`(value: String, scheme: String, meaning: String) {
        #expect(ConceptCode(value, scheme, meaning).fault != nil)
    }
}
