import Geometry

/// Weighted box fusion (Solovyev, Wang, Gabruska: Weighted boxes fusion, Image and Vision Computing 2021): boxes of several sources (models or
/// readers) that mean the same place become one box, the mean of theirs weighted by their scores.
public struct BoxFusion: Hashable, Sendable {
    /// One source's detection.
    public struct Vote: Hashable, Sendable {
        public var detection: Detection
        /// Which source it is from, from 0.
        public var source: Int

        public init(_ detection: Detection, source: Int) {
            self.detection = detection
            self.source = source
        }
    }

    /// What became one.
    public struct Fused: Hashable, Sendable {
        /// The mean box; its score is the members' mean score times the share of the sources that have it.
        public var detection: Detection
        /// Positions of the members in the list given, in falling order of score.
        public var members: [Int]
    }

    /// A box joins a fused box of its class where their IoU is greater than this.
    public var intersectionOverUnion: Double
    /// True where a source's two boxes are never fused with each other: a reader who draws two boxes means two findings.
    public var takesEachSourceOnce: Bool

    public init(intersectionOverUnion: Double = 0.55, takesEachSourceOnce: Bool = false) {
        self.intersectionOverUnion = intersectionOverUnion
        self.takesEachSourceOnce = takesEachSourceOnce
    }

    /// - Parameters:
    ///   - votes: Boxes that are empty and scores that are not above 0 are left out.
    ///   - sourceCount: How many sources looked, whether they found something or not.
    /// - Returns: In falling order of score; equal scores in the order in which they were first seen.
    /// - Complexity: O(n·m) for n votes and m fused boxes.
    public func callAsFunction(_ votes: [Vote], sourceCount: Int) -> [Fused] {
        let order = votes.indices.filter { votes[$0].detection.score > 0 && !votes[$0].detection.box.isEmpty }
            .sorted { (votes[$1].detection.score, $0) < (votes[$0].detection.score, $1) }
        var clusters: [Fused] = []
        var clustersOfClass: [Int: [Int]] = [:]
        for index in order {
            let vote = votes[index]
            var best: (cluster: Int, overlap: Double)?
            for number in clustersOfClass[vote.detection.classIndex, default: []] {
                let overlap = clusters[number].detection.box.intersectionOverUnion(vote.detection.box)
                guard overlap > intersectionOverUnion, overlap > best?.overlap ?? 0 else { continue }
                if takesEachSourceOnce, clusters[number].members.contains(where: { votes[$0].source == vote.source }) { continue }
                best = (number, overlap)
            }
            guard let best else {
                clustersOfClass[vote.detection.classIndex, default: []].append(clusters.count)
                clusters.append(Fused(detection: vote.detection, members: [index]))
                continue
            }
            clusters[best.cluster].members.append(index)
            clusters[best.cluster].detection = Self.mean(clusters[best.cluster].members.map { votes[$0].detection })
        }
        for index in clusters.indices {
            clusters[index].detection.score *= Double(min(clusters[index].members.count, sourceCount)) / Double(max(1, sourceCount))
        }
        return clusters.enumerated().sorted { ($1.element.detection.score, $0.offset) < ($0.element.detection.score, $1.offset) }
            .map(\.element)
    }

    /// Corners weighted by scores; the score is the plain mean.
    private static func mean(_ detections: [Detection]) -> Detection {
        let total = detections.reduce(0) { $0 + $1.score }
        func average(_ value: (Box) -> Double) -> Double { detections.reduce(0) { $0 + value($1.box) * $1.score } / total }
        var fused = detections[0]
        fused.box = Box(x0: average(\.x), y0: average(\.y), x1: average(\.maxX), y1: average(\.maxY))
        fused.score = total / Double(detections.count)
        return fused
    }
}
