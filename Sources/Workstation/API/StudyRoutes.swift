import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Results

extension WorkstationAPI {
    private struct WorklistWire: Encodable {
        var studies: [StudyRowWire]
        var next: String?
        var counts: [String: Int]
    }

    /// A row and what is in the study.
    private struct StudyWire: Encodable {
        var row: StudyRowWire
        var details: Details

        struct Details: Encodable {
            var instances: [InstanceWire]
            var readings: [ReadingWire]
            var draft: DraftWire?
            var priors: [StudyRowWire]
            var jobs: [JobWire]
            var order: OrderWire?
        }

        func encode(to encoder: any Encoder) throws {
            try row.encode(to: encoder)
            try details.encode(to: encoder)
        }
    }

    private static let mostPriors = 20

    func studyRoutes(_ routes: Routes) {
        routes.get("/api/v1/studies") { request, context in try await worklist(request, context) }
        routes.get("/api/v1/studies/{id}") { _, context in
            let study = try await study(context)
            async let instances = archive.instances(of: study.id)
            async let readings = archive.readings(of: study.id)
            async let priors = archive.priors(of: study.id, limit: Self.mostPriors)
            async let jobs = archive.jobs(state: nil, study: study.id, limit: 1_000)
            async let draft = archive.draft(of: study.id, by: context.user)
            async let order = archive.order(of: study.id)
            let all = try await readings
            try await audit.note("study.view", by: context.user, study: study.id)
            return try JSONText.response(
                StudyWire(
                    row: try await row(study),
                    details: StudyWire.Details(
                        instances: try await instances.map { InstanceWire($0, readings: all) },
                        readings: all.map { ReadingWire(reading: $0) },
                        draft: try await draft.map {
                            DraftWire(
                                basedOn: $0.basedOn, saved: $0.saved,
                                content: (try? JSONDecoder().decode(JSONValue.self, from: $0.content)) ?? .object([:]))
                        },
                        priors: try await priors.map { StudyRowWire($0) }, jobs: try await jobs.map(JobWire.init),
                        order: try await order.map(OrderWire.init))))
        }
        routes.post("/api/v1/studies/{id}/urgency") { request, context in
            struct Change: Decodable { let urgency: StudyUrgency }
            let study = try await study(context)
            let change = try await request.json(Change.self)
            try await department.change(study.id, urgency: change.urgency)
            try await audit.note("study.urgency", by: context.user, study: study.id, change.urgency.rawValue)
            return try JSONText.response(StudyRowWire(try await self.study(context)))
        }
        routes.get("/api/v1/studies/{id}/report") { request, context in
            struct Report: Encodable {
                var language: String
                var text: String
            }
            let study = try await study(context)
            let readings = try await archive.readings(of: study.id)
            let reading = try request.text("reading").map { text in
                guard let number = Int64(text), readings.contains(where: { $0.id == number }) else { throw Problem.notFound("reading") }
                return number
            }
            let words = ReportWords.of(request.text("language") ?? "en")
            try await audit.note("report.view", by: context.user, study: study.id)
            return try JSONText.response(
                Report(
                    language: words.language,
                    text: ReportText(words)(
                        study: study, instances: try await archive.instances(of: study.id), readings: readings, reading: reading)))
        }
    }

    private func worklist(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        var query = WorklistQuery()
        query.limit = try request.number("limit", default: 50, in: 1...500)
        query.words = String((request.text("q") ?? "").prefix(10_000))
        query.after = request.text("after").flatMap { $0.isEmpty ? nil : $0 }
        switch request.text("status") ?? "" {
        case "", "all": break
        case "open": query.statuses = Set(StudyStatus.allCases).subtracting([.signed])
        case let text:
            guard let status = StudyStatus(rawValue: text) else {
                throw Problem(
                    .unprocessableContent, "bad_parameter",
                    "status is all, open, \(StudyStatus.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            query.statuses = [status]
        }
        switch request.text("finding") ?? "" {
        case "": break
        case "none": query.finding = .none
        case let label: query.finding = .label(label)
        }
        async let counts = archive.statusCounts()
        let page: WorklistPage
        do {
            page = try await archive.worklist(query)
        } catch let error as ArchiveError where error.code == .invalidCursor {
            throw Problem(.unprocessableContent, "bad_parameter", "after is the next of an earlier answer")
        }
        if !page.studies.isEmpty { try await audit.note("worklist.view", by: context.user, "\(page.studies.count) studies") }
        let known = try await counts
        var rows: [StudyRowWire] = []
        for study in page.studies { rows.append(try await row(study)) }
        return try JSONText.response(
            WorklistWire(
                studies: rows, next: page.next,
                counts: Dictionary(uniqueKeysWithValues: StudyStatus.allCases.map { ($0.rawValue, known[$0] ?? 0) })))
    }

    /// A study without a patient's name is known by its file.
    private func row(_ study: Study) async throws -> StudyRowWire {
        guard study.patient.name == nil, let first = study.firstInstance else { return StudyRowWire(study) }
        return StudyRowWire(study, name: try await archive.instance(first)?.name)
    }

    /// The study of the address.
    /// - Throws: `Problem`, 404.
    func study(_ context: WorkstationContext) async throws -> Study {
        guard let id = context.parameters.get("id").flatMap({ StudyID(rawValue: $0) }), let study = try await archive.study(id) else {
            throw Problem.notFound("study")
        }
        return study
    }
}
