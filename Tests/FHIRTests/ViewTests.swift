import Basics
import FHIR
import Foundation
import Results
import Testing

@Suite struct ViewTests {
    @Test func `ids stay the same through the results of a study, and every reference leads to one`() throws {
        let view = FHIRView()
        let (first, second) = (try view.resources(Samples.result()), try view.resources(Samples.result(.final, person: "reader.one")))
        #expect(first.map(\.id) == second.map(\.id) && first.map(\.type) == second.map(\.type))
        #expect(
            first.map(\.type) == [
                "DiagnosticReport", "Observation", "Observation", "Observation", "Observation", "ImagingStudy", "Device", "Patient",
            ])
        let names = Set(first.map { "\($0.type)/\($0.id ?? "")" })
        #expect(names.count == first.count)
        let text = String(decoding: try FHIRJSON.encode(first), as: UTF8.self)
        let used = Set(text.matches(of: /"reference":"([^"]+)"/).map { String($0.1) })
        #expect(used.count >= 7 && used.isSubset(of: names))
        var other = Samples.result()
        other.study.uid = "1.2.3"
        let others = try view.resources(other)
        #expect(others.first?.id != first.first?.id && others.last?.id == first.last?.id)
    }

    @Test func `a patient without a number is not shown`() throws {
        var result = Samples.result()
        result.patient.id = nil
        #expect(!(try FHIRView().resources(result)).contains { $0.type == "Patient" })
    }

    @Test func `what is shown is found by patient, identifier, date and status`() throws {
        let options = FHIROptions(systems: FHIROptions.Systems(patient: "urn:oid:1.2.3"))
        let resources = try FHIRView(options).resources(Samples.result())
        let patient = try #require(resources.last?.id)
        func found(_ type: String, _ items: [(String, String)], zone: Int = 0) throws -> Int {
            let request = try SearchRequest(type: type, items: items.map { SearchItem($0.0, $0.1) }, handling: .strict, zone: zone)
            return resources.filter { $0.type == type && SearchFacts(of: $0, zone: zone).map(request.matches) ?? false }.count
        }
        #expect(try found("DiagnosticReport", [("patient", patient), ("date", "2026-11")]) == 1)
        #expect(
            try found(
                "DiagnosticReport",
                [("patient.identifier", #"urn:oid:1.2.3|PAT\|1\,2"#), ("date", "ge2026-11-30"), ("date", "le2026-11-30")]) == 1)
        #expect(try found("DiagnosticReport", [("date", "gt2026-11-30")]) == 0)
        #expect(try found("Observation", [("patient", "Patient/" + patient), ("status", "preliminary")]) == 4)
        #expect(try found("Observation", [("status", "final")]) == 0)
        #expect(
            try found(
                "ImagingStudy", [("identifier", "urn:dicom:uid|urn:oid:1.2.826.0.1.3680043.8.498.99"), ("started", "2026-11-30")], zone: 60)
                == 1)
        #expect(try found("Patient", [("identifier", #"PAT\|1\,2"#)]) == 1)
        #expect(try found("Patient", [("_id", patient)]) == 1)
    }

    @Test func `a period is a stretch of time, open where it has no end`() throws {
        let period = R4.Effective.period(R4.Period(start: R4.DateTime("2026-11-30"), end: nil))
        let range = try #require(period.range())
        let request = try SearchRequest(type: "Observation", items: [SearchItem("date", "gt2030")])
        #expect(request.matches(SearchFacts(id: "1", time: range)))
        #expect(R4.Effective.period(R4.Period(start: nil, end: nil)).range() == nil)
    }
}
