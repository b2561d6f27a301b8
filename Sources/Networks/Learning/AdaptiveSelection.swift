import Findings
import Geometry

/// ATSS (Zhang et al., CVPR 2020): of each level's `candidates` anchors nearest to a box's centre, those are positive that overlap it
/// by more than the candidates' mean plus their standard deviation, and whose centres are inside it.
///
/// Works on anchors and on points: of a point, overlap is that of a square of `pointScale` times its size. Of several boxes an anchor takes
/// the one it overlaps most. A box that gets no anchor gets its best candidate.
public struct AdaptiveSelection: TargetAssigner {
    /// Of each level.
    public var candidates: Int
    /// An anchor's size over its cell for overlaps; 1 where anchors have sizes of their own, 8 for points as the paper has it.
    public var pointScale: Double

    public init(candidates: Int = 9, pointScale: Double = 8) {
        self.candidates = candidates
        self.pointScale = pointScale
    }

    /// - Complexity: O(anchors · boxes).
    public func assign(anchors: Anchors, boxes: [Box]) -> [TargetAssignment] {
        let values = anchors.values
        func place(_ index: Int) -> Box {
            let (width, height) = (Double(values[index * 4 + 2]) * pointScale, Double(values[index * 4 + 3]) * pointScale)
            return Box(
                x: Double(values[index * 4]) - width / 2, y: Double(values[index * 4 + 1]) - height / 2, width: width, height: height)
        }
        let levels = Self.levels(anchors)
        var assignments = [TargetAssignment](repeating: .background, count: anchors.count)
        var overlaps = [Double](repeating: -1, count: anchors.count)
        for (number, box) in boxes.enumerated() where !box.isEmpty {
            var chosen: [(index: Int, overlap: Double)] = []
            for level in levels {
                let distances = level.map { index -> (distance: Double, index: Int) in
                    let (dx, dy) = (Double(values[index * 4]) - box.centerX, Double(values[index * 4 + 1]) - box.centerY)
                    return (dx * dx + dy * dy, index)
                }
                let nearest = Self.smallest(distances, count: candidates)
                chosen += nearest.map { ($0.index, place($0.index).intersectionOverUnion(box)) }
            }
            guard !chosen.isEmpty else { continue }
            let mean = chosen.reduce(0) { $0 + $1.overlap } / Double(chosen.count)
            let variance = chosen.reduce(0) { $0 + ($1.overlap - mean) * ($1.overlap - mean) } / Double(max(1, chosen.count - 1))
            let threshold = mean + variance.squareRoot()
            var isAssigned = false
            for (index, overlap) in chosen where overlap >= threshold {
                let (x, y) = (Double(values[index * 4]), Double(values[index * 4 + 1]))
                guard x > box.x, x < box.maxX, y > box.y, y < box.maxY, overlap > overlaps[index] else { continue }
                overlaps[index] = overlap
                assignments[index] = .box(number)
                isAssigned = true
            }
            if !isAssigned, let best = chosen.max(by: { ($0.overlap, $1.index) < ($1.overlap, $0.index) }),
                best.overlap > overlaps[best.index]
            {
                overlaps[best.index] = best.overlap
                assignments[best.index] = .box(number)
            }
        }
        return assignments
    }

    /// Runs of anchors whose areas belong to one level: the order is level by level, and a level's last cell comes before the next one's
    /// first, which is at the top left again.
    private static func levels(_ anchors: Anchors) -> [Range<Int>] {
        let values = anchors.values
        var levels: [Range<Int>] = []
        var start = 0
        for index in 1..<max(1, anchors.count) where values[index * 4 + 1] < values[(index - 1) * 4 + 1] {
            levels.append(start..<index)
            start = index
        }
        if start < anchors.count { levels.append(start..<anchors.count) }
        return levels
    }

    /// The nearest ones; of equal distances the first.
    private static func smallest(_ items: [(distance: Double, index: Int)], count: Int) -> ArraySlice<(distance: Double, index: Int)> {
        items.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.prefix(count)
    }
}
