import Detection
import Findings
import Geometry
import Models
import Radiographs

/// Measures all maps of one detection: what an audit does, some 400 runs, or 1,200 with random masks.
public struct DetectionMeasuring: Sendable {
    /// One detection's maps and what was measured of them.
    public struct Outcome: Sendable {
        public var maps: [ExplanationMap.Kind: ExplanationMap] = [:]
        public var measured: [ExplanationMap.Kind: MapMeasurement] = [:]
        public var runs = 0
    }

    public let network: any ExplainableNetwork
    /// The same with more and more layers made random, the last of them whole; none leaves the test out.
    public var randomised: [any ExplainableNetwork]
    /// Random masks to begin with and at most; 0 for none.
    public var randomMasks = 0
    public var mostRandomMasks = 1_600
    /// Points of the insertion and deletion curves.
    public var steps = 10

    public init(_ network: any ExplainableNetwork, randomised: [any ExplainableNetwork] = []) {
        (self.network, self.randomised) = (network, randomised)
    }

    /// - Parameters:
    ///   - target: With its box in pixels of the image as it came.
    ///   - isRandomised: Whether this detection is one that the random network is asked of.
    ///   - seed: Of the random masks: made from the image's digest.
    /// - Returns: `nil` where the network sees nothing in the box.
    /// - Throws: `ExplanationError`, or what a run throws.
    public func callAsFunction(
        _ target: ExplainedTarget, in prepared: PreparedRadiograph, patient: String, seed: UInt64, isRandomised: Bool
    ) throws -> Outcome? {
        var target = target
        target.box = prepared.boxInSeen(target.box)
        let image = try MaskedImage(prepared)
        let scorer = try MaskedScorer(network, image: image, targets: [target])
        let outputs = try scorer.outputs()
        let scores = scorer.values(outputs)
        guard scores[0] > 0 else { return nil }
        var outcome = Outcome()
        let occlusion = try Occlusion(scorer, scores: scores)
        func scoreMap(_ half: Int?) -> ExplanationMap {
            ScoreMap.map(classIndex: target.classIndex, outputs: outputs, of: network, image: image, half: half)
        }
        outcome.maps = [.occlusion: occlusion.maps[0], .score: scoreMap(nil)]
        var agreement = [ExplanationMap.Kind.occlusion: occlusion.agreement[0]]
        agreement[.score] = RankCorrelation.spearman(scoreMap(0).reduced(to: 40).values, scoreMap(1).reduced(to: 40).values)
        outcome.runs = 1 + occlusion.runs
        if randomMasks > 0 {
            let drawn = try drawnMaps(scorer, scores, seed: seed, most: mostRandomMasks)
            outcome.maps[.randomMasks] = drawn.maps[0]
            agreement[.randomMasks] = drawn.agreement[0]
            outcome.runs += drawn.runs
        }
        let kinds = ExplanationMap.Kind.allCases.filter { outcome.maps[$0] != nil }
        let control = ExplanationMap.gaussian(on: scorer.plane.boxInPlane(target.box), plane: scorer.plane)
        let curves = try InsertionDeletion.of(
            kinds.compactMap { outcome.maps[$0] } + [control], target: 0, scorer: scorer, score: scores[0], steps: steps)
        outcome.runs += 2 * (steps - 1) * (kinds.count + 1) + 1
        guard let controlCurve = curves.last else { return nil }
        for (kind, curve) in zip(kinds, curves) {
            outcome.measured[kind] = MapMeasurement(
                patient: patient, insertionMinusDeletion: curve.difference, control: controlCurve.difference,
                repeatability: agreement[kind] ?? 0)
        }
        guard isRandomised else { return outcome }
        try compare(&outcome, target, image, prepared, seed: seed)
        return outcome
    }

    /// The same maps with another fill, and of networks whose weights are random.
    private func compare(
        _ outcome: inout Outcome, _ target: ExplainedTarget, _ image: MaskedImage, _ prepared: PreparedRadiograph, seed: UInt64
    ) throws {
        let other = try MaskedImage(prepared, fill: .mean)
        let filled = try MaskedScorer(network, image: other, targets: [target])
        let again = try Occlusion(filled, scores: filled.values(filled.outputs()))
        outcome.runs += 1 + again.runs
        if let map = outcome.maps[.occlusion] {
            outcome.measured[.occlusion]?.otherFill = RankCorrelation.spearman(
                map.reduced(to: 40).values, again.maps[0].reduced(to: 40).values)
        }
        for network in randomised {
            let scorer = try MaskedScorer(network, image: image, targets: [target])
            let outputs = try scorer.outputs()
            let scores = scorer.values(outputs)
            var maps: [ExplanationMap.Kind: ExplanationMap] = [
                .score: ScoreMap.map(classIndex: target.classIndex, outputs: outputs, of: network, image: image)
            ]
            let occlusion = try Occlusion(scorer, scores: scores)
            maps[.occlusion] = occlusion.maps[0]
            outcome.runs += 1 + occlusion.runs
            if outcome.maps[.randomMasks] != nil {
                let drawn = try drawnMaps(scorer, scores, seed: seed, most: randomMasks)
                maps[.randomMasks] = drawn.maps[0]
                outcome.runs += drawn.runs
            }
            let side = VerdictRule.comparisonSide
            for (kind, map) in maps {
                guard let own = outcome.maps[kind] else { continue }
                let similarity = StructuralSimilarity.of(own.square(side), map.square(side))
                let before = outcome.measured[kind]?.randomised ?? []
                outcome.measured[kind]?.randomised = before + [similarity]
            }
        }
    }

    /// A finer grid for small boxes.
    private func drawnMaps(_ scorer: MaskedScorer, _ scores: [Double], seed: UInt64, most: Int) throws -> RandomMaskMaps {
        let box = scorer.plane.boxInPlane(scorer.targets[0].box)
        let grid = min(box.width, box.height) < scorer.plane.scaled(64) ? 16 : 8
        return try RandomMaskMaps(
            scorer, scores: scores, masks: RandomMasks(plane: scorer.plane, grid: grid, seed: seed), first: randomMasks, most: most)
    }
}
