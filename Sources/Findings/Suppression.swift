/// Greedy non-maximum suppression: of detections that overlap, the highest score stays.
///
/// First class by class, then across classes at a higher threshold, so that one abnormality is not boxed twice under two labels while two
/// findings that really share a place (an effusion below an atelectasis) may both stay.
public struct Suppression: Hashable, Sendable {
    /// Of the same class, a detection is dropped where its IoU with a kept one is greater than this.
    public var intersectionOverUnion: Double
    /// The same across classes; 1 or more switches it off.
    public var acrossClasses: Double
    /// Scores below are dropped first.
    public var scoreThreshold: Double
    /// Only this many of the highest scores are looked at.
    public var maximumCandidates: Int
    /// Only this many stay.
    public var maximumDetections: Int

    public init(
        intersectionOverUnion: Double = 0.5, acrossClasses: Double = 0.7, scoreThreshold: Double = 0, maximumCandidates: Int = 1000,
        maximumDetections: Int = 100
    ) {
        self.intersectionOverUnion = intersectionOverUnion
        self.acrossClasses = acrossClasses
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

        // Within its class a detection is judged only by those its own class kept, so one class's boxes never save or cost another's here.
        var keptOfClass: [Int: [Detection]] = [:]
        var kept: [Detection] = []
        for (_, detection) in candidates.prefix(max(0, maximumCandidates)) {
            guard kept.count < maximumDetections else { break }
            let same = keptOfClass[detection.classIndex, default: []]
            guard !same.contains(where: { $0.box.intersectionOverUnion(detection.box) > intersectionOverUnion }) else { continue }
            keptOfClass[detection.classIndex, default: []].append(detection)
            // Falling order of score lets the second pass run along with the first: all that could suppress this one is judged already.
            guard
                !kept.contains(where: {
                    $0.classIndex != detection.classIndex && $0.box.intersectionOverUnion(detection.box) > acrossClasses
                })
            else { continue }
            kept.append(detection)
        }
        return kept
    }
}
