import Archive
import DICOMWeb
import FHIR
import Foundation
import Hummingbird
import HummingbirdCore

/// The audit trail as resources, for administrators.
extension WorkstationAPI {
    func auditResources(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        try context.requireAdministrator()
        var (count, user, before): (Int, String?, Int64?) = (100, nil, nil)
        for item in QIDOQuery.items(request.uri.query ?? "") where !item.value.isEmpty {
            switch item.name {
            case "_count":
                guard let wanted = Int(item.value), wanted > 0 else {
                    throw R4.OperationOutcome(.error, .value, "_count has to be a whole number from 1")
                }
                count = min(wanted, 1_000)
            case "_cursor":
                guard let number = Int64(item.value), number > 0 else {
                    throw R4.OperationOutcome(.error, .value, "_cursor has to come from an earlier answer")
                }
                before = number
            case "agent-name": user = item.value
            case "_format", "_pretty": break
            default: throw R4.OperationOutcome(.error, .notSupported, "audit events are searched for by agent-name alone")
            }
        }
        let entries = try await archive.auditEntries(user: user, study: nil, before: before, limit: count)
        var found: [R4.Bundle.Entry] = []
        for entry in entries {
            found.append(
                R4.Bundle.Entry(
                    fullUrl: "\(fhirAddress(request))/AuditEvent/\(entry.number)", resource: .auditEvent(try await resource(entry)),
                    search: R4.Bundle.Entry.Search(mode: .match)))
        }
        try await audit.note("audit.view", by: context.user)
        var bundle = R4.Bundle(type: .searchset, entry: found.isEmpty ? nil : found)
        func address(_ cursor: Int64?) -> String {
            let name = user?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            return "\(fhirAddress(request))/AuditEvent?_count=\(count)" + (name.map { "&agent-name=\($0)" } ?? "")
                + (cursor.map { "&_cursor=\($0)" } ?? "")
        }
        bundle.link = [R4.Bundle.Link("self", address(before))]
        if entries.count == count, let last = entries.last, last.number > 1 {
            bundle.link?.append(R4.Bundle.Link("next", address(last.number)))
        }
        return try FHIRAnswer.response(bundle, pretty: Self.isPretty(request))
    }

    func auditResource(_ id: String, _ request: Request, _ context: WorkstationContext) async throws -> Response {
        try context.requireAdministrator()
        guard let number = Int64(id), number > 0, number < Int64.max,
            let entry = try await archive.auditEntries(user: nil, study: nil, before: number + 1, limit: 1).first, entry.number == number
        else {
            throw Problem.notFound("resource")
        }
        try await audit.note("audit.view", by: context.user)
        return try FHIRAnswer.response(try await resource(entry), pretty: Self.isPretty(request))
    }

    private func resource(_ entry: AuditEntry) async throws -> R4.AuditEvent {
        let (event, action, isFailure) = Self.kind(entry.action)
        let study = if let id = entry.study { try await archive.study(id)?.uid } else { String?.none }
        var resource = AuditFacts(
            event: event, action: action, outcome: isFailure ? .minorFailure : .success, time: entry.time, who: entry.user,
            // A token is a program's; results are sent by this server itself.
            isPerson: !entry.user.isEmpty && !entry.user.hasPrefix(AccessTokens.prefix), study: study, source: "pleura",
            reason: [entry.action, entry.detail].filter { !$0.isEmpty }.joined(separator: ": ")
        ).resource()
        resource.id = String(entry.number)
        return resource
    }

    /// As DICOM's audit messages name what happened (PS3.15 A.5.3).
    private static func kind(_ action: String) -> (AuditFacts.Event, R4.AuditEvent.Action, isFailure: Bool) {
        switch action {
        case "login", "logout": (.userAuthentication, .execute, false)
        case "login.failed", "link.refused": (.userAuthentication, .execute, true)
        case "instance.add": (.dataImport, .create, false)
        case "worklist.view": (.query, .execute, false)
        case "study.view", "image.view", "file.view", "report.view", "patient.view": (.instancesAccessed, .read, false)
        case "study.export": (.dataExport, .read, false)
        case let other where ["user.", "token.", "settings."].contains(where: other.hasPrefix): (.securityAlert, .execute, false)
        case let other where other.hasSuffix(".view"): (.applicationActivity, .read, false)
        default: (.instancesAccessed, .update, false)
        }
    }
}
