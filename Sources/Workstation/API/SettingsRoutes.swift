import Department
import Detection
import Findings
import Foundation
import Hummingbird
import Inference
import Models
import Radiographs

extension WorkstationAPI {
    private struct ReaderCardWire: Encodable {
        struct Label: Encodable {
            var id: Int
            var name: String
            var colour: String
        }
        struct Step: Encodable {
            var from: Double
            var word: String
        }
        var name: String
        var version: String
        var digest: String
        var precision: String
        var summary: String
        var intendedUse: String
        var failureModes: [String]
        var labels: [Label]
        var scoreThreshold: Double
        var rates: [Double]
        var operatingPoints: [ModelCard.OperatingPoint]
        var calibrated: Bool
        var sureness: [Step]
    }

    func settingsRoutes(_ routes: Routes) {
        routes.get("/api/v1/reader") { _, _ in
            let bundle = department.model.bundle
            let card = bundle.card
            let points = card.operatingPoints ?? []
            let words = ["unlikely", "possible", "probable", "very likely"]
            return try JSONText.response(
                ReaderCardWire(
                    name: card.name, version: card.version, digest: bundle.digest,
                    precision: department.model.service.detector.settings.precision.rawValue, summary: card.summary,
                    intendedUse: card.intendedUse, failureModes: card.failureModes ?? [],
                    labels: bundle.labelMap.classes.map {
                        ReaderCardWire.Label(id: $0.id, name: $0.name, colour: FindingPalette.colour(of: $0).hex)
                    },
                    scoreThreshold: card.scoreThreshold, rates: Set(points.map(\.falseBoxesPer100Images)).sorted(), operatingPoints: points,
                    calibrated: card.calibrations?.contains { $0.subject == .box } ?? false,
                    sureness: zip(Sureness.steps, words).map { ReaderCardWire.Step(from: $0, word: $1) }))
        }
        routes.get("/api/v1/settings") { _, _ in JSONText.response(bytes: department.settingsJSON) }
        routes.put("/api/v1/settings") { request, context in
            try context.requireAdministrator()
            let bytes = try await request.jsonBytes(upTo: 1 << 18)
            let settings: SiteSettings
            do {
                // Their keys are written out in snake_case.
                settings = try JSONDecoder().decode(SiteSettings.self, from: bytes)
            } catch {
                throw Problem(.unprocessableContent, "bad_settings", "these are no settings; GET /api/v1/settings shows how they look")
            }
            try await department.change(settings)
            try await audit.note("settings.change", by: context.user)
            return JSONText.response(bytes: department.settingsJSON)
        }
    }
}
