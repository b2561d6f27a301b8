import Archive
import Foundation
import Results

extension ArchiveConformance {
    private static func patient(_ id: String?, _ name: String? = nil, issuer: String? = nil) -> PatientIdentity {
        PatientIdentity(name: name, id: id, issuer: issuer)
    }

    private static func register(
        _ archive: any Archive, _ number: Int, _ patient: PatientIdentity = PatientIdentity(), accession: String? = nil
    ) async throws -> Study {
        let study = Samples.study(number, patient: patient, accession: accession)
        _ = try await archive.register(Samples.instance(number, of: study), in: study, jobKind: nil, standing: Samples.rule)
        return study
    }

    private static func order(
        _ placer: String?, accession: String? = nil, study: String? = nil, patient: PatientIdentity = PatientIdentity(),
        urgency: StudyUrgency = .routine, cancelled: Bool = false, indication: String? = nil
    ) -> ClinicalOrder {
        ClinicalOrder(
            accessionNumber: accession, studyUID: study, patient: patient,
            details: ResultOrder(placerNumber: placer, indication: indication), urgency: urgency, isCancelled: cancelled,
            received: Samples.time(1))
    }

    private static func apply(
        _ archive: any Archive, _ changes: ClinicalChange..., message: String? = nil, followUp: String? = nil
    ) async throws -> AppliedChanges {
        try await archive.apply(
            changes, from: message.map { MessageKey(sender: "his", controlID: $0) }, now: Samples.time(50), followUp: followUp,
            standing: Samples.rule)
    }

    private static func patients(_ archive: any Archive, _ studies: Study...) async throws -> [PatientIdentity?] {
        var found: [PatientIdentity?] = []
        for study in studies { found.append(try await archive.study(study.id)?.patient) }
        return found
    }

    static let clinical = [
        Check("an order gives its studies its urgency, before and after they come") { archive in
            let first = try await register(archive, 0, patient("1"), accession: "A1")
            _ = try await register(archive, 1, patient("1"), accession: "A2")
            let applied = try await apply(archive, .order(order("p1", accession: "A1", patient: patient("1"), urgency: .stat)))
            try expect(applied, is: AppliedChanges(studies: [first.id]), "what was changed")
            try expect(try await archive.study(first.id)?.urgency, is: .stat, "the urgency of one that was there")
            try expect(try await archive.study(first.id)?.standing.dueClass, is: "stat", "its standing")
            try expect(try await archive.order(of: first.id)?.details.placerNumber, is: "p1", "the order")
            _ = try await apply(archive, .order(order("p2", accession: "A3", urgency: .stat, indication: "cough")))
            let third = try await register(archive, 2, patient("2"), accession: "A3")
            try expect(try await archive.study(third.id)?.urgency, is: .stat, "the urgency of one that came later")
            try expect(try await archive.order(of: third.id)?.details.indication, is: "cough", "its order")
            // Another patient under the same accession number.
            _ = try await apply(archive, .order(order("p4", accession: "A4", patient: patient("8"), urgency: .stat)))
            let fourth = try await register(archive, 3, patient("9"), accession: "A4")
            try expect(try await archive.study(fourth.id)?.urgency, is: .routine, "the urgency of another patient's")
            try expect(try await archive.order(of: fourth.id), is: nil, "another patient's order")
            try await expect(.cannotWrite, "an order without a name") { _ = try await apply(archive, .order(order(nil))) }
        },
        Check("a later message about an order takes the place of the earlier, and keeps what it does not say") { archive in
            let study = try await register(archive, 0, accession: "A1")
            _ = try await apply(archive, .order(order("p1", accession: "A1", urgency: .stat, indication: "cough")))
            _ = try await apply(archive, .order(order("p1", urgency: .routine)))
            try expect(try await archive.study(study.id)?.urgency, is: .routine, "the urgency that was taken back")
            try expect(try await archive.order(of: study.id)?.details.indication, is: "cough", "the indication")
            _ = try await apply(archive, .order(order("p1", cancelled: true)))
            try expect(try await archive.order(of: study.id), is: nil, "a cancelled order")
            try expect(try await archive.study(study.id) == nil, is: false, "the study is still there")
        },
        Check("an order by its study's UID fills in the accession number; readings before it are followed up") { archive in
            let study = try await register(archive, 0)
            let reading = try await archive.add(
                Samples.modelReading(of: Samples.instance(0, of: study)), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            _ = try await apply(archive, .order(order("p1", accession: "A7", study: study.uid)), followUp: "publish")
            try expect(try await archive.study(study.id)?.accessionNumber, is: "A7", "the accession number")
            try expect(try await archive.worklist(WorklistQuery(words: "a7")).studies.map(\.id), is: [study.id], "what is found by it")
            let job = try await archive.claimJob(kind: "publish", owner: "p", until: Samples.time(99), now: Samples.time(60))
            try expect(job?.reading, is: reading, "the reading that is followed up")
            _ = try await apply(archive, .order(order("p1", study: study.uid, urgency: .stat)), followUp: "publish")
            try expect(
                try await archive.claimJob(kind: "publish", owner: "p", until: Samples.time(99), now: Samples.time(60)), is: nil,
                "an order that was known is not followed up")
        },
        Check("a message has its effect once") { archive in
            let study = try await register(archive, 0, patient("1", "OLD"))
            let first = try await apply(archive, .patient(patient("1", "NEW")), message: "m1")
            try expect(first, is: AppliedChanges(studies: [study.id]), "the first time")
            let second = try await apply(archive, .patient(patient("1", "OTHER")), message: "m1")
            try expect(second, is: AppliedChanges(isRepeated: true), "the second time")
            try expect(try await archive.study(study.id)?.patient.name, is: "NEW", "the name")
            // A message that cannot be applied has had no effect, and may come again.
            try await expect(.cannotWrite, "half a message") {
                _ = try await apply(archive, .patient(patient("1", "HALF")), .order(order(nil)), message: "m2")
            }
            try expect(try await archive.study(study.id)?.patient.name, is: "NEW", "the name after half a message")
            let third = try await apply(archive, .patient(patient("1", "WHOLE")), message: "m2")
            try expect(third.studies, is: [study.id], "the same message, mended")
        },
        Check("a change of a patient is the studies' with the same number and issuer, and is found by its words") { archive in
            let one = try await register(archive, 0, patient("1", "OLD^A", issuer: "H"))
            let other = try await register(archive, 1, patient("1", "OLD^B"))
            _ = try await apply(archive, .patient(PatientIdentity(name: "NEW^A", id: "1", issuer: "H", sex: "F")))
            try expect(
                try await patients(archive, one, other),
                is: [PatientIdentity(name: "NEW^A", id: "1", issuer: "H", sex: "F"), patient("1", "OLD^B")], "the patients")
            try expect(try await archive.worklist(WorklistQuery(words: "new")).studies.map(\.id), is: [one.id], "found by the new name")
            try expect(try await archive.worklist(WorklistQuery(words: "old")).studies.map(\.id), is: [other.id], "found by the old name")
            let changes = try await archive.patientChanges(study: nil, before: nil, limit: 5)
            try expect(changes.map(\.before.name), is: ["OLD^A"], "what was before")
            try expect(changes.map(\.kind), is: [.update], "the kind")
            let without = try await apply(archive, .patient(PatientIdentity(name: "X")))
            try expect(without.studies, is: [], "a patient without a number")
        },
        Check("a merge moves studies, those that come later too, and is taken back") { archive in
            let old = try await register(archive, 0, patient("1", "A"))
            let own = try await register(archive, 1, patient("2", "B"))
            _ = try await apply(archive, .merge(retired: patient("1"), surviving: patient("2", "B")))
            let late = try await register(archive, 2, patient("1", "A"))
            try expect(
                try await patients(archive, old, own, late), is: [patient("2", "B"), patient("2", "B"), patient("2", "B")],
                "after the merge")
            try expect(try await archive.priors(of: own.id, limit: 9).count, is: 2, "the number of priors")
            _ = try await apply(archive, .unmerge(retired: patient("1"), surviving: patient("2")))
            try expect(
                try await patients(archive, old, own, late), is: [patient("1", "A"), patient("2", "B"), patient("1", "A")],
                "after it was taken back")
            let after = try await register(archive, 3, patient("1", "A"))
            try expect(try await patients(archive, after), is: [patient("1", "A")], "what comes after that")
            try expect(
                try await archive.patientChanges(study: old.id, before: nil, limit: 5).map(\.isUndone), is: [true], "the change is undone")
            try await expect(.cannotWrite, "a merge with itself") {
                _ = try await apply(archive, .merge(retired: patient("2"), surviving: patient("2")))
            }
        },
        Check("merges after merges, and a merge back") { archive in
            let study = try await register(archive, 0, patient("1"))
            _ = try await apply(archive, .merge(retired: patient("1"), surviving: patient("2")))
            _ = try await apply(archive, .merge(retired: patient("2"), surviving: patient("3")))
            let late = try await register(archive, 1, patient("1"))
            try expect(try await patients(archive, study, late), is: [patient("3"), patient("3")], "after two merges")
            // What was changed otherwise since keeps that.
            _ = try await apply(archive, .patient(patient("3", "C")))
            _ = try await apply(archive, .merge(retired: patient("3"), surviving: patient("2")))
            try expect(
                try await patients(archive, study, late).map { $0?.id }, is: ["2", "2"], "after the merge back")
            try expect(try await archive.study(study.id)?.patient.name, is: "C", "the name since")
        },
    ]
}
