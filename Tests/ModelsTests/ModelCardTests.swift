import Foundation
import Models
import Radiographs
import Testing

@Suite struct ModelCardTests {
    /// The card is read by people and by other programs: its keys are a contract.
    @Test func jsonIsTheContract() throws {
        var card = ModelFixtures.card()
        card.intendedUse = "tests"
        card.notice = "none"
        let expected = """
            {
              "architecture" : "none",
              "created" : "2026-01-31",
              "input_side" : 64,
              "intended_use" : "tests",
              "licence" : "Apache-2.0",
              "metrics" : [
                {
                  "low" : 0.2,
                  "name" : "map50",
                  "protocol" : "COCO",
                  "split" : "fold 0",
                  "tool" : "pycocotools 2.0.10",
                  "value" : 0.25
                }
              ],
              "name" : "tiny",
              "notice" : "none",
              "score_threshold" : 0.3,
              "summary" : "A card for tests.",
              "suppression" : {
                "across_findings_iou" : 0.7,
                "iou" : 0.4,
                "maximum_findings" : 100
              },
              "training_data" : {
                "boxes" : 2,
                "description" : "none",
                "digest" : "00",
                "folds" : [
                  1,
                  2
                ],
                "images" : 1,
                "licence" : "none",
                "patients" : 1
              },
              "version" : "1.2.3"
            }

            """
        // The list of steps is the room Radiographs' own contract; all else is compared character by character.
        let lines = try String(decoding: card.json(), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("  \"preprocessing\"") }),
            let end = lines[start...].firstIndex(where: { $0.hasPrefix("  \"score_threshold\"") })
        else {
            Issue.record("the card has no preprocessing before its threshold")
            return
        }
        #expect((lines[..<start] + lines[end...]).joined(separator: "\n") == expected)
        #expect(try ModelCard(json: card.json()) == card)
    }

    @Test(arguments: [
        ("\"version\" : \"1.2.3\"", "\"other\" : 1", "version is missing"),
        ("\"input_side\" : 64", "\"input_side\" : \"big\"", "input_side has the wrong type"),
        ("\"input_side\" : 64", "\"input_side\" : 65", "input_side is 65 but the letterbox gives 64 x 64"),
        ("\"percentile_window\"", "\"magic\"", "preprocessing"), ("0.3", "7", "score_threshold"), ("{", "[", "not JSON"),
    ])
    func aWrongCardSaysWhichKey(old: String, new: String, reason: String) throws {
        let text = try String(decoding: ModelFixtures.card().json(), as: UTF8.self)
        guard let place = text.range(of: old) else {
            Issue.record("the card has no \(old)")
            return
        }
        #expect {
            try ModelCard(json: Data(text.replacingCharacters(in: place, with: new).utf8))
        } throws: {
            ($0 as? ModelError)?.reason.contains(reason) == true && "\($0)".hasPrefix("damaged: card.json: ")
        }
    }

    @Test func findingsOfFewBoxesAreExperimental() throws {
        var card = ModelFixtures.card()
        card.findings = [.init(name: "Mass", boxes: 49), .init(name: "Nodule", boxes: 50)]
        #expect(card.findings?.map(\.experimental) == [true, false])
        let read = try ModelCard(json: card.json())
        #expect(read.findings == card.findings)
    }
}
