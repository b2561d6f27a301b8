import Detection
import Findings
import Models
import Radiographs

/// Explains the findings of an image on demand: one pass of 60 to 120 runs for all that is asked of it.
///
///     let explainer = Explainer(detector)
///     let why = try explainer.explain(answer.findings, in: detector.prepare(radiograph, from: source))
///     print(why.findings[0].boxSentence)
public struct Explainer: Sendable {
    /// How far maps have to have been tested to be shown.
    public enum Trust: Hashable, Sendable {
        /// Only maps whose verdict in the card is "shown".
        case tested
        /// Maps that were not tested, too; those that failed stay hidden.
        case untestedToo
        /// All: for tests of maps.
        case all
    }

    public let network: any ExplainableNetwork
    private let columns: [String: Int]
    private let verdicts: [ModelCard.ExplanationVerdict]
    public var trust: Trust
    /// Where known boxes are looked up; `nil` for nowhere.
    public var similarCases: SimilarCases?
    /// Cases beside those of the model's bank.
    public var otherCases: [CaseBank.Case] = []
    public var settings = OcclusionPlan.Settings()

    /// Maps on demand.
    public static let kinds: [ExplanationMap.Kind] = [.score, .occlusion]

    public init(_ detector: Detector, trust: Trust = .tested) {
        self.init(
            DetectorNetwork(detector), classNames: detector.bundle.labelMap.classes.map(\.name),
            verdicts: detector.bundle.card.explanations ?? [], trust: trust)
    }

    /// - Parameter classNames: In the order of the network's scores.
    public init(
        _ network: any ExplainableNetwork, classNames: [String], verdicts: [ModelCard.ExplanationVerdict] = [], trust: Trust = .tested
    ) {
        (self.network, self.verdicts, self.trust) = (network, verdicts, trust)
        columns = Dictionary(classNames.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// Explains some findings of an image, which may have been mended: what is told is in pixels of the image as it came.
    /// - Parameters:
    ///   - digest: SHA-256 of the image's file, in hexadecimal, so that it is none of its own similar cases; `nil` where not known.
    ///   - related: The same of the patient's other images, which are no similar cases either.
    /// - Throws: `ExplanationError`, `InferenceError`.
    public func explain(
        _ findings: [Finding], in prepared: PreparedRadiograph, digest: String? = nil, related: Set<String> = []
    ) throws -> ImageExplanation {
        // The networks see the mended image: boxes go there, what is told comes back.
        let seen = findings.map { finding in
            var seen = finding
            seen.geometry = .box(prepared.boxInSeen(finding.boundingBox))
            return seen
        }
        var explanation = try explain(seen, in: MaskedImage(prepared))
        if let frame = prepared.frame {
            explanation = explanation.inOriginal(frame)
            for (number, finding) in findings.enumerated() { explanation.findings[number].box = finding.boundingBox }
        }
        guard let similarCases else { return explanation }
        let start = ContinuousClock.now
        let answers = try similarCases.answers(
            findings.map { ($0.findingClass.name, $0.boundingBox) }, in: prepared, image: digest, besides: otherCases,
            leavingOut: related)
        for (number, answer) in answers.enumerated() { explanation.findings[number].similar = answer }
        explanation.runs += 1
        explanation.duration += (ContinuousClock.now - start) / .seconds(1)
        return explanation
    }

    /// - Parameter findings: With boxes in pixels of the image as the networks see it.
    /// - Throws: `ExplanationError`, or what a run throws.
    public func explain(_ findings: [Finding], in image: MaskedImage) throws -> ImageExplanation {
        let start = ContinuousClock.now
        let targets = try findings.map { finding in
            guard let column = columns[finding.findingClass.name] else {
                throw ExplanationError(.unusable, "finding \(finding.id) is of a class that the network does not score")
            }
            return ExplainedTarget(id: finding.id, classIndex: column, box: finding.boundingBox)
        }
        let scorer = try MaskedScorer(network, image: image, targets: targets)
        let plane = scorer.plane
        let outputs = try scorer.outputs()
        let scores = scorer.values(outputs)
        // Without a map that may be shown its runs are saved.
        let wanted = findings.map { finding in Self.kinds.map { hidden($0, finding.findingClass.name) } }
        let occluded = findings.indices.filter { wanted[$0][1] == nil }
        let part = try MaskedScorer(network, image: image, targets: occluded.map { targets[$0] })
        let occlusion = occluded.isEmpty ? nil : try Occlusion(part, scores: occluded.map { scores[$0] }, settings: settings)

        var maps: [[ExplanationMap?]] = findings.indices.map { number in
            [
                wanted[number][0] == nil
                    ? ScoreMap.map(classIndex: targets[number].classIndex, outputs: outputs, of: network, image: image) : nil, nil,
            ]
        }
        for (place, number) in occluded.enumerated() { maps[number][1] = occlusion?.maps[place] }

        // One run for each map, and one for each box.
        var masks: [(finding: Int, visible: [Float])] = []
        for number in findings.indices {
            masks.append((number, Hiding.box(plane.boxInPlane(targets[number].box), plane: plane)))
            for case let map? in maps[number] { masks.append((number, Hiding.hottest(map))) }
        }
        let left = try scorer.values(masks: masks.count) { [masks] in masks[$0].visible }
        var next = 0
        let explained = findings.indices.map { number in
            func taken() -> Double {
                defer { next += 1 }
                return left[next][number]
            }
            let withoutBox = taken()
            let results = Self.kinds.indices.map { kind in
                var result = FindingExplanation.MapResult(kind: Self.kinds[kind], map: maps[number][kind])
                result.hiddenBecause = wanted[number][kind]
                guard result.map != nil else { return result }
                let rest = taken()
                result.scoreWithoutHottest = rest
                result.sentence = Hiding.sentence("the hottest 10 %", from: scores[number], to: rest)
                judge(
                    &result, score: scores[number], left: rest,
                    agreement: kind == 1 ? occluded.firstIndex(of: number).flatMap { occlusion?.agreement[$0] } : nil)
                return result
            }
            return FindingExplanation(
                id: findings[number].id, label: findings[number].findingClass.name, box: targets[number].box,
                score: findings[number].score, explainedScore: scores[number], members: scorer.views(of: number, in: outputs),
                scoreWithoutBox: withoutBox, boxSentence: Hiding.sentence("the box", from: scores[number], to: withoutBox),
                maps: results)
        }
        return ImageExplanation(
            plane: plane, findings: explained, runs: 1 + (occlusion?.runs ?? 0) + masks.count,
            duration: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Why a kind of map is not shown for a finding; `nil` where it is.
    private func hidden(_ kind: ExplanationMap.Kind, _ finding: String) -> String? {
        if trust == .all { return nil }
        guard let verdict = verdicts.verdict(on: kind.rawValue, of: finding) else {
            return trust == .tested ? "this map was not tested for this model and finding" : nil
        }
        return verdict.isShown ? nil : verdict.reason ?? "it failed its test"
    }

    /// Halves of an image's own map that agree less than this say that it is chance.
    public static let leastAgreement = 0.5

    /// A map that passed on the whole may fail on an image.
    private func judge(_ result: inout FindingExplanation.MapResult, score: Double, left: Double, agreement: Double?) {
        guard trust != .all else { return }
        if left > score * 2 / 3 {
            result.hiddenBecause = "on this image, hiding its hottest 10 % costs less than a third of the score"
        } else if let agreement, agreement < Self.leastAgreement {
            result.hiddenBecause = "on this image, the maps of two halves of the runs do not agree"
        }
        if result.hiddenBecause != nil { result.map = nil }
    }
}
