import Archive
import ChangeGate
import Department
import Feedback
import Foundation
import HTTPTypes
import HashChains
import Hummingbird
import Improvement
import Models
import SiteFeedback
import Watching

extension WorkstationAPI {
    /// Where the learning loop stands: models and what became of them, feedback, alarms, a candidate that reads along. No patient is in it.
    private struct ImprovementWire: Encodable {
        struct Version: Encodable {
            var change: ModelChange
            /// The gate's report in words, where this is one.
            var words: String?
            /// Whether it may take the place of the model in use.
            var mayPromote: Bool
        }
        struct Shadow: Encodable {
            var model: String
            var images: Int
            var differing: Int
            var differences: [ShadowReading.Difference]
        }
        /// The digest of the model in use by the change log; `nil` where none was adopted.
        var current: String?
        /// Of the model that reads here.
        var reading: String
        /// Newest first.
        var versions: [Version]
        var chain: String
        /// What is wrong with a chain, in a sentence.
        var fault: String?
        var events: Int
        var alarms: [WatchReport.Alarm]
        /// One sentence an alarm.
        var alarmTexts: [String]
        var watched: Bool
        var shadows: [Shadow]
    }

    private var siteFolder: SiteFolder { SiteFolder(archive: configuration.data) }
    private var siteModels: SiteModels { SiteModels(folder: siteFolder.url) }

    func improvementRoutes(_ routes: Routes) {
        routes.get("/api/v1/improvement") { request, _ in
            let language = request.text("language") ?? "en"
            let (site, archive, reading) = (siteFolder, archive, department.model.bundle.digest)
            var fault: String?
            var changes: [ModelChange] = []
            var events = 0
            do {
                changes = try siteModels.changes()
                events = try ArchiveFeedback(archive, folder: site).log.events().count
            } catch let error as ChainError {
                fault = error.reason
            }
            let current = changes.last(where: \.isSwitch)?.model
            let report = WatchRecord(folder: site.url).latest
            let wire = try await department.work.run { [changes, fault, events] in
                ImprovementWire(
                    current: current, reading: reading,
                    versions: changes.reversed().map { change in
                        ImprovementWire.Version(
                            change: change, words: Self.words(of: change, in: site.url, language),
                            mayPromote: Self.mayPromote(change, current, changes))
                    }, chain: fault == nil ? "intact" : "broken", fault: fault, events: events, alarms: report?.alarms ?? [],
                    alarmTexts: report?.alarms.map(WatchText.text) ?? [], watched: report != nil,
                    shadows: ShadowReading.all(in: site).map { model, differences in
                        ImprovementWire.Shadow(
                            model: model, images: differences.count, differing: differences.count { $0.count > 0 },
                            differences: Array(differences.filter { $0.count > 0 }.prefix(20)))
                    })
            }
            return try JSONText.response(wire)
        }
        routes.post("/api/v1/improvement/promote") { request, context in
            struct Promotion: Decodable {
                let model: String
                let reason: String
            }
            try context.requireAdministrator()
            let wanted = try await request.json(Promotion.self, upTo: 16_384)
            return try await change("model.promote", context) {
                try $0.promote(wanted.model, by: context.user, reason: Self.line(wanted.reason))
            }
        }
        routes.post("/api/v1/improvement/rollback") { request, context in
            struct Rollback: Decodable { let reason: String }
            try context.requireAdministrator()
            let wanted = try await request.json(Rollback.self, upTo: 16_384)
            return try await change("model.rollback", context) { try $0.rollback(by: context.user, reason: Self.line(wanted.reason)) }
        }
    }

    private func change(
        _ action: String, _ context: WorkstationContext, _ body: @escaping @Sendable (SiteModels) throws -> ModelChange
    ) async throws -> Response {
        let models = siteModels
        let change: ModelChange
        do {
            change = try await department.work.run { try body(models) }
        } catch let error as ImprovementError {
            throw Problem(
                error.code == .missing ? .notFound : .conflict, error.code.rawValue.replacing(" ", with: "_"), error.reason)
        } catch let error as ChainError {
            throw Problem(.conflict, "broken_chain", error.reason)
        }
        try await audit.note(action, by: context.user, "\(change.name), \(change.model.prefix(16))")
        return try JSONText.response(change)
    }

    /// - Throws: `Problem`, 422.
    private static func line(_ reason: String) throws -> String {
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...500).contains(reason.count) else {
            throw Problem(.unprocessableContent, "bad_reason", "a change of models needs its reason, of at most 500 characters")
        }
        return reason
    }

    private static func words(of change: ModelChange, in folder: URL, _ language: String) -> String? {
        guard change.kind == .gate else { return nil }
        let file = folder.appendingPathComponent("gates/\(change.model.prefix(16)).json")
        guard let report = (try? Data(contentsOf: file)).flatMap({ try? JSONDecoder().decode(GateReport.self, from: $0) }),
            report.candidate.digest == change.model
        else { return nil }
        return GateWords.of(language).text(report)
    }

    private static func mayPromote(_ change: ModelChange, _ current: String?, _ changes: [ModelChange]) -> Bool {
        change.kind == .gate && change.before == current && change.model != current
            && (change.verdict.flatMap(GateVerdict.init(rawValue:))?.passes ?? false)
            && changes.last { $0.kind == .gate && $0.model == change.model }?.number == change.number
    }

    /// What the watch says, for the metrics: how many alarms stand, and what is unusual in the last batch of each device.
    var watchGauges: [(name: String, help: String, value: Double)] {
        guard let report = WatchRecord(folder: siteFolder.url).latest else { return [] }
        var gauges: [(name: String, help: String, value: Double)] = [
            ("pleura_watch_alarms", "Alarms of the watch over images and findings.", Double(report.alarms.count))
        ]
        // Devices are numbered in the order of their names: what a station is called is the site's own affair.
        for (number, device) in report.devices.enumerated() {
            guard let batch = device.batches.last else { continue }
            for figure in batch.figures {
                let name = figure.name.map { $0.isLetter && $0.isASCII ? String($0) : "_" }.joined()
                gauges.append(
                    (
                        "pleura_watch_unusual{device=\"\(number + 1)\",figure=\"\(name)\"}",
                        "1 where the last week of a device is unlike what is usual.", figure.isUnusual ? 1 : 0
                    ))
            }
            if batch.decided > 0 {
                gauges.append(
                    (
                        "pleura_watch_acceptance{device=\"\(number + 1)\"}",
                        "Share of the model's boxes that readers accepted in the last week.",
                        Double(batch.accepted) / Double(batch.decided)
                    ))
            }
        }
        return gauges
    }
}
