import Archive
import Foundation
import Results

extension ArchiveConformance {
    /// Registers studies of which each has something to be found by.
    private static func fill(_ archive: any Archive, _ count: Int) async throws {
        let labels = ["Pneumothorax", "Nodule", "Mass"]
        for number in 0..<count {
            let study = Samples.study(
                number, patient: PatientIdentity(name: number % 2 == 0 ? "MÜLLER^Änne" : "O'Brien^Seán", id: "P\(1_000 + number)"),
                accession: "ACC-\(number)", description: "CHEST 胸水 POSTEROANTERIOR", received: number / 3 * 60)
            let instance = Samples.instance(number, of: study, name: "dir/IMG_\(number).png")
            _ = try await archive.register(instance, in: study, jobKind: number % 5 == 0 ? "read" : nil, standing: Samples.rule)
            if number % 5 == 0 { continue }
            let found = number % 4 == 0 ? [] : [labels[number % 3]]
            _ = try await archive.add(
                Samples.modelReading(of: instance, found), completing: nil, onlyAfterLatest: false, standing: Samples.rule)
            if number % 5 == 4 {
                _ = try await archive.add(
                    Samples.personReading(of: study, found, made: 10_000 + number), completing: nil, onlyAfterLatest: false,
                    standing: Samples.rule)
            }
        }
    }

    /// All of a list, page by page.
    private static func walk(_ archive: any Archive, _ query: WorklistQuery) async throws -> [Study] {
        var (query, studies) = (query, [Study]())
        repeat {
            let page = try await archive.worklist(query)
            try expect(page.studies.count <= query.limit, "no page is longer than was asked for")
            studies += page.studies
            query.after = page.next
        } while query.after != nil
        return studies
    }

    private static func numbers(_ studies: [Study]) -> [Int] {
        studies.compactMap { $0.uid.split(separator: ".").last.flatMap { Int($0) } }
    }

    static let worklist = [
        Check("open studies come by due date, then signed ones, latest first; at the same time by arrival") { archive in
            try await fill(archive, 60)
            let all = try await walk(archive, WorklistQuery(limit: 7))
            try expect(Set(numbers(all)), is: Set(0..<60), "the studies")
            let open = all.prefix { $0.standing.status != .signed }
            let signed = all.dropFirst(open.count)
            try expect(signed.allSatisfy { $0.standing.status == .signed }, "signed studies come last")
            for (earlier, later) in zip(open, open.dropFirst()) {
                let places = (
                    (earlier.standing.due, numbers([earlier]).first ?? 0), (later.standing.due, numbers([later]).first ?? 0)
                )
                try expect(places.0 < places.1, "open studies are in order")
            }
            try expect(numbers(Array(signed)), is: (0..<60).filter { $0 % 5 == 4 }.reversed(), "the signed ones")
        },
        Check("every size of page gives the same list") { archive in
            try await fill(archive, 40)
            let all = try await walk(archive, WorklistQuery(limit: 500))
            for limit in [1, 3, 39, 40, 41] {
                try expect(try await walk(archive, WorklistQuery(limit: limit)), is: all, "the list in pages of \(limit)")
            }
        },
        Check("filters by status and finding hold together") { archive in
            try await fill(archive, 60)
            let all = try await walk(archive, WorklistQuery(limit: 500))
            let statuses: [Set<StudyStatus>] = [
                [], [.waiting, .read, .failed, .reviewed], [.signed], [.read], [.failed], [.waiting, .signed],
            ]
            let findings: [WorklistQuery.FindingFilter] = [
                .any, .none, .label("Nodule"), .label("Pneumothorax"), .label(""), .label("nodule"),
            ]
            for status in statuses {
                for finding in findings {
                    for words in ["", "mull", "brien nobody"] {
                        let expected = all.filter { study in
                            let hasFinding =
                                switch finding {
                                case .any: true
                                case .none: study.standing.findings.isEmpty && study.standing.status != .waiting
                                case .label(let label): study.standing.findings.contains { $0.label == label }
                                }
                            return hasFinding && (status.isEmpty || status.contains(study.standing.status))
                                && (words.isEmpty || words == "mull" && study.patient.name?.hasPrefix("M") == true)
                        }
                        let found = try await walk(archive, WorklistQuery(statuses: status, words: words, finding: finding, limit: 4))
                        try expect(numbers(found), is: numbers(expected), "\(status) \(finding) “\(words)”")
                    }
                }
            }
        },
        Check("each word is the beginning of one of the study's, whatever its case and accents") { archive in
            try await fill(archive, 30)
            let cases: [(words: String, found: Int)] = [
                ("muller", 15), ("MÜLL änn", 15), ("anne muller", 15), ("müller^änne", 15), ("uller", 0), ("seán", 15),
                ("SEAN o'brien", 15),
                ("p1005", 1), ("p100", 10), ("acc-7", 1), ("acc 7 chest", 1), ("img_1", 11), ("img 29 png", 1), ("胸水", 30),
                ("posteroant", 30), ("POSTEROANTERIOR", 30), ("posteroanteriorx", 0), ("胸", 30),
                ("muller brien", 0), ("  chest \n\t ", 30),
            ]
            for (words, count) in cases {
                try expect(try await walk(archive, WorklistQuery(words: words)).count, is: count, "the number found by “\(words)”")
            }
        },
        Check("no text of a search does anything but search") { archive in
            try await fill(archive, 5)
            // Words without letter or digit ask for nothing.
            for words in [
                "", " ", "\"", "'", "*", "^", "()", "-", ":", "\u{202E}", "\u{200F}\u{200E}", "\0", "🫁", "%", "_", "\\", "\u{301}",
            ] {
                try expect(try await archive.worklist(WorklistQuery(words: words)).studies.count, is: 5, "the number found by “\(words)”")
            }
            let nothing = [
                "\" OR 1=1 --", "chest OR", "NOT chest nothing", "words: x", "NEAR(chest, 2) zzz", "zq\"b", "'; DROP TABLE study; --",
                String(repeating: "x", count: 10_000), String(repeating: "chest zz ", count: 1_100), "{chest} : zzz", "chest + zzz",
            ]
            for words in nothing {
                try expect(try await archive.worklist(WorklistQuery(words: words)).studies.count, is: 0, "the number found by an attack")
            }
            for words in ["chest*", "\"chest\"", "^chest", "(chest)", "chest \u{202E}", "chest\0", "-chest", "chest chest"] {
                try expect(try await archive.worklist(WorklistQuery(words: words)).studies.count, is: 5, "the number found by “\(words)”")
            }
            try expect(try await archive.study(Samples.study(0).id) != nil, "all is still there")
        },
        Check("a page goes on where the one before ended, whatever moved meanwhile") { archive in
            try await fill(archive, 40)
            let all = numbers(try await walk(archive, WorklistQuery(limit: 500)))
            let first = try await archive.worklist(WorklistQuery(limit: 10))
            // The last of the page moves to the front, and so do others, and one behind it is signed.
            for number in [all[9], all[3], all[30]] {
                try await archive.update(Samples.study(number).id, urgency: .stat, protocolName: nil, standing: Samples.rule)
            }
            _ = try await archive.add(
                Samples.personReading(of: Samples.study(all[12]), made: 99_999), completing: nil, onlyAfterLatest: false,
                standing: Samples.rule)
            let rest = numbers(try await walk(archive, WorklistQuery(after: first.next, limit: 10)))
            // What did not move is neither missing nor there twice.
            let moved = Set([all[9], all[3], all[30], all[12]])
            try expect(rest.filter { !moved.contains($0) }, is: all.dropFirst(10).filter { !moved.contains($0) }, "the rest")
        },
        Check("what is no place in the list is refused") { archive in
            for cursor in ["", "x", "o.1", "o.1.2.3", "x.1.2", "o.1.99999999999999999999", "' OR 1", "\0"] {
                try await expect(.invalidCursor, "“\(cursor)”") { _ = try await archive.worklist(WorklistQuery(after: cursor)) }
            }
        },
        Check("a limit of nothing gives nothing") { archive in
            try await fill(archive, 3)
            try expect(try await archive.worklist(WorklistQuery(limit: 0)).studies.count, is: 0, "the number")
            try expect(try await archive.jobs(state: nil, study: nil, limit: 0).count, is: 0, "the number of jobs")
        },
    ]
}
