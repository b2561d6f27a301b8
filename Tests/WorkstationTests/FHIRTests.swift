import Archive
import Department
import Foundation
import PleuraTesting
import Results
import Testing

/// Results as FHIR resources.
@Suite struct FHIRTests {
    private struct Site {
        let room: Room
        let token: String
        /// Of Jane, with an order; of John.
        let studies: [String]

        init() async throws {
            room = try Room()
            let first = try room.addAndRead(SentFiles.radiograph(1), name: "1.dcm").study
            let second = try room.addAndRead(
                SentFiles.radiograph(2, study: 2, patient: "P-2", name: "Smith^John", accession: "ACC-2", date: "20250101"), name: "2.dcm"
            ).study
            studies = [first, second]
            let order = ClinicalOrder(
                accessionNumber: "ACC-1", patient: PatientIdentity(id: "P-1"),
                details: ResultOrder(placerNumber: "PL-7", procedureText: "Chest PA", indication: "Cough since a week"), urgency: .stat,
                received: Date())
            _ = try await room.archive().apply(
                [.order(order)], from: nil, now: Date(), followUp: nil, standing: { Department.standing($0, .standard) })
            token = try await room.token("ehr")
        }

        func get(_ target: String, fields: [String: String] = [:]) throws -> SocketClient.Answer {
            try room.request("GET", "/fhir/" + target, token: token, fields: fields)
        }

        func read(_ target: String) throws -> [String: Any] {
            let answer = try get(target)
            #expect(
                answer.status == 200 && answer.fields["content-type"] == "application/fhir+json", "\(target): \(answer.text.prefix(300))")
            return answer.json as? [String: Any] ?? [:]
        }

        /// The resources that a search finds.
        func search(_ target: String) throws -> [[String: Any]] {
            let bundle = try read(target)
            #expect(bundle.text("resourceType") == "Bundle" && bundle.text("type") == "searchset")
            return bundle.list("entry").filter { $0.object("search").text("mode") == "match" }.map { $0.object("resource") }
        }
    }

    @Test func itSaysWhatItDoes() async throws {
        let site = try await Site()
        let statement = try site.read("metadata")
        #expect(statement.text("resourceType") == "CapabilityStatement" && statement.text("fhirVersion") == "4.0.1")
        let types = Set(statement.list("rest").first?.list("resource").compactMap { $0.text("type") } ?? [])
        #expect(types == ["DiagnosticReport", "Observation", "ImagingStudy", "Patient", "Device", "ServiceRequest", "AuditEvent"])
        #expect(try site.room.server.request("GET", "/fhir/metadata").status == 200)
    }

    /// From a report everything that it refers to can be read.
    @Test func whatAReportRefersToIsThere() async throws {
        let site = try await Site()
        let reports = try site.search("DiagnosticReport?patient.identifier=P-1")
        #expect(reports.count == 1 && reports.first?.text("id") == site.studies[0] && reports.first?.text("status") == "preliminary")
        let report = try site.read("DiagnosticReport/\(site.studies[0])")
        var references: [String] = []
        func collect(_ value: Any) {
            if let object = value as? [String: Any] {
                if let reference = object.text("reference") { references.append(reference) }
                object.values.forEach(collect)
            } else if let array = value as? [Any] {
                array.forEach(collect)
            }
        }
        collect(report)
        let types = Set(references.compactMap { $0.split(separator: "/").first.map(String.init) })
        #expect(types == ["Observation", "ImagingStudy", "Patient", "ServiceRequest"], "\(types)")
        for reference in Set(references) { collect(try site.read(reference)) }
        for reference in Set(references) {
            let resource = try site.read(reference)
            #expect("\(resource.text("resourceType") ?? "")/\(resource.text("id") ?? "")" == reference)
            #expect(!reference.contains("P-1") && (resource.text("id") ?? "").utf8.count <= 64)
        }
        #expect(references.contains { $0.hasPrefix("Device/") })
        let order = try site.read("ServiceRequest/\(site.studies[0])")
        #expect(order.text("priority") == "stat" && order.list("reasonCode").first?.text("text") == "Cough since a week")
        #expect(try site.get("ServiceRequest/\(site.studies[1])").status == 404)
    }

    @Test func searchesFindWhatTheyAskFor() async throws {
        let site = try await Site()
        let patient = try site.search("Patient?identifier=P-1").first?.text("id") ?? ""
        let uid = SentFiles.study(1)
        for (query, count) in [
            ("DiagnosticReport", 2), ("DiagnosticReport?patient.identifier=P-2", 1), ("DiagnosticReport?patient.identifier=P-9", 0),
            ("DiagnosticReport?date=2026-11-30", 1), ("DiagnosticReport?date=lt2026", 1), ("DiagnosticReport?status=preliminary", 2),
            ("DiagnosticReport?status=final", 0), ("DiagnosticReport?patient=\(patient)", 1),
            ("DiagnosticReport?patient=Patient/\(patient)", 1),
            ("DiagnosticReport?patient=nobody", 0), ("DiagnosticReport?identifier=\(uid)", 1),
            ("DiagnosticReport?_id=\(site.studies[1])", 1),
            ("DiagnosticReport?_id=\(site.studies[0]),\(site.studies[1])", 2),
            ("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:\(uid)", 1),
            ("ImagingStudy?started=ge2026", 1), ("ImagingStudy?identifier=ACC-2", 1), ("ImagingStudy", 2), ("Patient", 2),
            ("Patient?_id=\(patient)", 1), ("Observation?patient=\(patient)", 1), ("Observation?status=preliminary&date=2026-11-30", 1),
        ] as [(String, Int)] {
            #expect(try site.search(query).count == count, "\(query)")
        }
        #expect(try site.read("Observation?_count=0").number("total") == 2)
        // Page after page, each resource once.
        var (next, ids): (String?, [String]) = ("Observation?_count=1", [])
        while let target = next, ids.count < 10 {
            let bundle = try site.read(target)
            ids += bundle.list("entry").compactMap { $0.object("resource").text("id") }
            let link = bundle.list("link").first { $0.text("relation") == "next" }?.text("url")
            next = link?.components(separatedBy: "/fhir/").last
        }
        #expect(ids.count == 2 && Set(ids).count == 2)
    }

    @Test func whatIsWrongIsToldAsAnOutcome() async throws {
        let site = try await Site()
        func check(_ target: String, _ status: Int, _ code: String, fields: [String: String] = [:]) throws {
            let answer = try site.get(target, fields: fields)
            let outcome = answer.json as? [String: Any] ?? [:]
            #expect(answer.status == status, "\(target): \(answer.status)")
            #expect(
                answer.fields["content-type"] == "application/fhir+json" && outcome.text("resourceType") == "OperationOutcome", "\(target)")
            #expect(outcome.list("issue").first?.text("code") == code, "\(target): \(answer.text)")
        }
        try check("DiagnosticReport/\(String(repeating: "0", count: 32))", 404, "not-found")
        try check("DiagnosticReport/x", 404, "not-found")
        try check("Patient/P-1", 404, "not-found")
        try check("Medication", 404, "not-found")
        try check("DiagnosticReport?date=yesterday", 400, "value")
        try check("DiagnosticReport?_count=x", 400, "value")
        try check("DiagnosticReport?_cursor=x", 400, "value")
        try check("DiagnosticReport?_cursor=0:nonsense", 400, "value")
        try check("DiagnosticReport?_format=xml", 400, "not-supported")
        try check("DiagnosticReport?nonsense=1", 400, "not-supported", fields: ["Prefer": "handling=strict"])
        try check("metadata", 406, "not-supported", fields: ["Accept": "application/fhir+xml"])
        try check("AuditEvent", 403, "forbidden")
        let lenient = try site.read("DiagnosticReport?nonsense=1")
        #expect(lenient.list("entry").contains { $0.object("search").text("mode") == "outcome" })
        let stranger = try site.room.request("GET", "/fhir/metadata", token: "x")
        #expect(stranger.status == 401 && (stranger.json as? [String: Any])?.list("issue").first?.text("code") == "login")
        #expect(stranger.fields["www-authenticate"]?.hasPrefix("Bearer") == true)
    }

    @Test func aReportIsFinalOnceItIsSigned() async throws {
        let site = try await Site()
        let study = try site.room.get("/api/v1/studies/\(site.studies[0])")
        let unsent: [String: Any] = ["based_on": study["revision"] ?? 0, "complete": true, "findings": [[String: Any]](), "sign": false]
        #expect(try site.room.server.request("POST", "/api/v1/studies/\(site.studies[0])/review", json: unsent).status == 201)
        // What a person has not signed is told to nobody.
        #expect(try site.read("DiagnosticReport/\(site.studies[0])").text("status") == "preliminary")
        let later = try site.room.get("/api/v1/studies/\(site.studies[0])")
        let signed: [String: Any] = ["based_on": later["revision"] ?? 0, "complete": true, "findings": [[String: Any]](), "sign": true]
        #expect(try site.room.server.request("POST", "/api/v1/studies/\(site.studies[0])/review", json: signed).status == 201)
        #expect(try site.read("DiagnosticReport/\(site.studies[0])").text("status") == "final")
        #expect(try site.search("DiagnosticReport?status=final").count == 1)
    }

    @Test func theAuditTrailIsForAdministrators() async throws {
        let site = try await Site()
        _ = try site.read("DiagnosticReport/\(site.studies[0])")
        func bundle(_ target: String) throws -> [String: Any] {
            let answer = try site.room.server.request("GET", target)
            #expect(answer.status == 200, "\(target)")
            return answer.json as? [String: Any] ?? [:]
        }
        let found = try bundle("/fhir/AuditEvent?agent-name=token:ehr").list("entry").map { $0.object("resource") }
        #expect(found.contains { $0.text("outcomeDesc")?.hasPrefix("report.view") == true })
        #expect(found.allSatisfy { $0.list("agent").first?.object("who").text("display") == "token:ehr" })
        let id = found.first?.text("id") ?? ""
        #expect(try bundle("/fhir/AuditEvent/\(id)").text("id") == id)
        let page = try bundle("/fhir/AuditEvent?_count=2")
        let next = page.list("link").first { $0.text("relation") == "next" }?.text("url")?.components(separatedBy: site.room.server.host)
            .last
        #expect(page.list("entry").count == 2 && next != nil)
        #expect(try bundle(next ?? "/").list("entry").count == 2)
        for target in ["/fhir/AuditEvent?date=2026", "/fhir/AuditEvent?_count=0"] {
            #expect(try site.room.server.request("GET", target).status == 400, "\(target)")
        }
        #expect(try site.room.server.request("GET", "/fhir/AuditEvent/999999999").status == 404)
    }
}
