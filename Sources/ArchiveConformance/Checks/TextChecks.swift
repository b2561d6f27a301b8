import Archive
import Foundation
import Results

extension ArchiveConformance {
    private static let attacks = [
        "<script>alert(1)</script><b>\"'&amp;", "'; DROP TABLE study; --", "\u{202E}txt.exe\u{200F}\u{2066}", "a\0b", "\0", "",
        String(repeating: "Ж", count: 10_000), "🫁👩‍⚕️\u{1F3F4}", "e\u{301} é ﷽ ß İ ı", "line\r\nline\u{2028}\t\u{7F}\u{1B}[31m",
        "\u{FFFF}\u{10FFFF}\u{FEFF}",
        "../../../etc/passwd", "%s%n%x", "NULL", "0", "-1e400",
    ]

    static let texts = [
        Check("any text that comes from outside reads back as it was") { archive in
            for (number, text) in attacks.enumerated() {
                let patient = PatientIdentity(name: text, id: text, issuer: text, birthDate: text, sex: text)
                var study = Samples.study(number, patient: patient, date: text, accession: text, description: text)
                (study.protocolName, study.standing.dueClass) = (text, text)
                var instance = Samples.instance(number, of: study, name: text, view: text, modality: text)
                (instance.sopInstanceUID, instance.sopClassUID, instance.seriesInstanceUID) = (text + " \(number)", text, text)
                (instance.format, instance.laterality, instance.bodyPart) = (text, text, text)
                let found = FoundLabel(label: text, score: 0.5, count: 2)
                let standing = Standing(status: .read, due: Samples.time(number), dueClass: text, findings: [found], failure: text)
                _ = try await archive.register(instance, in: study, jobKind: text, standing: { _ in standing })
                study.standing = standing
                (study.views, study.modality, study.instanceCount, study.firstInstance) = ([text], text, 1, instance.id)
                let back = try await archive.study(study.id)
                try expect(back == study && bytes(back) == bytes(study), "the study of text \(number) is as it was")
                try expect(try await archive.instance(instance.id) == instance, "the instance of text \(number) is as it was")
                let listed = try await archive.worklist(WorklistQuery(finding: .label(text))).studies
                try expect(listed.contains { $0.id == study.id }, "the study is listed under the finding of text \(number)")
                let job = try await archive.claimJob(kind: text, owner: text, until: Samples.time(99), now: Samples.time(10))
                try expect(job?.leaseOwner == text && job?.kind == text, "the job of text \(number) is as it was")
                try await archive.failJob(job?.id ?? 0, owner: text, reason: text, nextTry: nil, standing: { _ in standing })
                try expect(
                    try await archive.jobs(state: .failed, study: study.id, limit: 1).first?.lastError == text, "the error is as it was")
                var reading = Samples.personReading(of: study, by: text, [text])
                (reading.content.comment, reading.content.text) = (text, text)
                reading.id = try await archive.add(reading, completing: nil, onlyAfterLatest: true, standing: { _ in standing })
                try expect(try await archive.readings(of: study.id) == [reading], "the reading of text \(number) is as it was")
                try await archive.appendAudit([AuditEvent(user: text, action: text, study: study.id, detail: text)])
                try expect(try await archive.auditEntries(user: text, study: study.id, before: nil, limit: 9).count, is: 1, "its entries")
                let user = User(name: text, role: .reader, passwordHash: text, made: Samples.time(0))
                try await archive.addUser(user)
                try expect(try await archive.user(text) == user, "the user of text \(number) is as it was")
                try await archive.setSetting(text, Data(text.utf8))
                try expect(try await archive.setting(text) == Data(text.utf8), "the setting of text \(number) is as it was")
                _ = try await archive.worklist(WorklistQuery(words: text))
            }
            try expect(try await archive.firstBrokenAuditEntry(), is: nil, "the first broken entry")
            try expect(try await archive.structuralFaults(), is: [], "the faults")
        },
        Check("numbers and times at their ends do no harm") { archive in
            for (number, value) in [Double.nan, .infinity, -.infinity, 1e308, -0.0].enumerated() {
                var study = Samples.study(number, age: value)
                study.received = Date(timeIntervalSince1970: value)
                let due = Date(timeIntervalSince1970: value)
                _ = try await archive.register(
                    Samples.instance(number, of: study), in: study, jobKind: "read",
                    standing: { _ in
                        Standing(status: .waiting, due: due, dueClass: "odd")
                    })
            }
            try expect(try await archive.worklist(WorklistQuery()).studies.count, is: 5, "the number of studies")
            _ = try await archive.claimJob(kind: "read", owner: "a", until: .distantFuture, now: .distantFuture)
        },
    ]

    /// Texts are equal in Swift where they look equal: this tells whether they are the same.
    private static func bytes(_ study: Study?) -> [[UInt8]] {
        [study?.patient.name, study?.patient.id, study?.studyDescription, study?.protocolName].map { Array(($0 ?? "nil").utf8) }
    }
}
