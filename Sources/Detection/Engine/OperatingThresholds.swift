import Basics
import Findings
import Models

/// A threshold a finding, from the operating points of a model's card, for a number of false boxes that a user accepts.
public struct OperatingThresholds: Sendable {
    /// By the finding's name. A finding without one is not shown.
    private let thresholds: [String: Double]
    private let alternatives: Alternatives
    /// What the user should know, a line each.
    public let notes: [String]

    /// - Throws: `OperatingPointError` where the card has no operating point for so few false boxes.
    public init(_ bundle: ModelBundle, falseBoxesPer100Images rate: Double) throws {
        let points = bundle.card.operatingPoints ?? []
        guard !points.isEmpty else {
            throw OperatingPointError(.none, "its card has no operating points; pleura evaluate --write-card measures them")
        }
        let chosen = bundle.labelMap.classes.map { ($0.name, points.point(for: $0.name, falseBoxesPer100Images: rate)) }
        guard chosen.contains(where: { $0.1 != nil }) else {
            let least = points.map(\.falseBoxesPer100Images).min() ?? 0
            throw OperatingPointError(
                .tooFew,
                "its card has no operating point for so few false boxes on 100 images; the fewest are \(Self.text(least))")
        }
        thresholds = Dictionary(chosen.compactMap { name, point in point.map { (name, $0.threshold) } }) { first, _ in first }
        alternatives = bundle.card.suppression.alternatives
        var notes: [String] = []
        let used = Set(chosen.compactMap(\.1?.falseBoxesPer100Images)).sorted()
        if used != [rate] {
            notes.append(
                "no operating point is stored for \(Self.text(rate)) false boxes on 100 images; those below it are used: "
                    + used.map(Self.text).joined(separator: ", "))
        }
        let without = chosen.filter { $0.1 == nil }.map(\.0)
        if !without.isEmpty { notes.append("no operating point is stored for \(without.joined(separator: ", ")), so none is shown") }
        self.notes = notes
    }

    /// The lowest of them: nothing below it is shown.
    public var lowest: Double { thresholds.values.min() ?? 1 }

    /// What of an image's findings is shown, numbered anew.
    public func applied(to image: ImageFindings) -> ImageFindings {
        image.keeping({ finding in thresholds[finding.findingClass.name].map { finding.score >= $0 } ?? false }, alternatives: alternatives)
    }

    private static func text(_ rate: Double) -> String { rate == rate.rounded() && abs(rate) < 1e9 ? "\(Int(rate))" : "\(rate)" }
}
