import Basics
import Findings
import Geometry

/// k-means of boxes under the distance 1 - IoU, as anchors are made (Redmon and Farhadi, YOLO9000, CVPR 2017), but of boxes where they
/// lie, not of their sizes alone. The same for the same seed.
package struct BoxClusters {
    /// The mean box of each cluster.
    package private(set) var centres: [Box] = []
    /// The cluster of each box.
    package private(set) var clusterOfBox: [Int] = []
    /// Sum over the boxes of 1 - IoU with their centre.
    package private(set) var distance = Double.infinity

    /// - Parameters:
    ///   - boxes: All in one frame, none empty.
    ///   - count: Clusters; there are fewer where there are fewer different boxes.
    package init(_ boxes: [Box], count: Int, seed: UInt64) {
        guard !boxes.isEmpty, count > 0 else { return }
        // The mean of a cluster is not quite what is closest to all of it, so Lloyd's steps can end in a poor place: begin often.
        for start in 0..<20 {
            var generator = SeededGenerator(seed: seed, stream: UInt64(start))
            run(boxes, from: Self.start(boxes, count, &generator))
        }
    }

    /// Lloyd's steps; keeps the best assignment that was ever seen.
    private mutating func run(_ boxes: [Box], from start: [Box]) {
        var centres = start, before: [Int] = []
        for _ in 0..<100 {
            let nearest = boxes.map { Self.nearest(centres, $0) }
            let assignment = nearest.map(\.cluster), total = nearest.reduce(0) { $0 + $1.distance }
            // Only means of clusters are kept: the boxes begun with are single readers' boxes.
            if !before.isEmpty, total < distance { (self.centres, clusterOfBox, distance) = (centres, assignment, total) }
            guard assignment != before else { return }
            before = assignment
            centres = centres.indices.map { cluster in
                Self.mean(zip(boxes, assignment).filter { $0.1 == cluster }.map(\.0)) ?? centres[cluster]
            }
        }
    }

    /// Centres far from each other (k-means++: Arthur and Vassilvitskii, SODA 2007).
    private static func start(_ boxes: [Box], _ count: Int, _ generator: inout SeededGenerator) -> [Box] {
        var centres = [boxes[Int(generator.uniform() * Double(boxes.count))]]
        while centres.count < count {
            let weights = boxes.map { box in
                let distance = nearest(centres, box).distance
                // Equal boxes have a distance of zero up to rounding; a second centre on the same place is no cluster.
                return distance > 1e-9 ? distance * distance : 0
            }
            var lot = generator.uniform() * weights.reduce(0, +)
            guard let last = weights.lastIndex(where: { $0 > 0 }) else { break }
            let chosen = weights.firstIndex { weight in
                lot -= weight
                return weight > 0 && lot < 0
            }
            centres.append(boxes[chosen ?? last])
        }
        return centres
    }

    /// The first of the closest.
    private static func nearest(_ centres: [Box], _ box: Box) -> (cluster: Int, distance: Double) {
        var best = (cluster: 0, distance: Double.infinity)
        for (cluster, centre) in centres.enumerated() {
            let distance = 1 - centre.intersectionOverUnion(box)
            if distance < best.distance { best = (cluster, distance) }
        }
        return best
    }

    /// The box whose edges are the means of the boxes' edges; `nil` of none.
    private static func mean(_ boxes: [Box]) -> Box? {
        guard !boxes.isEmpty else { return nil }
        func mean(_ value: (Box) -> Double) -> Double { boxes.reduce(0) { $0 + value($1) } / Double(boxes.count) }
        return Box(x: mean(\.x), y: mean(\.y), width: mean(\.width), height: mean(\.height))
    }
}
