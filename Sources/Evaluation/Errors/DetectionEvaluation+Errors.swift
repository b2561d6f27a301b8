extension DetectionEvaluation {
    /// What kinds of error cost how much.
    /// - Parameters:
    ///   - found: The overlap at which a box counts as found.
    ///   - background: The overlap up to which a detection lies where no box is.
    public func errorBreakdown(found: Double = 0.5, background: Double = 0.1) -> ErrorBreakdown {
        let corrections = ErrorCorrections(self, found: found, background: background)
        let everyOne = weights(nil)
        let positives = classes.map { $0.positives(.all, everyOne) }
        /// True ones, which every curve has.
        let found = classes.indices.map { index in
            zip(classes[index].score, corrections.statuses[index].detections).filter { $0.1 == .found }.map {
                ScoredOutcome(score: $0.0, isTrue: true)
            }
        }
        func mean(_ curves: [[ScoredOutcome]], positives left: [Int]) -> MeanOverClasses {
            MeanOverClasses(
                classes.indices.map { index in
                    // A class of which nothing is left to be found or said is left out, one of which only false ones are has 0.
                    guard positives[index] > 0, left[index] > 0 || !curves[index].isEmpty else { return nil }
                    return ScoredOutcome.averagePrecision(curves[index], positives: left[index])
                })
        }
        func corrected(_ kind: ErrorBreakdown.Kind?) -> [[ScoredOutcome]] {
            var curves = found
            for wrong in corrections.detections {
                if wrong.kind != kind {
                    curves[wrong.box.classIndex].append(ScoredOutcome(score: wrong.score, isTrue: false))
                } else if let truth = wrong.truth {
                    curves[truth.classIndex].append(ScoredOutcome(score: wrong.score, isTrue: true))
                }
            }
            return curves
        }
        func less(_ boxes: [BoxInClass]) -> [Int] { boxes.reduce(into: positives) { $0[$1.classIndex] -= 1 } }

        let base = corrected(nil)
        let asItIs = mean(base, positives: positives)
        func gain(_ curves: [[ScoredOutcome]], positives: [Int]) -> Double {
            max(0, (mean(curves, positives: positives).value ?? 0) - (asItIs.value ?? 0))
        }
        var kinds: [ErrorBreakdown.Kind: ErrorBreakdown.Share] = [:]
        for kind in ErrorBreakdown.Kind.allCases {
            kinds[kind] =
                kind == .missed
                ? ErrorBreakdown.Share(count: corrections.missed.count, gain: gain(base, positives: less(corrections.missed)))
                : ErrorBreakdown.Share(
                    count: corrections.detections.count { $0.kind == kind }, gain: gain(corrected(kind), positives: positives))
        }
        let behind = base.map { $0.map { ScoredOutcome(score: $0.isTrue ? 1 : 0, isTrue: $0.isTrue) } }
        return ErrorBreakdown(
            averagePrecision: asItIs, kinds: kinds, falsePositiveGain: gain(behind, positives: positives),
            falseNegativeGain: gain(base, positives: less(corrections.unfound)))
    }
}

/// A detection as average precision sees it.
private struct ScoredOutcome {
    var score: Double
    var isTrue: Bool

    /// COCO's mean of the precision at 101 recalls; 0 where nothing need be found.
    static func averagePrecision(_ outcomes: [ScoredOutcome], positives: Int) -> Double {
        guard positives > 0 else { return 0 }
        var (truePositives, precision): ([Int], [Double]) = ([], [])
        for (before, index) in ScoreOrder.byFallingScore(outcomes.map(\.score)).enumerated() where outcomes[Int(index)].isTrue {
            truePositives.append(truePositives.count + 1)
            precision.append(Double(truePositives.count) / Double(before + 1))
        }
        return PrecisionCurve(truePositives: truePositives, precision: precision, positives: positives).meanAt101Recalls
    }
}
