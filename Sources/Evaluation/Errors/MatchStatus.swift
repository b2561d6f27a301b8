/// A detection or a truth box by its place in its class.
struct BoxInClass: Hashable {
    var classIndex: Int
    var position: Int
}

/// What became of each box of one class under one matching.
struct MatchStatus {
    enum Detection {
        case found
        /// On a box that need not be found, beyond COCO's limit of detections, or of too low a score.
        case ignored
        case unmatched
    }

    var detections: [Detection]
    /// One a truth box.
    var isFound: [Bool]

    init(_ classMatches: ClassMatches, _ matches: some Sequence<ClassMatches.Match>, least: Double = -.infinity) {
        detections = zip(classMatches.rank, classMatches.score).map { rank, score in
            rank < ClassMatches.detectionLimit && score >= least ? .unmatched : .ignored
        }
        isFound = Array(repeating: false, count: classMatches.truthImage.count)
        for match in matches where detections[Int(match.position)] == .unmatched {
            detections[Int(match.position)] = match.isIgnored ? .ignored : .found
            if !match.isIgnored { isFound[Int(match.truth)] = true }
        }
    }
}
