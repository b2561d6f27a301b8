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
    /// - Complexity: O(n log n + k·m) for n detections, m candidates looked at and k kept.
    public func callAsFunction(_ detections: [Detection]) -> [Detection] {
        var candidates: [(offset: Int, detection: Detection)] = []
        for (offset, detection) in detections.enumerated() where detection.score >= scoreThreshold && !detection.box.isEmpty {
            candidates.append((offset, detection))
        }
        candidates.sort { ($1.detection.score, $0.offset) < ($0.detection.score, $1.offset) }

        // A detection is judged only by those that its own class kept, so one class's boxes never save or cost another's.
        var keptOfClass: [Int: [Detection]] = [:]
        var kept: [Detection] = []
        for (_, detection) in candidates.prefix(max(0, maximumCandidates)) {
            guard kept.count < maximumDetections else { break }
            let same = keptOfClass[detection.classIndex, default: []]
            guard !same.contains(where: { $0.box.intersectionOverUnion(detection.box) > intersectionOverUnion }) else { continue }
            keptOfClass[detection.classIndex, default: []].append(detection)
            kept.append(detection)
        }
        return kept
    }
}
