import Basics
import Findings
import Foundation
import Geometry
import Networks
import Testing

/// The assigners against their papers' rules written out plainly.
@Suite struct AssignerTests {
    private static let points = Anchors(
        pyramid: [8, 16, 32, 64, 128].map { (height: 256 / $0, width: 256 / $0, stride: $0) }, scales: [1], aspects: [1])

    private static func boxes(_ seed: UInt64) -> [Box] {
        var generator = SeededGenerator(seed: seed)
        return (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            let (width, height) = (generator.uniform(6...200), generator.uniform(6...200))
            return Box(x: generator.uniform(0...(256 - width)), y: generator.uniform(0...(256 - height)), width: width, height: height)
        }
    }

    @Test func pointsAreTheMiddlesOfTheirCells() {
        #expect(Self.points.count == 32 * 32 + 16 * 16 + 8 * 8 + 4 * 4 + 2 * 2)
        #expect(Self.points.boxes[33] == (12, 12, 8, 8) && Self.points.boxes[1024] == (8, 8, 16, 16))
        let nine = Anchors(pyramid: [(1, 1, 32)], scales: [4, 8], aspects: [0.5, 1])
        #expect(nine.boxes[1].width == Float(256 * 2.0.squareRoot()) && nine.boxes[2] == (16, 16, 128, 128))
    }

    /// Whether a point is positive for a box by FCOS's rule.
    private static func fits(_ point: (centerX: Float, centerY: Float, width: Float, height: Float), _ box: Box) -> Bool {
        let (x, y, stride) = (Double(point.centerX), Double(point.centerY), Double(point.width))
        let distances = [x - box.x, box.maxX - x, y - box.y, box.maxY - y]
        let range = (stride == 8 ? 0 : 4 * stride)...(stride == 128 ? .infinity : 8 * stride)
        return (distances.min() ?? 0) > 0 && range.contains(distances.max() ?? 0)
            && max(abs(x - box.centerX), abs(y - box.centerY)) < 1.5 * stride
    }

    @Test func centreSamplingFollowsThePaper() {
        for seed in 0..<60 as Range<UInt64> {
            let boxes = Self.boxes(seed)
            let assignments = CentreSampling().assign(anchors: Self.points, boxes: boxes)
            let plain = Self.points.boxes.map { point -> TargetAssignment in
                let fitting = boxes.indices.filter { Self.fits(point, boxes[$0]) }
                return fitting.min { boxes[$0].area < boxes[$1].area }.map { .box($0) } ?? .background
            }
            // Only a box that no point fits by the rule gets one more, and no more than one.
            let unfitted = boxes.indices.filter { number in
                !Self.points.boxes.contains { Self.fits($0, boxes[number]) }
            }
            let different = plain.indices.filter { plain[$0] != assignments[$0] }
            let given = different.map { assignments[$0] }
            #expect(given.allSatisfy { assignment in unfitted.contains { .box($0) == assignment } } && Set(given).count == given.count)
        }
    }

    @Test func adaptiveSelectionFollowsThePaper() {
        for seed in 100..<160 as Range<UInt64> {
            let boxes = Self.boxes(seed)
            let assignments = AdaptiveSelection().assign(anchors: Self.points, boxes: boxes)
            var best = [(overlap: Double, box: Int)](repeating: (-1, -1), count: Self.points.count)
            let all = Self.points.boxes
            for (number, box) in boxes.enumerated() {
                var candidates: [Int] = []
                for stride in [8, 16, 32, 64, 128] as [Float] {
                    let level = all.indices.filter { all[$0].width == stride }
                    func distance(_ index: Int) -> Double {
                        hypot(Double(all[index].centerX) - box.centerX, Double(all[index].centerY) - box.centerY)
                    }
                    candidates += level.sorted { (distance($0), $0) < (distance($1), $1) }.prefix(9)
                }
                func overlap(_ index: Int) -> Double {
                    let side = Double(all[index].width) * 8
                    return Box(
                        x: Double(all[index].centerX) - side / 2, y: Double(all[index].centerY) - side / 2, width: side, height: side
                    ).intersectionOverUnion(box)
                }
                let overlaps = candidates.map(overlap)
                let mean = overlaps.reduce(0, +) / Double(overlaps.count)
                let deviation = (overlaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(overlaps.count - 1)).squareRoot()
                var chosen = candidates.filter { index in
                    let (x, y) = (Double(all[index].centerX), Double(all[index].centerY))
                    return overlap(index) >= mean + deviation && x > box.x && x < box.maxX && y > box.y && y < box.maxY
                        && overlap(index) > best[index].overlap
                }
                if chosen.isEmpty, let top = candidates.max(by: { (overlap($0), $1) < (overlap($1), $0) }) {
                    chosen = overlap(top) > best[top].overlap ? [top] : []
                }
                for index in chosen { best[index] = (overlap(index), number) }
            }
            #expect(assignments == best.map { $0.box < 0 ? .background : .box($0.box) })
        }
    }

    @Test func emptyBoxesGetNothing() {
        let boxes = [Box(x: 5, y: 5, width: 0, height: 20), Box(x: 5, y: 5, width: .nan, height: 20)]
        for assigner in [CentreSampling(), AdaptiveSelection(), AnchorMatcher()] as [any TargetAssigner] {
            #expect(assigner.assign(anchors: Self.points, boxes: boxes).allSatisfy { $0 == .background })
        }
    }
}
