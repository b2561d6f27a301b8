import Basics
import DICOMWeb
import Foundation
import PleuraTesting
import Testing

@Suite struct QIDOTests {
    private static func query(_ text: String, _ level: QIDOLevel = .studies, study: String? = nil, series: String? = nil) throws
        -> QIDOQuery
    {
        try QIDOQuery(level, study: study, series: series, items: QIDOQuery.items(text))
    }

    private static func row(_ values: [String: String]) -> DICOMJSON {
        var row = DICOMJSON()
        for (keyword, value) in values {
            guard let attribute = DICOMAttribute(keyword) else { continue }
            row[attribute] = DICOMJSON.Element(
                attribute.representation ?? "LO",
                value.split(separator: "\\").map { attribute.representation == "PN" ? .name(alphabetic: String($0)) : .text(String($0)) })
        }
        return row
    }

    @Test(arguments: [
        ("PatientName=DOE*", "Doe^Jane", true), ("PatientName=DOE^JANE", "DOE^JANE^^", true), ("PatientName=DOE", "DOE^JANE", false),
        ("PatientName=D?E*", "DOE^JANE", true), ("PatientName=*jane", "DOE^JANE", true), ("PatientName=", "DOE", true),
        ("PatientName=*", "DOE", true),
        ("PatientName=jane&fuzzymatching=true", "DOE^JANE", true), ("PatientName=jérome+d&fuzzymatching=true", "DOE^Jerome", true),
        ("PatientName=ane&fuzzymatching=true", "DOE^JANE", false),
        ("PatientID=a*c", "abbc", true), ("PatientID=A*C", "abbc", false), ("00100020=7", "7", true), ("PatientID=7*", "17", false),
        ("StudyDate=20240101", "20240101", true), ("StudyDate=20240101-20240131", "20240115", true),
        ("StudyDate=-20240131", "20240131", true),
        ("StudyDate=20240101-", "20231231", false), ("StudyDate=20240101-20240131", "", false), ("StudyDate=20240101", "2024.01.01", true),
        ("StudyTime=10", "105959.5", true), ("StudyTime=1000-1059", "105959", true), ("StudyTime=1000-1059", "110000", false),
        ("StudyTime=10:30", "103000", true), ("ModalitiesInStudy=CR", "DX\\CR", true), ("ModalitiesInStudy=CT", "DX\\CR", false),
        ("StudyInstanceUID=1.2,1.3", "1.3", true), ("StudyInstanceUID=1.2%5C1.3", "1.3", true), ("StudyInstanceUID=1.2", "1.20", false),
        ("StudyInstanceUID=1.2&StudyInstanceUID=1.3", "1.3", true), ("NumberOfStudyRelatedInstances=2", "02", true),
    ])
    func keysMatchAsTheStandardSays(_ text: String, _ value: String, _ matches: Bool) throws {
        let query = try Self.query(text)
        let keyword = try #require(query.keys.keys.first)
        var row = Self.row([keyword.keyword ?? "": value])
        if value.isEmpty { row[keyword] = DICOMJSON.Element("DA") }
        #expect(query.matches(row) == matches)
        // What is not there matches nothing but everything.
        #expect(query.matches(DICOMJSON()) == (query.keys.values.first?.text.allSatisfy { $0 == "*" } == true))
    }

    @Test(arguments: [
        "StudyDate=2024", "StudyDate=a-b", "StudyDate=-", "StudyDate=20240101-20240102-20240103", "StudyTime=1", "limit=-1", "limit=x",
        "offset=1.5",
        "fuzzymatching=maybe", "NoSuchAttribute=1", "1234=5", "RequestAttributesSequence.RequestedProcedureID=1", "00400275=1",
        "PatientID=1&PatientID=2", "StudyInstanceUID=1.2.x", "Rows=many",
    ])
    func whatMeansNothingIsRefused(_ text: String) {
        #expect(throws: DICOMWebError(.badRequest, "")) { try Self.query(text) }
    }

    @Test func patternsMatchAsANaiveMatcherSays() throws {
        var random = SeededGenerator(seed: 5)
        func text(_ letters: String, _ most: Int) -> String {
            let letters = Array(letters)
            return String((0..<Int(random.next() % UInt64(most + 1))).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
        }
        func naive(_ text: Substring, _ pattern: Substring) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            if first == "*" { return (0...text.count).contains { naive(text.dropFirst($0), pattern.dropFirst()) } }
            return text.first.map { first == "?" || first == $0 } == true && naive(text.dropFirst(), pattern.dropFirst())
        }
        var hits = 0
        for _ in 0..<20_000 {
            let (value, pattern) = (text("ab", 7), text("ab*?", 6))
            guard !pattern.allSatisfy({ $0 == "*" }) else { continue }
            let key = try QIDOKey(pattern, representation: "LO")
            let expected = naive(value[...], pattern[...])
            #expect(key.matches([value]) == expected, "\(pattern) on \(value)")
            hits += expected ? 1 : 0
        }
        #expect(hits > 1_000)
        // No pattern takes long.
        let long = try QIDOKey(String(repeating: "*a", count: 500) + "b", representation: "LO")
        #expect(!long.matches([String(repeating: "a", count: 5_000)]))
    }

    @Test func pagesAndWarnings() throws {
        let rows = (0..<25).map { Self.row(["PatientID": "\($0 % 2)", "StudyInstanceUID": "1.\($0)", "Manufacturer": "m"]) }
        let query = try Self.query(
            "PatientID=1&limit=5&offset=3&includefield=Manufacturer,NoSuch&includefield=RequestAttributesSequence.Modality")
        let page = query.page(rows)
        #expect(page.rows.compactMap { $0.text(.studyInstanceUID) } == ["1.7", "1.9", "1.11", "1.13", "1.15"] && page.remaining == 4)
        #expect(page.rows[0].text(try #require(DICOMAttribute("Manufacturer"))) == "m")
        let warning = try #require(query.warning(service: "pleura", remaining: page.remaining))
        #expect(warning.hasPrefix("299 pleura \"") && warning.contains("There are 4 additional results that can be requested"))
        #expect(try Self.query("offset=30").page(rows).rows.isEmpty && Self.query("").warning(service: "pleura") == nil)
        #expect(try Self.query("limit=0").page(rows).rows.isEmpty && Self.query("").page(rows, most: 7).remaining == 18)
    }

    @Test func answersHaveTheAttributesOfTheirLevel() throws {
        let row = Self.row([
            "StudyInstanceUID": "1", "SeriesInstanceUID": "1.1", "SOPInstanceUID": "1.1.1", "Modality": "DX", "PatientID": "p",
            "Manufacturer": "m", "Rows": "5", "ReferringPhysicianName": "r",
        ])
        let tags = { (answer: DICOMJSON) in Set(answer.elements.keys.compactMap(\.keyword)) }
        let study = tags(try Self.query("").answer(row))
        #expect(study.isSuperset(of: ["StudyInstanceUID", "PatientID", "StudyDate", "AccessionNumber"]) && !study.contains("Modality"))
        let series = tags(try Self.query("", .series, study: "1").answer(row))
        #expect(series.isSuperset(of: ["StudyInstanceUID", "SeriesInstanceUID", "Modality"]) && !series.contains("PatientID"))
        #expect(tags(try Self.query("", .series).answer(row)).contains("PatientID"))
        let instance = tags(try Self.query("", .instances, study: "1", series: "1.1").answer(row))
        #expect(instance.isSuperset(of: ["SOPInstanceUID", "SeriesInstanceUID", "Rows"]) && !instance.contains("Modality"))
        #expect(try Self.query("includefield=all").answer(row) == row)
        #expect(try !Self.query("", .series, study: "2").matches(row) && Self.query("", .series, study: "1").matches(row))
    }

    @Test func damagedQueriesAreErrorsOrQueries() {
        let text = Data(
            "PatientName=DOE*&StudyDate=20240101-20240131&StudyInstanceUID=1.2,1.3&limit=10&includefield=all&StudyTime=10-".utf8)
        for round in 0..<Fuzzing.rounds(usual: 2_000) {
            var mutator = Mutator(
                seed: UInt64(round), tokens: ["&", "=", "%", "*", "-", ",", "includefield=", "%00"].map { Data($0.utf8) })
            do {
                let query = try Self.query(String(decoding: mutator.mutate(text), as: UTF8.self))
                _ = query.page([Self.row(["PatientName": "DOE^J", "StudyDate": "20240107", "StudyTime": "101010"])])
            } catch let error as DICOMWebError {
                #expect(!error.reason.contains("DOE") && error.status == 400)
            } catch { Issue.record(error) }
        }
    }
}
