/// A detection that is wrong, and how.
package struct FalseDetection {
    package let kind: ErrorBreakdown.Kind
    package let classIndex: Int
    /// Position among the evaluation's images.
    package let image: Int
    /// Position in the image's own list of detections.
    package let detection: Int
    package let score: Double
}

extension DetectionEvaluation {
    /// The wrong detections of at least a score, by falling score; of equal scores the lower class first.
    /// - Parameters:
    ///   - found: The overlap from which on a detection finds a box.
    ///   - background: The overlap up to which there is nothing near it.
    package func falseDetections(found: Double, background: Double, score least: Double) -> [FalseDetection] {
        let wrong = ErrorCorrections(self, found: found, background: background).detections.filter { $0.score >= least }
        return ScoreOrder.byFallingScore(wrong.map(\.score)).map { position in
            let detection = wrong[Int(position)]
            let matches = classes[detection.box.classIndex]
            return FalseDetection(
                kind: detection.kind, classIndex: detection.box.classIndex, image: Int(matches.image[detection.box.position]),
                detection: Int(matches.source[detection.box.position]), score: detection.score)
        }
    }
}
