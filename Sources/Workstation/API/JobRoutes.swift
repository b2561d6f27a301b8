import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    func jobRoutes(_ routes: Routes) {
        routes.get("/api/v1/jobs") { request, _ in
            struct Jobs: Encodable { var jobs: [JobWire] }
            let state = try request.text("state").map { text in
                guard let state = Job.State(rawValue: text) else {
                    throw Problem(
                        .unprocessableContent, "bad_parameter",
                        "state is one of \(Job.State.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return state
            }
            let limit = try request.number("limit", default: 100, in: 1...1_000)
            return try JSONText.response(Jobs(jobs: try await archive.jobs(state: state, study: nil, limit: limit).map(JobWire.init)))
        }
        routes.post("/api/v1/jobs/{id}/retry") { _, context in
            let id = try Self.number(context)
            try await department.retry(id)
            try await audit.note("job.retry", by: context.user, "job \(id)")
            return Response(status: .accepted)
        }
        routes.post("/api/v1/jobs/{id}/dismiss") { _, context in
            let id = try Self.number(context)
            try await department.dismiss(id)
            try await audit.note("job.dismiss", by: context.user, "job \(id)")
            return Response(status: .noContent)
        }
    }

    private static func number(_ context: WorkstationContext) throws -> Int64 {
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }) else { throw Problem.notFound("job") }
        return id
    }
}
