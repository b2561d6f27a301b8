import Geometry

/// Which detections are another reading of a surer one in the same place: one abnormality that may be a mass or a nodule, not two.
///
/// Suppression goes class by class, since what readers confuse is decided by neither box alone: dropping the second reading would hide it
/// from who reads the image and cost average precision of the finding that is the less sure one. So both stay, and one stands beside
/// the other.
public struct Alternatives: Hashable, Sendable {
    /// Of different classes, the less sure detection is another reading where its IoU with the surer one is greater than this; 1 or more
    /// takes every detection for itself.
    public var intersectionOverUnion: Double

    public init(intersectionOverUnion: Double = 0.7) { self.intersectionOverUnion = intersectionOverUnion }

    /// - Parameter detections: In falling order of score.
    /// - Returns: For each the position of the surest detection of another class whose place it is, which stands for itself; `nil` where
    ///   the detection does.
    /// - Complexity: O(n·k) for n detections of which k stand for themselves.
    public func callAsFunction(_ detections: [Detection]) -> [Int?] {
        guard intersectionOverUnion < 1 else { return detections.map { _ in nil } }
        var standing: [Int] = []
        return detections.indices.map { position in
            let detection = detections[position]
            let surer = standing.first {
                detections[$0].classIndex != detection.classIndex
                    && detections[$0].box.intersectionOverUnion(detection.box) > intersectionOverUnion
            }
            if surer == nil { standing.append(position) }
            return surer
        }
    }
}
