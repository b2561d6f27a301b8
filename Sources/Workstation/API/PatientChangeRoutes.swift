import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    /// What other systems said of patients, and how a person takes a merge back.
    func patientChangeRoutes(_ routes: Routes) {
        routes.get("/api/v1/patient-changes") { request, context in
            struct Changes: Encodable {
                var changes: [PatientChangeWire]
                var next: Int64?
            }
            try context.requireAdministrator()
            let limit = try request.number("limit", default: 100, in: 1...1_000)
            let study = try Self.studyParameter(request)
            let found = try await archive.patientChanges(study: study, before: try Self.before(request), limit: limit)
            try await audit.note("patient.view", by: context.user, study: study, "\(found.count) changes")
            return try JSONText.response(
                Changes(changes: found.map(PatientChangeWire.init), next: found.count == limit ? found.last?.id : nil))
        }
        routes.post("/api/v1/patient-changes/{id}/undo") { _, context in
            struct Undone: Encodable { var studies: [String] }
            try context.requireAdministrator()
            guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0, id < Int64.max,
                let change = try await archive.patientChanges(study: nil, before: id + 1, limit: 1).first, change.id == id
            else {
                throw Problem.notFound("change")
            }
            guard change.kind == .merge else {
                throw Problem(
                    .conflict, "not_a_merge", "only a merge is taken back; other data of a patient is corrected where it was entered")
            }
            guard !change.isUndone else { throw Problem(.conflict, "undone", "the merge was taken back already") }
            let applied = try await department.apply([.unmerge(retired: change.before, surviving: change.after)], from: nil)
            guard !applied.studies.isEmpty else {
                throw Problem(.conflict, "changed_since", "the study's patient was changed since; take the later change back first")
            }
            let events = applied.studies.map {
                AuditEvent(user: context.user, action: "patient.unmerge", study: $0, detail: "change \(id)")
            }
            try await archive.appendAudit(events)
            return try JSONText.response(Undone(studies: applied.studies.map(\.rawValue)))
        }
    }
}
