import Findings
import Foundation

/// Whether a model may take the place of another, with all that was asked: what `pleura improve gate` writes, schema 1.
///
/// It may where every criterion is met (an intersection-union test, so no criterion need be stricter for there being others: Berger,
/// Technometrics 1982).
public struct GateReport: Codable, Hashable, Sendable {
    public struct Model: Codable, Hashable, Sendable {
        public var name: String
        public var version: String
        public var digest: String

        public init(name: String, version: String, digest: String) { (self.name, self.version, self.digest) = (name, version, digest) }
    }

    public var schema = 1
    public var notice = Notice.researchUseOnly
    public var created: String
    public var current: Model
    public var candidate: Model
    /// Name and digest of the locked set.
    public var reference: String
    public var referenceDigest: String
    public var images: Int
    public var patients: Int
    public var boxes: Int
    public var settings: GateSettings
    public var criteria: [GateCriterion]
    public var verdict: GateVerdict
    /// Findings of which the set has no box: nothing is said of them.
    public var untested: [String]
    /// How often the set had been looked at, this time too; `nil` where nobody counts.
    public var look: Int?

    private enum CodingKeys: String, CodingKey {
        case schema, notice, created, current, candidate, reference, images, patients, boxes, settings, criteria, verdict, untested, look
        case referenceDigest = "reference_digest"
    }

    /// Those that stand in the way.
    public var failed: [GateCriterion] { criteria.filter { !$0.verdict.passes } }

    /// The worst of all; better only where a main figure is.
    static func verdict(_ criteria: [GateCriterion]) -> GateVerdict {
        if criteria.contains(where: { $0.verdict == .worse }) { return .worse }
        if criteria.contains(where: { $0.verdict == .notShown }) { return .notShown }
        return criteria.contains { [.area, .found].contains($0.subject) && $0.verdict == .better } ? .better : .noWorse
    }

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }
}
