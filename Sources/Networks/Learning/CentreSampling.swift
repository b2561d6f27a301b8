import Findings
import Geometry

/// FCOS (Tian et al., ICCV 2019): the points near a box's middle are positive, on the levels whose stride suits its size.
///
/// Anchors are points: as wide and high as their level's stride. A point takes part where it is inside the box, within `radius`
/// strides of its centre, and its largest distance to an edge is between four and eight strides (from 0 on the finest level, without end on
/// the coarsest). Of several boxes it takes the smallest. A box that gets no point gets the one nearest to its centre on the level that
/// suits it best: a dataset with few boxes can lose none.
public struct CentreSampling: TargetAssigner {
    /// In strides of the level.
    public var radius: Double

    public init(radius: Double = 1.5) { self.radius = radius }

    /// - Complexity: O(points · boxes).
    public func assign(anchors: Anchors, boxes: [Box]) -> [TargetAssignment] {
        let values = anchors.values
        var finest = Double.infinity
        var coarsest = 0.0
        for index in 0..<anchors.count {
            let stride = Double(values[index * 4 + 2])
            finest = min(finest, stride)
            coarsest = max(coarsest, stride)
        }
        var assignments = [TargetAssignment](repeating: .background, count: anchors.count)
        var areas = [Double](repeating: .infinity, count: anchors.count)
        var isAssigned = [Bool](repeating: false, count: boxes.count)
        var nearest = [(cost: Double, point: Int)](repeating: (.infinity, -1), count: boxes.count)
        for index in 0..<anchors.count {
            let (x, y) = (Double(values[index * 4]), Double(values[index * 4 + 1]))
            let stride = Double(values[index * 4 + 2])
            let lowest = stride == finest ? 0 : 4 * stride
            let highest = stride == coarsest ? Double.infinity : 8 * stride
            for (number, box) in boxes.enumerated() where !box.isEmpty {
                let farthest = max(x - box.x, box.maxX - x, y - box.y, box.maxY - y)
                let away = max(abs(x - box.centerX), abs(y - box.centerY))
                let isInside = x > box.x && x < box.maxX && y > box.y && y < box.maxY
                if isInside, away < radius * stride, farthest >= lowest, farthest <= highest {
                    if box.area < areas[index] {
                        areas[index] = box.area
                        assignments[index] = .box(number)
                    }
                    isAssigned[number] = true
                }
                // Half the box's longer side is what its middle point's farthest distance would be.
                let reach = max(box.width, box.height) / 2
                let misfit = reach < lowest ? lowest - reach : max(0, reach - highest)
                if misfit * 1e6 + away < nearest[number].cost { nearest[number] = (misfit * 1e6 + away, index) }
            }
        }
        for (number, isDone) in isAssigned.enumerated() where !isDone && nearest[number].point >= 0 {
            assignments[nearest[number].point] = .box(number)
        }
        return assignments
    }
}
