import Basics
import Foundation
import Terminology
import Testing

@Suite struct TerminologyOverridingTests {
    func laid(_ text: String) throws -> Terminology { try Terminology(overriding: Data(text.utf8)) }

    func reason(_ text: String) -> String {
        do {
            _ = try laid(text)
            return "no error"
        } catch let error as TerminologyError { return error.reason } catch { return "another error" }
    }

    @Test func `a site's codes take the place of the standard ones, and the rest stays`() throws {
        let table = try laid(
            """
            {"schemes": [{"designator": "99HOSP", "name": "The hospital's", "uri": "urn:oid:1.2.3"}],
             "findings": [
               {"label": "pleural effusion", "synonyms": ["Erguss"], "codes": [{"value": "E1", "scheme": "99HOSP", "meaning": "Erguss"}]},
               {"label": "Clip", "site": "pleura", "codes": [
                 {"value": "C1", "scheme": "99HOSP", "meaning": "Clip", "certainty": "checked", "source": "a list"}]}],
             "concepts": [{"name": "chestRadiograph", "codes": [{"value": "TX", "scheme": "99HOSP", "meaning": "Thorax"}]}],
             "sites": [{"name": "upper zone", "codes": [{"value": "OF", "scheme": "99HOSP", "meaning": "Oberfeld"}]}]}
            """)
        #expect(table.finding("Effusion").preferred == ConceptCode("E1", "99HOSP", "Erguss"))
        #expect(table.finding("Effusion").certainty == .site)
        #expect(table.finding("erguss").label == "Effusion")
        #expect(table.finding("Clip").site?.value == "3120008" && table.finding("Clip").certainty == .checked)
        #expect(table.procedure.value == "TX" && table.site(zone: "upper", side: nil)?.value == "OF")
        #expect(table.finding("Mass") == Terminology.standard.finding("Mass"))
        #expect(table.scheme("99HOSP")?.uri == "urn:oid:1.2.3")
    }

    @Test(arguments: [
        (#"{"finding": []}"#, "there is no key finding; did you mean findings?"),
        (#"{"findings": [{"lable": "A"}]}"#, "there is no key findings.1.lable; did you mean label?"),
        (
            #"{"findings": [{"label": "A"}, {"label": "B", "codes": [{"valu": "1"}]}]}"#,
            "there is no key findings.2.codes.1.valu; did you mean value?"
        ),
        (#"{"findings": [{"codes": []}]}"#, "findings.1 lacks label"),
        (#"{"findings": [{"label": "A", "codes": [{"value": "1", "scheme": "SCT"}]}]}"#, "findings.1.codes.1 lacks meaning"),
        (
            #"{"findings": [{"label": "A", "codes": [{"value": 1, "scheme": "SCT", "meaning": "x"}]}]}"#,
            "findings.1.codes.1.value is of the wrong kind"
        ),
        (
            #"{"findings": [{"label": "A", "codes": [{"value": "60046009", "scheme": "SCT", "meaning": "x"}]}]}"#,
            "findings.1.codes.1: the check digit of the SNOMED CT identifier is wrong"
        ),
        (
            #"{"findings": [{"label": "A", "codes": [{"value": "1", "scheme": "SNOMED", "meaning": "x"}]}]}"#,
            "findings.1.codes.1.scheme is SNOMED, which is not known"
        ),
        (#"{"findings": [{"label": "A", "site": "pleurae"}]}"#, "findings.1.site is pleurae, which is not known; did you mean pleura?"),
        (#"{"concepts": [{"name": "percnt", "codes": []}]}"#, "concepts.1.name is percnt, which is not known; did you mean percent?"),
        (
            #"{"findings": [{"label": "A", "codes": [{"value": "1", "scheme": "DCM", "meaning": "x", "certainty": "sure"}]}]}"#,
            "findings.1.codes.1.certainty is one of certain, checked, unconfirmed, site"
        ),
        (#"{"findings": [{"label": " "}]}"#, "findings.1.label is empty"),
        ("[]", "the file has to be an object of lists, such as findings"), ("", "this is not JSON"), ("{", "this is not JSON"),
    ])
    func `an error names the key and the nearest one`(text: String, expected: String) { #expect(reason(text) == expected) }

    @Test func `broken files are refused with a reason, and never crash`() throws {
        let source = Array(
            #"{"findings":[{"label":"A","site":"pleura","synonyms":["B"],"codes":[{"value":"W","scheme":"99PLEURA","meaning":"x"}]}]}"#
                .utf8)
        var random = SeededGenerator(seed: 24)
        let rounds = Int(ProcessInfo.processInfo.environment["PLEURA_FUZZ"] ?? "") ?? 2_000
        for _ in 0..<rounds {
            var bytes = source
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
                }
            }
            do {
                _ = TerminologyLinter(try Terminology(overriding: Data(bytes))).problems()
            } catch let error as TerminologyError {
                #expect(!error.reason.isEmpty && !error.reason.contains("\n"))
            }
        }
    }
}
