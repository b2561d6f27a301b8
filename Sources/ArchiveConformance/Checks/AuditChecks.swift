import Archive
import Foundation

extension ArchiveConformance {
    static let audit = [
        Check("the audit trail is one chain, newest first") { archive in
            let study = Samples.study(1).id
            // Times are in fractions of a millisecond, which no store keeps.
            let events: [AuditEvent] = (1...30).map { number in
                let time = Date(timeIntervalSince1970: 1_790_000_000.123_456 + Double(number) / 3)
                let detail = "entry \(number) 🫁\0\u{202E}"
                return AuditEvent(
                    time: time, user: number % 2 == 0 ? "ann" : "bob", action: "study.view", study: number % 3 == 0 ? study : nil,
                    detail: detail)
            }
            try await archive.appendAudit(Array(events.prefix(10)))
            try await archive.appendAudit([])
            for event in events.dropFirst(10) { try await archive.appendAudit([event]) }
            var expected: [AuditEntry] = []
            for event in events {
                expected.append(
                    AuditEntry(
                        after: expected.last, time: event.time, user: event.user, action: event.action, study: event.study,
                        detail: event.detail))
            }
            try expect(try await archive.auditEntries(user: nil, study: nil, before: nil, limit: 99), is: expected.reversed(), "the trail")
            try expect(
                try await archive.auditEntries(user: "ann", study: study, before: 20, limit: 2).map(\.number), is: [18, 12],
                "ann's of a study")
            try expect(try await archive.auditEntries(user: nil, study: nil, before: 5, limit: 2).map(\.number), is: [4, 3], "a page")
            try expect(try await archive.firstBrokenAuditEntry(), is: nil, "the first broken entry")
        },
        Check("entries from many at once make one chain without gaps") { archive in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<32 {
                    group.addTask {
                        for number in 0..<10 {
                            let events = (0...number % 2).map { AuditEvent(user: "user \(caller)", action: "a", detail: "\(number) \($0)") }
                            try await archive.appendAudit(events)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let entries = try await archive.auditEntries(user: nil, study: nil, before: nil, limit: 1_000)
            try expect(entries.map(\.number), is: Array((1...480).reversed()), "the numbers")
            try expect(try await archive.firstBrokenAuditEntry(), is: nil, "the first broken entry")
            let own = try await archive.auditEntries(user: "user 7", study: nil, before: nil, limit: 1_000).reversed().map(\.detail)
            try expect(own, is: (0..<10).flatMap { number in (0...number % 2).map { "\(number) \($0)" } }, "one caller's, in order")
        },
    ]
}
