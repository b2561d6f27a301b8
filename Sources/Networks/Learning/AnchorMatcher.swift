import Findings
import Geometry

/// Matches anchors to the boxes that they overlap enough (SSD, Liu et al., ECCV 2016; thresholds as in RetinaNet, Lin et al. 2017).
public struct AnchorMatcher: TargetAssigner {
    /// An anchor whose best overlap is at least this is matched to that box.
    public var positiveOverlap: Double
    /// An anchor whose best overlap is below this is background.
    public var negativeOverlap: Double

    public init(positiveOverlap: Double = 0.5, negativeOverlap: Double = 0.4) {
        self.positiveOverlap = positiveOverlap
        self.negativeOverlap = negativeOverlap
    }

    /// One assignment an anchor. Every box that is not empty gets at least the anchor that overlaps it most and is not taken by a box
    /// that it overlaps more.
    /// - Parameter boxes: In pixels of the network's input.
    /// - Complexity: O(anchors · boxes).
    public func assign(anchors: Anchors, boxes: [Box]) -> [TargetAssignment] {
        let count = anchors.count
        var best = [(overlap: Double, box: Int)](repeating: (0, -1), count: count)
        var forced: [Int: (overlap: Double, box: Int)] = [:]
        let values = anchors.values
        for (index, box) in boxes.enumerated() where !box.isEmpty {
            var top = (overlap: -1.0, anchor: -1)
            for anchor in 0..<count {
                let width = Double(values[anchor * 4 + 2])
                let height = Double(values[anchor * 4 + 3])
                let candidate = Box(
                    x: Double(values[anchor * 4]) - width / 2, y: Double(values[anchor * 4 + 1]) - height / 2, width: width, height: height)
                let overlap = candidate.intersectionOverUnion(box)
                if overlap > best[anchor].overlap { best[anchor] = (overlap, index) }
                if overlap > top.overlap { top = (overlap, anchor) }
            }
            if top.anchor >= 0, top.overlap > forced[top.anchor]?.overlap ?? 0 { forced[top.anchor] = (top.overlap, index) }
        }
        return (0..<count).map { anchor in
            if let own = forced[anchor] { return .box(own.box) }
            let (overlap, box) = best[anchor]
            if overlap >= positiveOverlap { return .box(box) }
            return overlap < negativeOverlap ? .background : .ignored
        }
    }
}
