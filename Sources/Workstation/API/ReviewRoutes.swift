import Archive
import Department
import Foundation
import Geometry
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    private struct ReviewWire: Decodable {
        struct FindingWire: Decodable {
            var instance: String?
            var label: String
            var box: [Double]
            var origin: String?
            var decision: ReadFinding.Decision?
            var reason: String?
        }
        var basedOn: Int64?
        var findings: [FindingWire]
        var complete: Bool?
        var comment: String?
        var text: String?
        var sign: Bool?

        func request() throws -> ReviewRequest {
            ReviewRequest(
                basedOn: basedOn,
                findings: try findings.enumerated().map { index, finding in
                    guard finding.box.count == 4 else { throw DepartmentError(.badReview, "finding \(index + 1): a box has four numbers") }
                    let instance = try finding.instance.map { text in
                        guard let id = InstanceID(rawValue: text) else {
                            throw DepartmentError(.badReview, "finding \(index + 1): its instance is not one of this study")
                        }
                        return id
                    }
                    return ReviewRequest.Finding(
                        instance: instance, label: finding.label,
                        box: Box(x: finding.box[0], y: finding.box[1], width: finding.box[2], height: finding.box[3]),
                        origin: finding.origin,
                        decision: finding.decision, reason: finding.reason)
                }, isComplete: complete ?? false, comment: comment ?? "", text: text ?? "", signs: sign ?? false)
        }
    }

    func reviewRoutes(_ routes: Routes) {
        routes.post("/api/v1/studies/{id}/review") { request, context in
            let study = try await study(context)
            try context.requirePerson()
            let wanted = try await request.json(ReviewWire.self, upTo: 2 << 20).request()
            do {
                let reading = try await department.review(wanted, of: study.id, by: context.user)
                try await audit.note(
                    wanted.signs ? "review.sign" : "review.save", by: context.user, study: study.id, "reading \(reading.id)")
                return try JSONText.response(ReadingWire(reading: reading), status: .created)
            } catch let error as ArchiveError where error.code == .newerReading {
                let readings = try await archive.readings(of: study.id)
                let newer = readings.filter { $0.id > wanted.basedOn ?? 0 }.map { ReadingWire(reading: $0) }
                throw Problem(
                    .conflict, "newer_reading", "another reading came meanwhile; nothing was saved",
                    members: [
                        "revision": readings.last.map { String($0.id) } ?? "null",
                        "readings": String(decoding: try JSONText.data(newer), as: UTF8.self),
                    ])
            }
        }
        routes.get("/api/v1/studies/{id}/draft") { _, context in
            let study = try await study(context)
            guard let draft = try await archive.draft(of: study.id, by: context.user) else { throw Problem.notFound("draft") }
            return try JSONText.response(
                DraftWire(
                    basedOn: draft.basedOn, saved: draft.saved,
                    content: (try? JSONDecoder().decode(JSONValue.self, from: draft.content)) ?? .object([:])))
        }
        routes.put("/api/v1/studies/{id}/draft") { request, context in
            struct Draft: Decodable {
                var basedOn: Int64?
                var content: JSONValue
                private enum CodingKeys: String, CodingKey {
                    case content
                    case basedOn = "based_on"
                }
            }
            let study = try await study(context)
            let bytes = try await request.jsonBytes(upTo: 256 << 10)
            // Its keys are the page's own, and stay as they are.
            guard let draft = try? JSONDecoder().decode(Draft.self, from: bytes), let content = try? JSONEncoder().encode(draft.content)
            else {
                throw Problem(.unprocessableContent, "unreadable", "a draft has a content, which is JSON")
            }
            try await archive.setDraft(
                ReviewDraft(basedOn: draft.basedOn, saved: Date(), content: content), of: study.id, by: context.user)
            return Response(status: .noContent)
        }
        routes.delete("/api/v1/studies/{id}/draft") { _, context in
            try await archive.setDraft(nil, of: try await study(context).id, by: context.user)
            return Response(status: .noContent)
        }
    }
}
