import Archive
import Basics
import Foundation
import Geometry

extension ArchiveConformance {
    private static func one(_ archive: any Archive, jobKind: String? = "read") async throws -> (study: Study, instance: Instance) {
        let study = Samples.study(1)
        let instance = Samples.instance(1, of: study)
        _ = try await archive.register(instance, in: study, jobKind: jobKind, standing: Samples.rule)
        return (study, instance)
    }

    static let readings = [
        Check("a reading reads back as it was said") { archive in
            let (study, instance) = try await one(archive)
            let moved = ReadFinding(
                id: "2", label: "Nodule", score: 1, box: Box(x: 0.1, y: 1e-9, width: 1_000.25, height: 3), instance: instance.id,
                origin: "1",
                decision: .moved)
            var rejected = Samples.finding("Mass", 0.3)
            (rejected.decision, rejected.reason, rejected.probability, rejected.alternativeTo) = (.rejected, "rib <b>", 0.25, "9")
            let model = Reading(
                study: study.id, instance: instance.id, reader: Samples.model(), made: Samples.time(3),
                content: .init(
                    findings: [Samples.finding("Mass", 1 / 3)],
                    candidates: [Samples.finding("Mass"), Samples.finding("Nodule", 0.1, id: "2")],
                    imageScores: ["Mass": 0.7, "": 0], warnings: ["a sentence"], warningCodes: ["code"]))
            let person = Reading(
                study: study.id, reader: .person("ann"), status: .final, made: Samples.time(4), basedOn: 1,
                content: .init(findings: [moved], rejected: [rejected], isComplete: false, comment: "c\n\"\0", text: "t"))
            let amended = Reading(
                study: study.id, reader: .person("bob"), status: .amended, made: Samples.time(5), basedOn: 2,
                content: .init(error: "why", errorCode: "code"))
            var expected: [Reading] = []
            for (index, reading) in [model, person, amended].enumerated() {
                let id = try await archive.add(reading, completing: nil, onlyAfterLatest: false, standing: Samples.rule)
                try expect(id, is: Int64(index) + 1, "its number")
                expected.append(reading)
                expected[index].id = id
            }
            try expect(try await archive.readings(of: study.id), is: expected, "the readings")
            let after = try await archive.study(study.id)
            try expect(after?.revision, is: 3, "the revision")
            try expect(after?.signedBy, is: "bob", "who signed")
            try expect(after?.signed, is: Samples.time(5), "when it was signed")
        },
        Check("the same model reads an image once, unless it could not read it") { archive in
            let (study, instance) = try await one(archive)
            func add(_ reading: Reading) async throws -> Int64 {
                try await archive.add(reading, completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            }
            try expect(try await add(Samples.modelReading(of: instance, error: "broken")), is: 1, "the number of one that failed")
            try expect(try await archive.study(study.id)?.standing.status, is: .failed, "the status")
            try expect(try await add(Samples.modelReading(of: instance, ["Mass"])), is: 2, "the number after a failure")
            try expect(try await add(Samples.modelReading(of: instance, ["Nodule"])), is: 2, "the number of a second one")
            try expect(try await add(Samples.modelReading(of: instance, error: "broken")), is: 2, "the number of a failure afterwards")
            try expect(try await add(Samples.modelReading(of: instance, digest: "d2")), is: 3, "the number of another model's")
            try expect(try await archive.readings(of: study.id).map(\.id), is: [1, 2, 3], "the readings")
            try expect(try await archive.study(study.id)?.standing.findings, is: [], "the findings of the latest model")
        },
        Check("a reading that needs the latest is refused when another came, and nothing of it is saved") { archive in
            let (study, instance) = try await one(archive, jobKind: nil)
            func add(_ basedOn: Int64?) async throws -> Int64 {
                try await archive.add(
                    Samples.personReading(of: study, status: .preliminary, basedOn: basedOn), completing: nil, onlyAfterLatest: true,
                    standing: Samples.rule)
            }
            try await expect(.newerReading, "one that was based on what is not there") { _ = try await add(5) }
            let first = try await add(nil)
            try await archive.setDraft(
                ReviewDraft(basedOn: first, saved: Samples.time(1), content: Data("{}".utf8)), of: study.id, by: "ann")
            let model = try await archive.add(
                Samples.modelReading(of: instance), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            for basedOn in [nil, first] {
                try await expect(.newerReading, "one that was based on an earlier one") { _ = try await add(basedOn) }
            }
            try expect(try await archive.readings(of: study.id).count, is: 2, "the number of readings")
            try expect(try await archive.draft(of: study.id, by: "ann") != nil, "the draft is still there")
            try expect(try await add(model), is: model + 1, "the number of one that was based on the latest")
        },
        Check("of many reviews at once on the same reading one is saved") { archive in
            let (study, _) = try await one(archive)
            let saved = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            _ = try await archive.add(
                                Samples.personReading(of: study, by: "user \(number)"), completing: nil, onlyAfterLatest: true,
                                standing: Samples.rule)
                            return true
                        } catch let error as ArchiveError where error.code == .newerReading {
                            return false
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            try expect(saved, is: 1, "the number of reviews that were saved")
            try expect(try await archive.readings(of: study.id).count, is: 1, "the number of readings")
        },
        Check("signing puts a study behind the open ones, and a new image takes it out again") { archive in
            let (study, _) = try await one(archive, jobKind: nil)
            _ = try await archive.add(
                Samples.personReading(of: study, made: 50), completing: nil, onlyAfterLatest: true, standing: Samples.rule)
            try expect(try await archive.worklist(WorklistQuery(statuses: [.signed])).studies.count, is: 1, "the number of signed studies")
            _ = try await archive.register(
                Samples.instance(2, of: study), in: study, jobKind: "read",
                standing: { state in
                    Standing(status: .waiting, due: state.study.received, dueClass: "waiting")
                })
            let after = try await archive.study(study.id)
            try expect(after?.standing.status, is: .waiting, "the status")
            try expect(after?.signedBy, is: "ann", "who signed")
            try expect(after?.signed, is: Samples.time(50), "when it was signed")
            try expect(try await archive.worklist(WorklistQuery(statuses: [.signed])).studies.count, is: 0, "the number of signed studies")
            let counts = try await archive.statusCounts()
            try expect([counts[.waiting], counts[.signed]], is: [1, 0], "the counts")
        },
        Check("a draft is one user's own, and goes with that user's reading") { archive in
            let (study, _) = try await one(archive)
            let drafts = ["ann", "bob"].map { ReviewDraft(basedOn: nil, saved: Samples.time(1), content: Data("{\"by\": \"\($0)\"}".utf8)) }
            try await archive.setDraft(drafts[1], of: study.id, by: "ann")
            try await archive.setDraft(drafts[0], of: study.id, by: "ann")
            try await archive.setDraft(drafts[1], of: study.id, by: "bob")
            try expect(try await archive.draft(of: study.id, by: "ann"), is: drafts[0], "ann's draft")
            _ = try await archive.add(
                Samples.personReading(of: study, by: "ann"), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            try expect(try await archive.draft(of: study.id, by: "ann"), is: nil, "ann's draft")
            try expect(try await archive.draft(of: study.id, by: "bob"), is: drafts[1], "bob's draft")
            try await archive.setDraft(nil, of: study.id, by: "bob")
            try expect(try await archive.draft(of: study.id, by: "bob"), is: nil, "bob's draft")
            try await expect(.notFound, "a draft of no study") {
                try await archive.setDraft(drafts[0], of: Samples.study(9).id, by: "ann")
            }
        },
        Check("a reading of what is not there is refused") { archive in
            let (study, instance) = try await one(archive)
            let other = Samples.study(2)
            _ = try await archive.register(Samples.instance(2, of: other), in: other, jobKind: nil, standing: Samples.rule)
            var wrong = Samples.modelReading(of: instance)
            for (id, instance) in [
                (Samples.study(9).id, instance.id), (other.id, instance.id), (study.id, Samples.instance(9, of: study).id),
            ] {
                (wrong.study, wrong.instance) = (id, instance)
                try await expect(.notFound, "its study or image") { [wrong] in
                    _ = try await archive.add(wrong, completing: nil, onlyAfterLatest: false, standing: Samples.rule)
                }
            }
            var notANumber = Samples.modelReading(of: instance)
            notANumber.content.findings = [Samples.finding("Mass", .nan)]
            try await expect(.cannotWrite, "a score that is no number") { [notANumber] in
                _ = try await archive.add(notANumber, completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            }
            try expect(try await archive.readings(of: study.id), is: [], "the readings")
        },
    ]
}
