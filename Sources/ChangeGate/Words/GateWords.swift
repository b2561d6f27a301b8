import Findings
import Foundation

/// A report of the gate in words for who is responsible, in one language: a table. Another language is another table, and a line here.
public struct GateWords: Sendable {
    public let language: String
    private let table: [String: String]
    private let sentences: Sentences

    private init(_ language: String, _ json: some Sequence<UInt8>) {
        self.language = language
        let data = Data(json)
        table = (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
        sentences = (try? Sentences(json: data)) ?? .english
    }

    public static let all = [GateWords("en", PackageResources.gate_en_json), GateWords("de", PackageResources.gate_de_json)]

    /// The table of a language such as `de` or `de-AT`, or else English.
    public static func of(_ language: String) -> GateWords {
        let wanted = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        return all.first { $0.language == wanted } ?? all[0]
    }

    public var keys: Set<String> { Set(table.keys) }

    private func say(_ key: String, _ values: String...) -> String { sentences.text(of: key, values) }

    public func title(_ criterion: GateCriterion) -> String { say(criterion.subject.rawValue, criterion.name) }
    public func verdict(_ criterion: GateCriterion) -> String { say("criterion.\(criterion.verdict.rawValue)") }
    public func verdict(_ report: GateReport) -> String { say("verdict.\(report.verdict.rawValue)") }

    /// What was measured of both, in a clause.
    public func measured(_ criterion: GateCriterion) -> String {
        switch criterion.subject {
        case .area: say("of.area", Self.hundredths(criterion.current), Self.hundredths(criterion.candidate))
        case .latency: say("of.latency", Self.number(criterion.current, 1), Self.number(criterion.candidate, 1))
        case .size: say("of.size", Self.number(criterion.current / 1e6, 1), Self.number(criterion.candidate / 1e6, 1))
        default: say("of.share", Self.hundredths(criterion.current), Self.hundredths(criterion.candidate))
        }
    }

    /// How far chance may have moved it, and what would show it; empty where nothing is drawn and all is well.
    public func chance(_ criterion: GateCriterion) -> String {
        var parts: [String] = []
        if let low = criterion.low, let high = criterion.high {
            parts.append(
                say(
                    "difference", Self.signed(criterion.difference), Self.signed(low), Self.signed(high), Self.hundredths(criterion.margin))
            )
        }
        if criterion.verdict == .notShown {
            if let needed = criterion.casesNeeded {
                parts.append(
                    say(
                        criterion.subject == .area ? "needed.images" : "needed.boxes", String(needed),
                        String(max(0, needed - criterion.cases))))
            } else {
                parts.append(say("needed.none"))
            }
        }
        return parts.joined(separator: "; ")
    }

    /// The whole report, a line a criterion.
    public func text(_ report: GateReport) -> String {
        var lines = [verdict(report), ""]
        lines.append(
            say(
                "summary", String(report.images), String(report.patients), String(report.boxes),
                Self.number(report.settings.falseBoxesPerImage, 1)))
        for criterion in report.criteria {
            let chance = chance(criterion)
            lines.append("- \(title(criterion)): \(verdict(criterion)). \(measured(criterion))\(chance.isEmpty ? "" : "; \(chance)").")
        }
        if !report.untested.isEmpty { lines.append(say("untested", report.untested.joined(separator: ", "))) }
        if let look = report.look { lines.append(say("look", String(look), String(report.settings.mostLooks))) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func hundredths(_ share: Double) -> String { number(share * 100, 1) }
    private static func signed(_ share: Double) -> String { (share > 0 ? "+" : "") + hundredths(share) }
    private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
