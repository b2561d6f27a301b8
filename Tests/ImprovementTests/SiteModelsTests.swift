import Foundation
import HashChains
import Improvement
import Models
import PleuraTesting
import Testing

@Suite struct SiteModelsTests {
    private static func gate(_ model: ModelBundle, _ verdict: String) -> ModelChange.Content {
        ModelChange.Content(
            .gate, model: model.digest, name: "tiny", by: "ann", reason: "tried", data: "set", verdict: verdict, report: "r")
    }

    @Test func onlyTheGateOpensAndOnlyForWhomItSaw() throws {
        let site = try SmallSite(images: 4)
        let (first, second, third) = (try site.model("a"), try site.model("b", version: "2.0.0"), try site.model("c", version: "3.0.0"))
        let models = site.models
        #expect { try models.current() } throws: { ($0 as? ImprovementError)?.code == .missing }
        try models.adopt(first, by: "ann", reason: "released")
        #expect(try models.current().digest == first.digest)
        #expect { try models.adopt(second, by: "ann", reason: "again") } throws: { ($0 as? ImprovementError)?.code == .refused }
        try models.keep(second)
        #expect { try models.promote(second.digest, by: "ann", reason: "new") } throws: { ($0 as? ImprovementError)?.code == .refused }
        for verdict in ["worse", "not shown"] {
            try models.note(Self.gate(second, verdict))
            #expect { try models.promote(second.digest, by: "ann", reason: "new") } throws: {
                ($0 as? ImprovementError)?.reason.contains(verdict) == true
            }
        }
        try models.note(Self.gate(second, "no worse"))
        #expect { try models.promote(second.digest, by: "  ", reason: "new") } throws: { ($0 as? ImprovementError)?.code == .refused }
        try models.promote(second.digest, by: "ann", reason: "new")
        #expect(try models.current().digest == second.digest)
        // A gate against the model before says nothing of the one that is in use now.
        try models.keep(third)
        #expect { try models.promote(third.digest, by: "ann", reason: "newer") } throws: { ($0 as? ImprovementError)?.code == .refused }
        try models.note(Self.gate(third, "better"))
        try models.promote(third.digest, by: "ben", reason: "newer")
        #expect(try models.rollback(by: "ann", reason: "complaints").model == second.digest)
        #expect(try models.rollback(by: "ann", reason: "more").model == first.digest)
        #expect { try models.rollback(by: "ann", reason: "even more") } throws: { ($0 as? ImprovementError)?.code == .nothing }
        #expect(try models.current().digest == first.digest)
        let text = ChangePlan.text(try models.changes())
        #expect(text.contains("## Protocol") && text.contains("| rollback |") && text.contains("complaints") && text.contains("ben"))
    }

    /// The log is the only truth: whatever else was or was not written when a program was killed, the last whole switch holds.
    @Test func everyStateThatAKilledProgramLeavesIsOneOfTwo() throws {
        let site = try SmallSite(images: 4)
        let (first, second) = (try site.model("a"), try site.model("b", version: "2.0.0"))
        let models = site.models
        try models.adopt(first, by: "ann", reason: "released")
        try models.keep(second)
        try models.note(Self.gate(second, "better"))
        let log = models.folder.appendingPathComponent("changes.jsonl")
        let before = try Data(contentsOf: log)
        let hashBefore = try models.changes()[1].hash
        try models.promote(second.digest, by: "ann", reason: "new")
        let after = try Data(contentsOf: log)
        // Cut off anywhere in the line that was being written: the old model. The head beside it is written later.
        let head = models.folder.appendingPathComponent("changes.jsonl.head")
        let headAfter = try Data(contentsOf: head)
        for length in [before.count, before.count + 1, (before.count + after.count) / 2, after.count - 1] {
            try after.prefix(length).write(to: log)
            try Data("{\"number\":2,\"hash\":\"\(hashBefore)\"}".utf8).write(to: head)
            #expect(try models.current().digest == first.digest, "\(length) bytes")
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: models.currentLink.path)
            #expect(link == "models/\(first.digest.prefix(16))", "the link is put right")
        }
        try after.write(to: log)
        try headAfter.write(to: head)
        try FileManager.default.removeItem(at: models.currentLink)
        #expect(try models.current().digest == second.digest)
        #expect(FileManager.default.fileExists(atPath: models.currentLink.appendingPathComponent("card.json").path))
    }

    @Test func aForgedChangeIsNamed() throws {
        let site = try SmallSite(images: 4)
        let models = site.models
        try models.adopt(site.model("a"), by: "ann", reason: "released")
        try models.note(Self.gate(site.model("b", version: "2"), "worse"))
        let log = models.folder.appendingPathComponent("changes.jsonl")
        let text = try String(contentsOf: log, encoding: .utf8)
        try Data(text.replacing("\"worse\"", with: "\"better\"").utf8).write(to: log)
        #expect { try models.current() } throws: { ($0 as? ChainError)?.reason.contains("change 2 ") == true }
    }

    @Test func anAlteredModelIsNotUsed() throws {
        let site = try SmallSite(images: 4)
        let (models, first) = (site.models, try site.model("a"))
        try models.adopt(first, by: "ann", reason: "released")
        let other = try site.model("b", version: "2.0.0")
        let place = models.folder.appendingPathComponent("models/\(first.digest.prefix(16))")
        for name in ["card.json", "checksums.sha256"] {
            try Data(contentsOf: other.directory.appendingPathComponent(name)).write(to: place.appendingPathComponent(name))
        }
        #expect { try models.current() } throws: { ($0 as? ImprovementError)?.code == .malformed }
    }
}
