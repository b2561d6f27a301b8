import Archive
import DICOMWeb
import Department
import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Results as FHIR resources, to be read (FHIR R4, 3.1.0): nothing is taken in this way.
extension WorkstationAPI {
    static let fhirRoot = "/fhir"
    private static let started = Date()

    func fhirRoutes(_ routes: Routes) {
        routes.get(Self.fhirRoot + "/metadata") { request, _ in
            try FHIRAnswer.check(accept: request.headers[.accept])
            return try FHIRAnswer.response(capabilities(request), pretty: Self.isPretty(request))
        }
        routes.get(Self.fhirRoot + "/{type}") { request, context in
            try FHIRAnswer.check(accept: request.headers[.accept])
            let type = context.parameters.get("type") ?? ""
            if type == "AuditEvent" { return try await auditResources(request, context) }
            guard SearchParameters.types.contains(type) else {
                throw Problem(.notFound, "not_found", "this type is not searched for; /fhir/metadata lists those that are")
            }
            return try await search(type, request, context)
        }
        routes.get(Self.fhirRoot + "/{type}/{id}") { request, context in
            try FHIRAnswer.check(accept: request.headers[.accept])
            let (type, id) = (context.parameters.get("type") ?? "", context.parameters.get("id") ?? "")
            if type == "AuditEvent" { return try await auditResource(id, request, context) }
            guard let study = try await study(of: type, id),
                let resource = try await resources(of: study).first(where: { $0.type == type && $0.id == id })
            else {
                throw Problem.notFound("resource")
            }
            try await audit.note("report.view", by: context.user, study: study.id, "\(type) by FHIR")
            return try FHIRAnswer.response(resource, pretty: Self.isPretty(request))
        }
    }

    static func isPretty(_ request: Request) -> Bool { request.text("_pretty") == "true" }

    func fhirAddress(_ request: Request) -> String { serverAddress(request) + Self.fhirRoot }

    private func capabilities(_ request: Request) -> R4.CapabilityStatement {
        var statement = R4.CapabilityStatement.server(
            name: "Pleura", version: version, date: Self.started, base: fhirAddress(request),
            security: "A bearer token of this server (pleura serve token add), or the cookie of a session.")
        var more: [R4.CapabilityStatement.Resource] = []
        for (type, interactions) in [("Device", ["read"]), ("ServiceRequest", ["read"]), ("AuditEvent", ["read", "search-type"])]
        where !SearchParameters.types.contains(type) {
            var resource = R4.CapabilityStatement.Resource(type: type)
            resource.interaction = interactions.map { R4.CapabilityStatement.Interaction($0) }
            resource.versioning = "no-version"
            more.append(resource)
        }
        if let rest = statement.rest, !rest.isEmpty { statement.rest?[0].resource = (rest[0].resource ?? []) + more }
        return statement
    }

    /// What is told of a study, as resources; none where nothing is told yet.
    /// - Throws: `FHIRError`, `ArchiveError`.
    func resources(of study: Study) async throws -> [R4.AnyResource] {
        guard let result = try await department.results(of: study.id) else { return [] }
        let served = ServedResources(study, order: try await archive.order(of: study.id))
        let resources = try served(try fhir.resources(result))
        for resource in resources where resource.type == "Patient" || resource.type == "Device" {
            if let id = resource.id { directory.note(resource.type, id, in: study.id) }
        }
        return resources
    }

    // MARK: By id

    private static let mostPatients = 100_000
    private static let mostModels = 200

    /// The study in which a resource is.
    private func study(of type: String, _ id: String) async throws -> Study? {
        switch type {
        case "DiagnosticReport", "ImagingStudy", "Observation", "ServiceRequest":
            guard let study = ServedResources.study(ofID: id) else { return nil }
            return try await archive.study(study)
        case "Patient": return try await study(ofPatient: id)
        case "Device":
            return try await remembered(
                type, id, { study in try await resources(of: study).contains { $0.type == type && $0.id == id } },
                orAmong: Self.mostModels)
        default: return nil
        }
    }

    /// A study of a patient, by the patient's id.
    func study(ofPatient id: String) async throws -> Study? {
        try await remembered(
            "Patient", id,
            { study in
                guard let patient = ServedResources.patientID(study) else { return false }
                directory.note("Patient", patient, in: study.id)
                return patient == id
            }, orAmong: Self.mostPatients)
    }

    private func remembered(
        _ type: String, _ id: String, _ isIn: (Study) async throws -> Bool, orAmong most: Int
    ) async throws -> Study? {
        // Ids are not longer, and what is none is not looked for.
        guard (1...64).contains(id.utf8.count) else { return nil }
        // A patient may have got another number since.
        if let place = directory[type, id], let study = try await archive.study(place), try await isIn(study) { return study }
        var (query, count) = (WorklistQuery(limit: 250), 0)
        while count < most {
            let page = try await archive.worklist(query)
            for study in page.studies where try await isIn(study) {
                directory.note(type, id, in: study.id)
                return study
            }
            count += page.studies.count
            guard let next = page.next else { return nil }
            query.after = next
        }
        return nil
    }
}
