import Geometry

/// Occlusion maps (Zeiler and Fergus, ECCV 2014) of several findings in one pass: what share of a finding's score hiding each place costs.
///
/// A pixel's value is the mean over the small windows that hide it, or else that of its large window. Half a stride of blur between them
/// keeps the windows' edges from deciding which of two pixels is hotter.
public struct Occlusion: Sendable {
    public let maps: [ExplanationMap]
    /// Spearman's correlation of the maps that the two halves of the small windows give, over the places where both have some: how much of
    /// the map is not the choice of windows. One a target.
    public let agreement: [Double]
    /// Runs of the network.
    public let runs: Int

    /// - Parameter scores: Those of the image as it is.
    /// - Throws: What a run throws.
    public init(_ scorer: MaskedScorer, scores: [Double], settings: OcclusionPlan.Settings = .init()) throws {
        let plane = scorer.plane
        let plan = OcclusionPlan(boxes: scorer.targets.map { plane.boxInPlane($0.box) }, plane: plane, settings: settings)
        let values = try scorer.values(masks: plan.windows.count) { plan.mask($0, plane: plane) }
        runs = plan.windows.count
        let made = scorer.targets.indices.map { target in
            Self.map(of: target, plan: plan, plane: plane) { window in
                scores[target] > 0 ? Float((scores[target] - values[window][target]) / scores[target]) : 0
            }
        }
        (maps, agreement) = (made.map(\.0), made.map(\.1))
    }

    private static func map(
        of target: Int, plan: OcclusionPlan, plane: ImagePlane, loss: (Int) -> Float
    ) -> (ExplanationMap, agreement: Double) {
        var values = [Float](repeating: 0, count: plane.count)
        for number in plan.far { lay(plan.windows[number], plane, loss(number)) { values[$0] = $1 } }
        var sums = [[Float]](repeating: [Float](repeating: 0, count: plane.count), count: 2)
        var counts = sums
        for (number, half) in plan.shares[target].near {
            lay(plan.windows[number], plane, loss(number)) { place, loss in
                sums[half][place] += loss
                counts[half][place] += 1
            }
        }
        // Every fourth pixel says as much of the agreement as all.
        var halves: [[Float]] = [[], []]
        for place in values.indices {
            let count = counts[0][place] + counts[1][place]
            if count > 0 { values[place] = (sums[0][place] + sums[1][place]) / count }
            if counts[0][place] > 0, counts[1][place] > 0, place % plane.width % 4 == 0, place / plane.width % 4 == 0 {
                for half in 0...1 { halves[half].append(sums[half][place] / counts[half][place]) }
            }
        }
        let smooth = Smoothing.gaussian(values, width: plane.width, height: plane.height, deviation: plan.shares[target].stride / 2)
        return (
            ExplanationMap(kind: .occlusion, width: plane.width, height: plane.height, values: smooth),
            RankCorrelation.spearman(halves[0], halves[1])
        )
    }

    private static func lay(_ window: OcclusionPlan.Window, _ plane: ImagePlane, _ loss: Float, _ body: (Int, Float) -> Void) {
        for row in window.top..<window.bottom {
            for column in window.left..<window.right { body(row * plane.width + column, loss) }
        }
    }
}
