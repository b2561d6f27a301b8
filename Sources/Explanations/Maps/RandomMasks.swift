import Basics
import Foundation

/// Random masks as D-RISE draws them (Petsiuk et al., CVPR 2021): a grid of visible and hidden cells, drawn straight between the cells'
/// middles, shifted by part of a cell. Mask *n* of a seed is always the same.
public struct RandomMasks: Hashable, Sendable {
    public let plane: ImagePlane
    /// Cells on a side.
    public var grid: Int
    /// Share of the cells that are visible.
    public var visible: Double
    public var seed: UInt64

    public init(plane: ImagePlane, grid: Int = 8, visible: Double = 0.5, seed: UInt64) {
        (self.plane, self.grid, self.visible, self.seed) = (plane, max(1, grid), visible, seed)
    }

    /// - Returns: [plane height * plane width], shares that are visible.
    public func mask(_ number: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: number))
        let side = grid + 2
        let cells: [Float] = (0..<side * side).map { _ in generator.uniform() < visible ? 1 : 0 }
        let (right, down) = (generator.uniform(), generator.uniform())
        func taps(_ count: Int, _ shift: Double) -> [(Int, Float)] {
            (0..<count).map { pixel in
                let place = (Double(pixel) + 0.5) / Double(count) * Double(grid) + shift
                return (Int(place), Float(place - place.rounded(.down)))
            }
        }
        let (columns, rows) = (taps(plane.width, right), taps(plane.height, down))
        return [Float](unsafeUninitializedCapacity: plane.count) { mask, filled in
            var place = 0
            for (row, below) in rows {
                for (column, beside) in columns {
                    let cell = row * side + column
                    let upper = cells[cell] * (1 - beside) + cells[cell + 1] * beside
                    let lower = cells[cell + side] * (1 - beside) + cells[cell + side + 1] * beside
                    mask[place] = upper * (1 - below) + lower * below
                    place += 1
                }
            }
            filled = place
        }
    }
}

/// Maps from random masks, for several findings at once: how much more of a finding's score is left on average where a pixel is visible.
///
/// Masks are drawn, used and forgotten, a few at a time. Even and odd masks make a map each; where those two agree too little, as many masks
/// again are drawn, up to a limit.
public struct RandomMaskMaps: Sendable {
    public let maps: [ExplanationMap]
    /// Spearman's correlation of the two halves' maps, on cells of 1/40 of the longer side. One a target.
    public let agreement: [Double]
    public let runs: Int

    /// Halves that agree less than this are drawn on.
    static let wanted = 0.5
    private static let atOnce = 32

    /// - Parameters:
    ///   - scores: Those of the image as it is.
    ///   - first: Masks to begin with, both halves together.
    ///   - most: Masks at most.
    /// - Throws: What a run throws.
    public init(_ scorer: MaskedScorer, scores: [Double], masks: RandomMasks, first: Int = 800, most: Int = 1_600) throws {
        let count = scorer.targets.count
        var halves = [[Accumulator]](repeating: (0..<count).map { _ in Accumulator(scorer.plane.count) }, count: 2)
        var (done, wanted) = (0, max(2, min(first, most)))
        while true {
            while done < wanted {
                let part = min(Self.atOnce, wanted - done)
                let begin = done
                let values = try scorer.values(masks: part) { masks.mask(begin + $0) }
                for number in 0..<part {
                    let mask = masks.mask(begin + number)
                    for target in 0..<count { halves[(begin + number) % 2][target].add(mask, Float(values[number][target])) }
                }
                done += part
            }
            let made = (0..<count).map { target -> (ExplanationMap, Double) in
                let parts = halves.map { Self.map($0[target], scorer.plane, score: scores[target]).reduced(to: 40).values }
                var both = halves[0][target]
                both.add(halves[1][target])
                return (Self.map(both, scorer.plane, score: scores[target]), RankCorrelation.spearman(parts[0], parts[1]))
            }
            if done >= most || made.allSatisfy({ $0.1 >= Self.wanted }) {
                (maps, agreement, runs) = (made.map(\.0), made.map(\.1), done)
                return
            }
            wanted = min(most, 2 * done)
        }
    }

    private static func map(_ sums: Accumulator, _ plane: ImagePlane, score: Double) -> ExplanationMap {
        let mean = sums.count > 0 ? sums.score / sums.count : 0
        let share = score > 0 ? Float(1 / score) : 0
        let values = zip(sums.weighted, sums.masks).map { weighted, visible in
            visible > 0 ? (weighted / visible - mean) * share : 0
        }
        return ExplanationMap(kind: .randomMasks, width: plane.width, height: plane.height, values: values)
    }

    /// What is left of masks that are forgotten.
    private struct Accumulator {
        var weighted: [Float]
        var masks: [Float]
        var score: Float = 0
        var count: Float = 0

        init(_ size: Int) { (weighted, masks) = ([Float](repeating: 0, count: size), [Float](repeating: 0, count: size)) }

        mutating func add(_ mask: [Float], _ value: Float) {
            for place in mask.indices {
                weighted[place] += value * mask[place]
                masks[place] += mask[place]
            }
            score += value
            count += 1
        }

        mutating func add(_ other: Accumulator) {
            for place in weighted.indices {
                weighted[place] += other.weighted[place]
                masks[place] += other.masks[place]
            }
            score += other.score
            count += other.count
        }
    }
}
