import Archive
import Foundation
import Results

extension ArchiveConformance {
    static let studies = [
        Check("an instance makes its study, and all of both reads back") { archive in
            let patient = PatientIdentity(name: "DOE^JANE", id: "123", issuer: "H1", birthDate: "1960-05-01", sex: "F")
            let study = Samples.study(
                1, patient: patient, age: 54.5, date: "2026-11-30", accession: "A1", description: "CHEST PA", received: 5, urgency: .stat)
            let instance = Samples.instance(1, of: study, view: "PA", modality: "DX", received: 6)
            try expect(try await archive.register(instance, in: study, jobKind: nil, standing: Samples.rule), is: .new, "the answer")
            var expected = study
            (expected.modality, expected.views, expected.instanceCount, expected.firstInstance) = ("DX", ["PA"], 1, instance.id)
            expected.standing = Standing(status: .waiting, due: Samples.time(5), dueClass: "stat")
            try expect(try await archive.study(study.id), is: expected, "the study")
            try expect(try await archive.instances(of: study.id), is: [instance], "its instances")
            try expect(try await archive.instance(instance.id), is: instance, "the instance")
            try expect(try await archive.statusCounts()[.waiting], is: 1, "the count")
        },
        Check("what came since a time is added up") { archive in
            for number in 0..<4 {
                let study = Samples.study(number)
                _ = try await archive.register(
                    Samples.instance(number, of: study, received: number * 10), in: study, jobKind: nil, standing: Samples.rule)
            }
            for (since, count) in [(0, 4), (1, 3), (30, 1), (31, 0)] {
                let received = try await archive.receivedBytes(since: Samples.time(since))
                try expect(received.bytes, is: count * 1_234, "the bytes since \(since)")
                try expect(received.since, is: count > 0 ? Samples.time((4 - count) * 10) : nil, "the first since \(since)")
            }
        },
        Check("the same file twice is one instance") { archive in
            let study = Samples.study(1)
            _ = try await archive.register(Samples.instance(1, of: study), in: study, jobKind: "read", standing: Samples.rule)
            var again = Samples.instance(1, of: study, name: "another name.dcm")
            again.received = Samples.time(100)
            try expect(try await archive.register(again, in: study, jobKind: "read", standing: Samples.rule), is: .duplicate, "the answer")
            try expect(try await archive.instances(of: study.id), is: [Samples.instance(1, of: study)], "what is there")
            try expect(try await archive.jobCount(state: .waiting), is: 1, "the number of jobs")
        },
        Check("other bytes under the same UID are refused, and those that are there kept") { archive in
            let study = Samples.study(1)
            let other = Samples.study(2)
            _ = try await archive.register(Samples.instance(1, of: study), in: study, jobKind: nil, standing: Samples.rule)
            for study in [study, other] {
                let answer = try await archive.register(
                    Samples.instance(2, of: study, uid: 1), in: study, jobKind: "read", standing: Samples.rule)
                try expect(answer, is: .conflict, "the answer")
            }
            try expect(try await archive.study(other.id), is: nil, "a study of nothing but a refused instance")
            try expect(try await archive.instances(of: study.id).map(\.id), is: [Samples.instance(1, of: study).id], "what is there")
            try expect(try await archive.jobCount(state: .waiting), is: 0, "the number of jobs")
        },
        Check("of a study that is there what is missing is filled in, and nothing changed") { archive in
            let first = Samples.study(1, patient: PatientIdentity(id: "7"), description: "CHEST", received: 1)
            let second = Samples.study(
                1, patient: PatientIdentity(name: "ROE^RICHARD", id: "8", sex: "M"), age: 40, description: "OTHER", received: 9,
                urgency: .stat)
            _ = try await archive.register(Samples.instance(1, of: first, view: "PA"), in: first, jobKind: nil, standing: Samples.rule)
            _ = try await archive.register(
                Samples.instance(2, of: second, view: "LL", modality: "CR"), in: second, jobKind: nil, standing: Samples.rule)
            _ = try await archive.register(Samples.instance(3, of: second, view: "PA"), in: second, jobKind: nil, standing: Samples.rule)
            guard let study = try await archive.study(first.id) else { throw ConformanceFault(description: "the study is gone") }
            try expect(study.patient, is: PatientIdentity(name: "ROE^RICHARD", id: "7", sex: "M"), "the patient")
            try expect(study.patient.name, is: "ROE^RICHARD", "the name")
            try expect(study.patient.id, is: "7", "the Patient ID")
            try expect(study.patientAge, is: 40, "the age")
            try expect(study.studyDescription, is: "CHEST", "the description")
            try expect([study.received, study.standing.due], is: [Samples.time(1), Samples.time(1_801)], "the times")
            try expect(study.urgency, is: .routine, "the urgency")
            try expect(study.views, is: ["PA", "LL"], "the views")
            try expect(study.modality, is: "CR", "the modality")
            try expect(study.instanceCount, is: 3, "the count")
            try expect(study.firstInstance, is: Samples.instance(1, of: first).id, "the first instance")
        },
        Check("priors are the same patient's other studies, newest first") { archive in
            let patients = [
                PatientIdentity(id: "1", issuer: "A"), PatientIdentity(id: "1", issuer: "B"), PatientIdentity(id: "1"), PatientIdentity(),
            ]
            let dates = ["2019-01-01", nil, "2024-06-01", "2020-01-01"]
            for number in 0..<16 {
                let study = Samples.study(number, patient: patients[number % 4], date: dates[number / 4])
                _ = try await archive.register(Samples.instance(number, of: study), in: study, jobKind: nil, standing: Samples.rule)
            }
            for kind in 0..<3 {
                let priors = try await archive.priors(of: Samples.study(kind).id, limit: 10)
                // That without a date came in 2026.
                try expect(priors.map(\.uid), is: [kind + 4, kind + 8, kind + 12].map { Samples.study($0).uid }, "priors of \(kind)")
            }
            try expect(try await archive.priors(of: Samples.study(3).id, limit: 10).isEmpty, "nobody without an ID has priors")
            try expect(try await archive.priors(of: Samples.study(0).id, limit: 1).map(\.uid), is: [Samples.study(4).uid], "the newest")
            try expect(try await archive.priors(of: Samples.study(99).id, limit: 10).isEmpty, "no study has no priors")
        },
        Check("urgency and protocol change where a study stands, and when its jobs are due") { archive in
            let studies = (0..<2).map { Samples.study($0, received: $0 * 60) }
            for (number, study) in studies.enumerated() {
                _ = try await archive.register(Samples.instance(number, of: study), in: study, jobKind: "read", standing: Samples.rule)
            }
            try await archive.update(studies[1].id, urgency: .stat, protocolName: nil, standing: Samples.rule)
            try await archive.update(studies[0].id, urgency: nil, protocolName: "emergency", standing: Samples.rule)
            try expect(
                try await archive.worklist(WorklistQuery()).studies.map(\.uid), is: [studies[1].uid, studies[0].uid], "the worklist's order"
            )
            try expect(try await archive.study(studies[0].id)?.protocolName, is: "emergency", "the protocol")
            let job = try await archive.claimJob(kind: "read", owner: "a", until: Samples.time(999), now: Samples.time(100))
            try expect(job?.study, is: studies[1].id, "the first job's study")
            try expect(job?.due, is: try await archive.study(studies[1].id)?.standing.order, "the first job's due date")
            try await expect(.notFound, "an unknown study") {
                try await archive.update(Samples.study(9).id, urgency: .stat, protocolName: nil, standing: Samples.rule)
            }
        },
        Check("standings are said anew for open studies only") { archive in
            for number in 0..<120 {
                let study = Samples.study(number)
                _ = try await archive.register(Samples.instance(number, of: study), in: study, jobKind: nil, standing: Samples.rule)
                if number % 2 == 0 {
                    _ = try await archive.add(
                        Samples.personReading(of: study, status: .final), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
                }
            }
            try await archive.updateStandings { state in
                Standing(status: .failed, due: state.study.standing.due, dueClass: "anew", findings: [], failure: "because")
            }
            let counts = try await archive.statusCounts()
            try expect(counts, is: [.waiting: 0, .read: 0, .failed: 60, .reviewed: 0, .signed: 60], "the counts")
        },
        Check("instances are all walked through in batches") { archive in
            for number in 0..<25 {
                let study = Samples.study(number / 4)
                _ = try await archive.register(Samples.instance(number, of: study), in: study, jobKind: nil, standing: Samples.rule)
            }
            var (found, last): ([InstanceID], InstanceID?) = ([], nil)
            while case let batch = try await archive.instances(after: last, limit: 7).map(\.id), !batch.isEmpty {
                found += batch
                last = batch.last
            }
            try expect(found.count, is: 25, "the number of instances")
            try expect(Set(found), is: Set((0..<25).map { Samples.instance($0, of: Samples.study(0)).id }), "the instances")
        },
        Check("what an archive does not have it says so") { archive in
            let id = Samples.study(1).id
            try expect(try await archive.study(id), is: nil, "a study")
            try expect(try await archive.instances(of: id), is: [], "its instances")
            try expect(try await archive.readings(of: id), is: [], "its readings")
            try expect(try await archive.draft(of: id, by: "ann"), is: nil, "its draft")
            try expect(try await archive.worklist(WorklistQuery()), is: WorklistPage(studies: [], next: nil), "the worklist")
            try expect(try await archive.statusCounts().values.reduce(0, +), is: 0, "the count")
            try expect(try await archive.structuralFaults(), is: [], "the faults")
        },
        Check("an instance of another study is refused") { archive in
            let instance = Samples.instance(1, of: Samples.study(1))
            try await expect(.cannotWrite, "the wrong study") {
                _ = try await archive.register(instance, in: Samples.study(2), jobKind: nil, standing: Samples.rule)
            }
        },
    ]
}
