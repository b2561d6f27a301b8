import Geometry

/// Greedy non-maximum suppression, class by class: of a class's detections that overlap, the highest score stays. Detections of different
/// classes in one place are `Alternatives`.
public struct Suppression: Hashable, Sendable {
    /// Of the same class, a detection is dropped where its IoU with a kept one is greater than this.
    public var intersectionOverUnion: Double
    /// Scores below are dropped first.
    public var scoreThreshold: Double
    /// Only this many of the highest scores are looked at.
    public var maximumCandidates: Int
    /// Only this many stay.
    public var maximumDetections: Int

    public init(
        intersectionOverUnion: Double = 0.5, scoreThreshold: Double = 0, maximumCandidates: Int = 1000, maximumDetections: Int = 100
    ) {
        self.intersectionOverUnion = intersectionOverUnion
        self.scoreThreshold = scoreThreshold
        self.maximumCandidates = maximumCandidates
        self.maximumDetections = maximumDetections
    }

    /// - Returns: What stays, in falling order of score; equal scores in the order given. Boxes that are empty or scores that are not
    ///   numbers never stay.
    /// - Complexity: O(n + m log m + k·m) for n detections, m candidates looked at and k kept.
    public func callAsFunction(_ detections: [Detection]) -> [Detection] {
        let candidates = highest(detections)

        // A detection is judged only by those that its own class kept, so one class's boxes never save or cost another's.
        var keptOfClass: [Int: [Detection]] = [:]
        var kept: [Detection] = []
        for candidate in candidates {
            let detection = detections[candidate.offset]
            guard kept.count < maximumDetections else { break }
            let same = keptOfClass[detection.classIndex, default: []]
            guard !same.contains(where: { $0.box.intersectionOverUnion(detection.box) > intersectionOverUnion }) else { continue }
            keptOfClass[detection.classIndex, default: []].append(detection)
            kept.append(detection)
        }
        return kept
    }

    private struct Candidate {
        var score: Double
        var offset: Int
    }

    /// Which detections are looked at, the highest first. A network has tens of thousands of which a thousand matter: they are counted by their
    /// scores' leading bits first, and only what may be among the highest is sorted.
    private func highest(_ detections: [Detection]) -> [Candidate] {
        let most = max(0, maximumCandidates)
        guard most > 0 else { return [] }
        // Never larger for a smaller score: the exponent and three bits after it. Zero may have a sign.
        func bucket(_ score: Double) -> Int { score > 0 ? Int(Float(score).bitPattern >> 20) : 0 }
        func isCandidate(_ detection: Detection) -> Bool { detection.score >= scoreThreshold && !detection.box.isEmpty }
        var lowest = 0
        if detections.count > most {
            var counts = [Int](repeating: 0, count: 2048)
            for detection in detections where isCandidate(detection) { counts[bucket(detection.score)] += 1 }
            var above = 0
            lowest = counts.count
            while lowest > 0, above < most {
                lowest -= 1
                above += counts[lowest]
            }
        }
        var candidates: [Candidate] = []
        for (offset, detection) in detections.enumerated() where isCandidate(detection) && bucket(detection.score) >= lowest {
            candidates.append(Candidate(score: detection.score, offset: offset))
        }
        candidates.sort { $0.score != $1.score ? $0.score > $1.score : $0.offset < $1.offset }
        return Array(candidates.prefix(most))
    }
}
