import Basics
import FHIR
import Foundation
import Results
import Testing

/// Writes what Pleura makes into the folder that PLEURA_FHIR_FILES names, for Tests/Interop/clinic_fhir.py.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PLEURA_FHIR_FILES"] != nil))
struct PeerFilesTests {
    @Test func `files for the peers`() throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["PLEURA_FHIR_FILES"] ?? "", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var count = 0
        func write(_ name: String, _ value: some Encodable) throws {
            try FHIRJSON.encode(value).write(to: folder.appending(path: name + ".json"))
            count += 1
        }
        let own = FHIROptions(
            systems: FHIROptions.Systems(patient: "urn:oid:1.2.3", placer: "urn:oid:1.2.4", accession: "urn:oid:1.2.5"),
            patients: .conditionalCreate,
            orders: .conditionalCreate)
        for status in StudyResult.Status.allCases {
            try write(
                "bundle-\(status)", try FHIRTransaction().bundle(Samples.result(status, person: "reader.one"), pdf: Data("%PDF".utf8)))
            try write("bundle-own-\(status)", try FHIRTransaction(own).bundle(Samples.result(status)))
        }
        try write(
            "bundle-withdrawn", try FHIRTransaction().bundle(Samples.result(.amended, findings: []), replacing: Samples.result(.final)))
        try write(
            "bundle-doubt",
            try FHIRTransaction().bundle(Samples.result(findings: [], images: Samples.images(1, doubt: "cut off", wasRead: false))))
        var random = SeededGenerator(seed: 7)
        for round in 0..<40 {
            let bundle = try FHIRTransaction(round % 2 == 0 ? own : FHIROptions()).bundle(Samples.drawn(&random))
            try write("drawn-\(round)", bundle)
            for (place, resource) in bundle.resources.enumerated() { try write("drawn-\(round)-\(place)-\(resource.type)", resource) }
            for (place, resource) in try FHIRView(own).resources(Samples.drawn(&random)).enumerated() {
                try write("view-\(round)-\(place)", resource)
            }
            let request = try SearchRequest(type: "DiagnosticReport", items: [SearchItem("date", "ge2026"), SearchItem("x", "1")])
            try write(
                "search-\(round)",
                R4.Bundle.searchset(
                    request, base: "https://h.example/fhir", total: 1, matches: bundle.resources.filter { $0.type == "DiagnosticReport" },
                    next: "2"))
        }
        for event in AuditFacts.Event.allCases {
            let facts = AuditFacts(
                event: event, action: .read, outcome: .minorFailure, time: Date(timeIntervalSince1970: 1_796_040_000.7), who: "reader.one",
                isPerson: event == .query,
                address: "192.0.2.7", study: event == .query ? nil : "1.2.3", source: "pleura-serve", reason: "line\nbreak")
            try write("audit-\(event)", facts.resource())
        }
        try write(
            "capabilities",
            R4.CapabilityStatement.server(
                name: "Pleura", version: "1.0", date: Date(timeIntervalSince1970: 1_796_040_000), base: "https://h.example/fhir",
                security: "Accounts of the reading room."))
        try write("outcome", R4.OperationOutcome(.error, .notFound, "there is no such report"))
        for (name, data) in try DecodingTests.fixtures() {
            try write("fixture-" + name, try FHIRJSON.decode(R4.AnyResource.self, from: data))
        }
        #expect(count > 300)
    }
}
