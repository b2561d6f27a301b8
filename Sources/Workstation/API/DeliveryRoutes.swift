import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    private struct DeliveriesWire: Encodable {
        var deliveries: [DeliveryWire]
        /// What `before` takes for the page after this one.
        var next: Int64?
    }

    func deliveryRoutes(_ routes: Routes) {
        routes.get("/api/v1/deliveries") { request, _ in
            let states = try (request.text("state") ?? "").split(separator: ",").map { text in
                guard let state = Delivery.State(rawValue: String(text)) else {
                    throw Problem(
                        .unprocessableContent, "bad_parameter",
                        "state is a list of \(Delivery.State.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return state
            }
            return try await deliveries(
                request, states: Set(states), destination: request.text("destination").flatMap { $0.isEmpty ? nil : $0 },
                study: try Self.studyParameter(request))
        }
        routes.get("/api/v1/studies/{id}/deliveries") { request, context in
            try await deliveries(request, states: [], destination: nil, study: try await study(context).id)
        }
        routes.post("/api/v1/deliveries/{id}/retry") { _, context in
            let delivery = try await delivery(context)
            try await department.retry(delivery: delivery.id)
            try await audit.note("delivery.retry", by: context.user, study: delivery.file.study, "\(delivery.destination), \(delivery.id)")
            department.feed.publish(.changed(delivery.file.study))
            return Response(status: .accepted)
        }
        routes.post("/api/v1/deliveries/{id}/dismiss") { _, context in
            let delivery = try await delivery(context)
            guard delivery.state == .failed || delivery.state == .dismissed else {
                throw Problem(.conflict, "not_failed", "only a delivery that was given up can be dismissed")
            }
            try await archive.dismissDelivery(delivery.id)
            try await audit.note(
                "delivery.dismiss", by: context.user, study: delivery.file.study, "\(delivery.destination), \(delivery.id)")
            department.feed.publish(.changed(delivery.file.study))
            return Response(status: .noContent)
        }
        routes.get("/api/v1/destinations") { _, _ in
            struct Destinations: Encodable { var destinations: [DestinationWire] }
            let (counts, reached) = (try await archive.deliveryCounts(), department.reached)
            let configured = department.destinations.map(\.name)
            let names = configured + counts.keys.filter { !configured.contains($0) }.sorted()
            return try JSONText.response(
                Destinations(
                    destinations: names.map {
                        DestinationWire($0, isConfigured: configured.contains($0), counts: counts[$0] ?? [:], condition: reached[$0])
                    }))
        }
    }

    private func deliveries(
        _ request: Request, states: Set<Delivery.State>, destination: String?, study: StudyID?
    ) async throws -> Response {
        let limit = try request.number("limit", default: 100, in: 1...1_000)
        let found = try await archive.deliveries(
            states: states, destination: destination, study: study, before: try Self.before(request), limit: limit)
        return try JSONText.response(
            DeliveriesWire(deliveries: found.map(DeliveryWire.init), next: found.count == limit ? found.last?.id : nil))
    }

    /// - Throws: `Problem`, 404.
    private func delivery(_ context: WorkstationContext) async throws -> Delivery {
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), let delivery = try await archive.delivery(id) else {
            throw Problem.notFound("delivery")
        }
        return delivery
    }

    /// The `next` of an earlier answer.
    static func before(_ request: Request) throws -> Int64? {
        try request.text("before").map { text in
            guard let number = Int64(text), number > 0 else {
                throw Problem(.unprocessableContent, "bad_parameter", "before is the next of an earlier answer")
            }
            return number
        }
    }

    static func studyParameter(_ request: Request) throws -> StudyID? {
        try request.text("study").flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let id = StudyID(rawValue: text) else { throw Problem(.unprocessableContent, "bad_parameter", "study is a study's id") }
            return id
        }
    }
}
