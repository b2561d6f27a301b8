import Basics
import Detection
import Foundation
import Geometry
import Models
import Radiographs

/// Looks up known boxes that resemble a finding, by what the network makes of them: those of the bundle's bank, if it has one.
public struct SimilarCases: Sendable {
    /// What is found for one finding.
    public struct Answer: Hashable, Sendable {
        /// Three of the finding, one of another, one rejected, as far as there are some; none where they are hidden.
        public var neighbours: [CaseBank.Neighbour]
        /// Why none are shown.
        public var hiddenBecause: String?
    }

    private let features: BoxFeatures
    private let bank: CaseBank
    private let verdicts: [ModelCard.SimilarCases.Verdict]

    /// - Returns: `nil` where the bundle has no bank.
    /// - Throws: `ExplanationError` where the bank is damaged or not the one that the card was written with; what `BoxFeatures` throws.
    public init?(_ bundle: ModelBundle) throws {
        guard let card = bundle.card.similarCases else { return nil }
        let file = bundle.directory.appendingPathComponent((card.file as NSString).lastPathComponent)
        guard let bytes = try? Data(contentsOf: file) else { throw ExplanationError(.bank, "\(card.file) cannot be opened") }
        guard Digest(of: bytes).hexadecimal == card.digest else {
            throw ExplanationError(.bank, "\(card.file) is not the file that the card was written with (its SHA-256 differs)")
        }
        bank = try CaseBank(bytes: bytes)
        features = try BoxFeatures(bundle)
        verdicts = card.verdicts
    }

    /// Boxes as the bank has them, such as those that persons of a site rejected.
    /// - Parameter boxes: In pixels of the original image.
    /// - Throws: What a run throws.
    public func vectors(of boxes: [Box], in prepared: PreparedRadiograph) throws -> [[Float]] {
        try features.vectors(of: boxes, in: prepared).map { bank.whitening($0) }
    }

    /// A bank of other cases in the same numbers.
    public func bank(_ cases: [CaseBank.Case]) -> CaseBank { CaseBank(whitening: bank.whitening, cases: cases) }

    /// - Parameters:
    ///   - findings: Names and boxes in pixels of the original image.
    ///   - image: SHA-256 of the image's file, in hexadecimal; `nil` where it is not known.
    ///   - others: Cases beside the bank's: those of the site.
    ///   - left: Digests of further images that are left out: the same patient's.
    public func answers(
        _ findings: [(label: String, box: Box)], in prepared: PreparedRadiograph, image: String?, besides others: [CaseBank.Case] = [],
        leavingOut left: Set<String> = []
    ) throws -> [Answer] {
        var bank = bank
        bank.cases += others
        bank.cases.removeAll { left.contains($0.image) }
        let vectors = try features.vectors(of: findings.map(\.box), in: prepared)
        return zip(findings, vectors).map { finding, vector in
            guard let verdict = verdicts.first(where: { $0.finding == finding.label }) else {
                return Answer(neighbours: [], hiddenBecause: "the bank has no box of it")
            }
            guard verdict.isShown else {
                let (purity, prior) = (String(format: "%.2f", verdict.purity), String(format: "%.2f", verdict.prior))
                return Answer(
                    neighbours: [], hiddenBecause: "the nearest boxes are of it hardly more often than by chance (\(purity), \(prior))")
            }
            return Answer(neighbours: bank.similar(to: vector, label: finding.label, image: image))
        }
    }
}
