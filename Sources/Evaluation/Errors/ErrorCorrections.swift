/// Every error of a detector, with what would set it right.
struct ErrorCorrections {
    struct WrongDetection {
        var kind: ErrorBreakdown.Kind
        var box: BoxInClass
        var score: Double
        /// The truth box that it would find if set right; `nil` where setting it right takes it away.
        var truth: BoxInClass?
    }

    private(set) var detections: [WrongDetection] = []
    private(set) var missed: [BoxInClass] = []
    /// Truth boxes that nothing finds, those that a correction would find included.
    private(set) var unfound: [BoxInClass] = []
    let statuses: [MatchStatus]

    init(_ evaluation: DetectionEvaluation, found: Double, background: Double) {
        statuses = evaluation.classes.map { MatchStatus($0, $0.matches(at: found)) }
        var truth = Array(repeating: [BoxInClass](), count: evaluation.images.count)
        for (index, matches) in evaluation.classes.enumerated() {
            for (position, image) in matches.truthImage.enumerated() where matches.truthRanges[position] & AreaRange.all.bit != 0 {
                truth[Int(image)].append(BoxInClass(classIndex: index, position: position))
                if !statuses[index].isFound[position] { unfound.append(BoxInClass(classIndex: index, position: position)) }
            }
        }
        for (index, matches) in evaluation.classes.enumerated() {
            for (position, image) in matches.image.enumerated() where statuses[index].detections[position] == .unmatched {
                let box = BoxInClass(classIndex: index, position: position)
                let place = evaluation.place(of: box, Int(image))
                let overlaps = truth[Int(image)].map {
                    ($0, evaluation.truthPlace(of: $0, Int(image)).intersectionOverUnion(place))
                }
                let (kind, correction) = kind(box, overlaps, found: found, background: background)
                detections.append(WrongDetection(kind: kind, box: box, score: matches.score[position], truth: correction))
            }
        }
        keepTheBest()
    }

    /// The first kind that fits, in the order of the authors' program.
    private func kind(
        _ box: BoxInClass, _ overlaps: [(truth: BoxInClass, share: Double)], found: Double, background: Double
    ) -> (ErrorBreakdown.Kind, BoxInClass?) {
        func largest(where isAsked: (BoxInClass) -> Bool) -> (truth: BoxInClass, share: Double)? {
            var best: (truth: BoxInClass, share: Double)?
            for overlap in overlaps where isAsked(overlap.truth) && overlap.share > (best?.share ?? 0) { best = overlap }
            return best
        }
        func isFound(_ truth: BoxInClass) -> Bool { statuses[truth.classIndex].isFound[truth.position] }

        if let own = largest(where: { $0.classIndex == box.classIndex }), own.share >= background, own.share <= found {
            return (.localisation, isFound(own.truth) ? nil : own.truth)
        }
        if let other = largest(where: { $0.classIndex != box.classIndex }), other.share >= found {
            return (.classification, isFound(other.truth) ? nil : other.truth)
        }
        if let own = largest(where: { $0.classIndex == box.classIndex && isFound($0) }), own.share >= found { return (.duplicate, nil) }
        if let any = largest(where: { _ in true }), any.share > background { return (.both, nil) }
        return (.background, nil)
    }

    /// A truth box can be found once: by the best of those that would find it; the others, set right, go.
    private mutating func keepTheBest() {
        var best: [BoxInClass: Int] = [:]
        for (index, detection) in detections.enumerated() {
            guard let truth = detection.truth else { continue }
            if let other = best[truth], detections[other].score >= detection.score {
                detections[index].truth = nil
            } else {
                if let other = best[truth] { detections[other].truth = nil }
                best[truth] = index
            }
        }
        missed = unfound.filter { best[$0] == nil }
    }
}
