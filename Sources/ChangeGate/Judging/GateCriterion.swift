import Evaluation
import Foundation

/// One figure of both models, and what follows from it.
public struct GateCriterion: Codable, Hashable, Sendable {
    public enum Subject: String, Codable, Hashable, Sendable {
        /// Whether anything at all is on an image: the area under the ROC curve.
        case area
        /// The share of all boxes found, at equal false boxes an image.
        case found
        /// The same of one finding.
        case finding
        /// The same in one group of patients.
        case group
        /// The same of the site's own images.
        case site
        /// Time an image.
        case latency
        /// Bytes of the network.
        case size
    }

    public var subject: Subject
    /// The finding's name, or the group's such as `view AP`; empty where there is only one.
    public var name: String
    public var current: Double
    public var candidate: Double
    /// Candidate less current; of latency and size, as a share of the current's.
    public var difference: Double
    /// The true difference lies above it with a probability of 1 - level, and below `high` with the same; `nil` where nothing is drawn.
    public var low: Double?
    public var high: Double?
    /// How much worse it may be.
    public var margin: Double
    /// Images or boxes that it is of.
    public var cases: Int
    public var verdict: GateVerdict
    /// How many such cases would show that it is no worse, if it is as good as it measures or better; `nil` where it is shown, or where no
    /// number would.
    public var casesNeeded: Int?

    private enum CodingKeys: String, CodingKey {
        case subject, name, current, candidate, difference, low, high, margin, cases, verdict
        case casesNeeded = "cases_needed"
    }
}

extension GateCriterion {
    /// Of a figure that must be shown to be no worse by a margin.
    /// - Parameters:
    ///   - distribution: Of the paired difference.
    ///   - power: Of this one figure, for `casesNeeded`.
    static func shown(
        _ subject: Subject, _ name: String, values: (current: Double, candidate: Double), _ distribution: BootstrapDistribution,
        margin: Double, cases: Int, settings: GateSettings, power: Double
    ) -> GateCriterion {
        let difference = values.candidate - values.current
        let interval = distribution.interval(level: 1 - 2 * settings.level)
        var criterion = GateCriterion(
            subject: subject, name: name, current: values.current, candidate: values.candidate, difference: difference,
            low: Self.low(interval?.low, difference, cases, settings.level), high: interval?.high, margin: margin, cases: cases,
            verdict: .notShown)
        if let low = criterion.low, let high = criterion.high {
            criterion.verdict = low > 0 ? .better : low > -margin ? .noWorse : high < 0 ? .worse : .notShown
        }
        guard criterion.verdict == .notShown || criterion.verdict == .worse, let error = distribution.standardError else {
            return criterion
        }
        criterion.casesNeeded = casesNeeded(
            cases, error, [(margin, NormalDistribution.quantile(1 - settings.level) + NormalDistribution.quantile(power))],
            difference: difference, least: leastCases(margin, settings.level))
        return criterion
    }

    /// Of a part, whose loss must be small as measured, and must be shown to be below a wider bound.
    static func part(
        _ subject: Subject, _ name: String, values: (current: Double, candidate: Double), _ distribution: BootstrapDistribution,
        bound: Double?, cases: Int, settings: GateSettings, power: Double
    ) -> GateCriterion {
        let difference = values.candidate - values.current
        let interval = distribution.interval(level: 1 - 2 * settings.level)
        var criterion = GateCriterion(
            subject: subject, name: name, current: values.current, candidate: values.candidate, difference: difference,
            low: Self.low(interval?.low, difference, cases, settings.level), high: interval?.high, margin: settings.partLoss, cases: cases,
            verdict: .notShown)
        let isSmall = difference >= -settings.partLoss - 1e-9
        let isBounded = bound.map { bound in (criterion.low ?? -1) > -bound } ?? true
        if isSmall, isBounded {
            criterion.verdict = (criterion.low ?? 0) > 0 ? .better : .noWorse
        } else if let high = interval?.high, high < 0 {
            criterion.verdict = .worse
        }
        guard !criterion.verdict.passes, let error = distribution.standardError else { return criterion }
        let reach = NormalDistribution.quantile(power)
        var limits = [(settings.partLoss, reach)]
        if let bound { limits.append((bound, NormalDistribution.quantile(1 - settings.level) + reach)) }
        criterion.casesNeeded = casesNeeded(
            cases, error, limits, difference: difference, least: bound.map { leastCases($0, settings.level) } ?? 1)
        return criterion
    }

    /// Where nothing differs, drawing the same cases again shows no spread, however few there are. So many cases of which none was lost leave open
    /// that up to 1 - level^(1/n) of them are (Clopper and Pearson, Biometrika 1934; the rule of three).
    private static func low(_ drawn: Double?, _ difference: Double, _ cases: Int, _ level: Double) -> Double? {
        drawn.map { min($0, difference - 1 + pow(level, 1 / Double(max(1, cases)))) }
    }

    /// How many it takes at least to show a loss below a margin.
    private static func leastCases(_ margin: Double, _ level: Double) -> Int { Int((log(level) / log(1 - margin)).rounded(.up)) + 1 }

    /// The error falls with the square root of the cases. A loss that was measured is taken to be chance where that can be, else to be there.
    private static func casesNeeded(
        _ cases: Int, _ error: Double, _ limits: [(margin: Double, reach: Double)], difference: Double, least: Int
    ) -> Int? {
        guard cases > 0 else { return nil }
        let needed =
            limits.map { limit -> Double in
                let none = Double(cases) * pow(limit.reach * error / limit.margin, 2)
                // So many were there, and it was not shown: then the loss counts.
                guard none <= Double(cases), cases >= least else { return none }
                let left = limit.margin + min(0, difference)
                return left > 0 ? Double(cases) * pow(limit.reach * error / left, 2) : .infinity
            }.max() ?? .infinity
        return needed < 1e7 ? max(cases + 1, least, Int(needed.rounded(.up))) : nil
    }

    /// Of time or size, a share of the current's.
    static func resource(_ subject: Subject, current: Double, candidate: Double, settings: GateSettings) -> GateCriterion {
        let difference = current > 0 ? candidate / current - 1 : 0
        return GateCriterion(
            subject: subject, name: "", current: current, candidate: candidate, difference: difference, low: nil, high: nil,
            margin: settings.resourceShare, cases: 1, verdict: difference <= settings.resourceShare ? .noWorse : .worse)
    }
}
