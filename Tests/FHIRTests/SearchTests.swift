import Basics
import FHIR
import Foundation
import Testing

@Suite struct SearchTests {
    func search(_ type: String, _ items: [(String, String)], _ handling: SearchRequest.Handling = .lenient, zone: Int = 0) throws
        -> SearchRequest
    {
        try SearchRequest(type: type, items: items.map { SearchItem($0.0, $0.1) }, handling: handling, zone: zone)
    }

    func issue(_ type: String, _ name: String, _ value: String, _ handling: SearchRequest.Handling = .lenient) -> String {
        do {
            _ = try search(type, [(name, value)], handling)
            return "understood"
        } catch let outcome as R4.OperationOutcome {
            return outcome.issue.map { "\($0.code.rawValue): \($0.diagnostics ?? "")" }.joined()
        } catch { return "another" }
    }

    @Test func `tokens, references and escapes are parsed as the standard has them`() throws {
        let request = try search(
            "DiagnosticReport",
            [
                ("identifier", "urn:a|b,|c,d,e|"), ("identifier", #"x\,y|z\|w"#), ("patient", "Patient/p.1"),
                ("patient", "https://h/fhir/Patient/7/_history/2,Group/8"),
                ("patient.identifier", "s|1"), ("_id", "a,b"), ("status", "final"), ("_count", "20"), ("_cursor", "next"), ("date", ""),
            ])
        #expect(request.identifiers[0].map(\.code) == ["b", "c", "d", nil])
        #expect(request.identifiers[0].map(\.system) == [.uri("urn:a"), .none, .any, .uri("e")])
        #expect(request.identifiers[1] == [SearchToken(system: .uri("x,y"), code: "z|w")])
        #expect(request.patients == [[SearchReference(type: "Patient", id: "p.1")], [SearchReference(type: "Patient", id: "7")]])
        #expect(
            request.ids == [["a", "b"]] && request.count == 20 && request.cursor == "next" && request.dates.isEmpty
                && request.warnings.isEmpty)
    }

    @Test func `unknown parameters are told or refused, as is wished`() throws {
        #expect(SearchRequest.Handling(prefer: "respond-async, handling=strict") == .strict)
        #expect(SearchRequest.Handling(prefer: nil) == .lenient)
        let lenient = try search("Observation", [("patint", "1"), ("status", "final")])
        #expect(lenient.warnings.map(\.diagnostics) == ["there is no parameter patint of Observation; did you mean patient?"])
        #expect(lenient.understood == [SearchItem("status", "final")])
        #expect(
            issue("Observation", "patint", "1", .strict)
                == "not-supported: there is no parameter patint of Observation; did you mean patient?")
        #expect(issue("Patient", "patient", "1", .strict).hasPrefix("not-supported"))
        #expect(issue("ImagingStudy", "started", "2026", .strict) == "understood")
    }

    @Test func `values that are none, and modifiers, are refused always`() {
        #expect(issue("Observation", "date", "yesterday").hasPrefix("value: date has to be a date"))
        #expect(issue("Observation", "date", "xx2026").hasPrefix("value"))
        #expect(issue("Observation", "date", "ap2026").hasPrefix("value"))
        #expect(issue("Observation", "date", "2026-02-30").hasPrefix("value"))
        #expect(issue("Observation", "patient", "a b").hasPrefix("value"))
        #expect(issue("Observation", "identifier", "a|b|c").hasPrefix("value"))
        #expect(issue("Observation", "identifier", "|").hasPrefix("value"))
        #expect(issue("Observation", "identifier", ",").hasPrefix("value"))
        #expect(issue("Observation", "_count", "-1").hasPrefix("value"))
        #expect(issue("Observation", "_format", "xml").hasPrefix("not-supported"))
        #expect(issue("Observation", "status:not", "final") == "not-supported: status has no such modifier here")
        #expect(issue("Group", "_id", "1").hasPrefix("not-supported"))
        #expect(issue("Observation", "_id", String(repeating: "a,", count: 300)).hasPrefix("too-costly"))
    }

    @Test func `resources are found by tokens as the standard says`() throws {
        let facts = SearchFacts(
            id: "1", patient: "p", patientIdentifiers: [R4.Identifier(system: nil, value: "n")],
            identifiers: [R4.Identifier(system: "urn:a", value: "b"), R4.Identifier(system: nil, value: "c")], status: "final",
            statusSystem: "http://hl7.org/fhir/diagnostic-report-status")
        func finds(_ name: String, _ value: String) throws -> Bool { try search("DiagnosticReport", [(name, value)]).matches(facts) }
        for (name, value, expected) in [
            ("identifier", "b", true), ("identifier", "urn:a|b", true), ("identifier", "urn:a|", true), ("identifier", "|b", false),
            ("identifier", "|c", true),
            ("identifier", "urn:b|b", false), ("identifier", "x,c", true), ("patient", "p", true), ("patient", "Patient/p", true),
            ("patient", "Group/p", false),
            ("patient", "q", false), ("patient.identifier", "n", true), ("patient.identifier", "s|n", false), ("_id", "1", true),
            ("_id", "2", false),
            ("status", "final", true), ("status", "preliminary,final", true),
            ("status", "http://hl7.org/fhir/diagnostic-report-status|final", true), ("date", "2026", false),
        ] { #expect(try finds(name, value) == expected, "\(name)=\(value)") }
        #expect(try !search("DiagnosticReport", [("identifier", "b"), ("identifier", "x")]).matches(facts))
    }

    /// By brute force: both sides as sets of days, and the standard's sentences about them word for word.
    @Test func `dates are compared as the standard says`() throws {
        let days = (0..<800)
        func ordinal(_ text: String) throws -> Set<Int> {
            let begin = try #require(R4.DateTime("2025-01-01")).range().start
            let range = try #require(R4.DateTime(text)).range()
            return Set(
                days.filter {
                    let at = begin + Int64($0) * 86_400_000_000; return range.start <= at && at < range.end
                })
        }
        let texts = [
            "2025", "2026", "2025-01", "2025-02", "2025-12", "2026-01", "2026-02", "2025-01-01", "2025-01-31", "2025-02-01", "2025-02-28",
            "2025-12-31", "2026-01-01",
        ]
        for written in texts {
            let asked = try ordinal(written)
            for target in texts {
                let own = try ordinal(target)
                let (low, high) = (try #require(asked.min()), try #require(asked.max()))
                let above = Set(days.filter { $0 > high })
                let below = Set(days.filter { $0 < low })
                let contains = own.isSubset(of: asked)
                let expected: [(String, Bool)] = [
                    ("", contains), ("eq", contains), ("ne", !contains), ("gt", !own.isDisjoint(with: above)),
                    ("lt", !own.isDisjoint(with: below)),
                    ("ge", !own.isDisjoint(with: above) || contains), ("le", !own.isDisjoint(with: below) || contains),
                    ("sa", own.isSubset(of: above)),
                    ("eb", own.isSubset(of: below)),
                ]
                for (prefix, found) in expected {
                    let request = try search("DiagnosticReport", [("date", prefix + written)])
                    let range = try #require(R4.DateTime(target)).range()
                    #expect(request.matches(SearchFacts(id: "1", time: range)) == found, "\(prefix)\(written) \(target)")
                    // An index may be asked by the span first.
                    let span = try #require(request.span)
                    if found { #expect(range.end > span.start && range.start < span.end) }
                }
            }
        }
    }

    @Test func `times, zones, several dates and alternatives`() throws {
        func finds(_ values: [String], _ target: String, zone: Int = 0) throws -> Bool {
            let range = try #require(R4.DateTime(target)).range(zone: zone)
            return try search("Observation", values.map { ("date", $0) }, zone: zone).matches(SearchFacts(id: "1", time: range))
        }
        #expect(try finds(["2026-11-30T12:00"], "2026-11-30T12:00:59Z"))
        #expect(try !finds(["2026-11-30T12:00"], "2026-11-30T12:01:00Z"))
        #expect(try finds(["2026-11-30T12:00+01:00"], "2026-11-30T11:00:30Z"))
        #expect(try finds(["2026-11-30T12:00 01:00"], "2026-11-30T11:00:30Z"))
        // A day at the site is not a day at Greenwich.
        #expect(try finds(["2026-11-30"], "2026-11-29T23:30:00Z", zone: 60))
        #expect(try !finds(["2026-11-30"], "2026-11-29T23:30:00Z"))
        #expect(try finds(["ge2026-11-01", "lt2026-12-01"], "2026-11-30"))
        #expect(try !finds(["ge2026-11-01", "lt2026-12-01"], "2026-12-01"))
        #expect(try finds(["2025,2026"], "2026-11-30"))
        #expect(try finds(["2026-11-30T12:00:00.123Z"], "2026-11-30T12:00:00.1234Z"))
        #expect(try !finds(["2026-11-30T12:00:00.12Z"], "2026-11-30T12:00:00.13Z"))
    }

    @Test func `an answer says what was looked for, and where the next page is`() throws {
        let request = try search("DiagnosticReport", [("patient.identifier", "urn:a|ä,b"), ("nonsense", "1"), ("_count", "2")])
        var report = R4.DiagnosticReport(status: .final, code: R4.CodeableConcept(text: "x"))
        report.id = "7"
        let bundle = R4.Bundle.searchset(request, base: "https://h/fhir/", total: 3, matches: [.diagnosticReport(report)], next: "a b")
        #expect(bundle.link?.map(\.relation) == ["self", "next"])
        #expect(bundle.link?[0].url == "https://h/fhir/DiagnosticReport?patient.identifier=urn%3Aa%7C%C3%A4%2Cb&_count=2")
        #expect(bundle.link?[1].url == "https://h/fhir/DiagnosticReport?patient.identifier=urn%3Aa%7C%C3%A4%2Cb&_count=2&_cursor=a%20b")
        #expect(bundle.total == 3 && bundle.entry?.map(\.search?.mode) == [.match, .outcome])
        #expect(bundle.entry?.first?.fullUrl == "https://h/fhir/DiagnosticReport/7")
    }

    @Test func `the server promises what is parsed`() throws {
        let statement = R4.CapabilityStatement.server(
            name: "Pleura", version: "1.0", date: Date(timeIntervalSince1970: 0), base: nil, security: "accounts")
        for resource in statement.rest?.first?.resource ?? [] {
            for parameter in resource.searchParam ?? [] {
                let value = parameter.type == .date ? "2026" : "a"
                #expect(try search(resource.type, [(parameter.name, value)], .strict).understood.count == 1)
            }
        }
        #expect(statement.rest?.first?.resource?.map(\.type) == SearchParameters.types)
    }

    @Test func `no query crashes`() throws {
        var random = SeededGenerator(seed: 12)
        let names = [
            "date", "started", "_id", "identifier", "patient", "patient.identifier", "status", "_count", "_format", "date:missing", "", ":",
            "é",
        ]
        let pieces = [
            "2026", "-", "13", "T", ":", "Z", "+", "|", ",", "\\", "$", "ge", "eq", "9999-12-31", "0001", " ", "é", "\u{0}", "/",
            "99999999999999999999", ".5",
        ]
        let rounds = Int(ProcessInfo.processInfo.environment["PLEURA_FUZZ"] ?? "") ?? 5_000
        for _ in 0..<rounds {
            let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                SearchItem(
                    names.randomElement(using: &random) ?? "",
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
            }
            do {
                let request = try SearchRequest(
                    type: SearchParameters.types.randomElement(using: &random) ?? "", items: items,
                    handling: Bool.random(using: &random) ? .strict : .lenient,
                    zone: Int.random(in: -900...900, using: &random))
                _ = request.span
                _ = request.matches(SearchFacts(id: "1", time: TimeRange(start: 0, end: 1)))
                _ = R4.Bundle.searchset(request, base: "https://h", total: 0, matches: [])
            } catch let outcome as R4.OperationOutcome {
                #expect(outcome.isFailure && outcome.issue.allSatisfy { $0.diagnostics?.contains("\n") == false })
            }
        }
    }
}
