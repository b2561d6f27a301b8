/// Precision at every true detection, by falling score: between them it only falls, so they are all that average precision needs.
struct PrecisionCurve {
    private(set) var truePositives: [Int] = []
    private(set) var precision: [Double] = []
    /// How many boxes must be found; above zero.
    var positives: Int

    /// - Parameters:
    ///   - matches: By falling score.
    ///   - counted: For each detection, how many were counted up to and with it, as if none were ignored.
    ///   - range: Which detections are in `counted` at all: those of that size and within COCO's limit; `nil` for all.
    init(
        _ matches: some Collection<ClassMatches.Match>, _ detections: ClassMatches, counted: UnsafeMutableBufferPointer<Int>,
        positives: Int, weights: ImageWeights, limit: Int, range: AreaRange?
    ) {
        self.positives = positives
        let bit = range?.bit
        truePositives.reserveCapacity(matches.count)
        precision.reserveCapacity(matches.count)
        var (found, correction) = (0, 0)
        for match in matches {
            let position = Int(match.position)
            let weight = weights.values[Int(detections.image[position])]
            guard weight > 0, detections.rank[position] < limit else { continue }
            let isCounted = bit.map { detections.ranges[position] & $0 != 0 } ?? true
            if match.isIgnored {
                if isCounted { correction -= weight }
            } else {
                found += weight
                // Of another size than the box it found: it counts as found, though it would not count as false.
                if !isCounted { correction += weight }
                truePositives.append(found)
                // pycocotools adds the same least number.
                precision.append(Double(found) / (Double(counted[position] + correction) + Double.ulpOfOne))
            }
        }
        makeMonotone()
    }

    /// - Parameters:
    ///   - truePositives: How many boxes are found up to and with each true detection.
    ///   - precision: At each of them.
    init(truePositives: [Int], precision: [Double], positives: Int) {
        (self.truePositives, self.precision, self.positives) = (truePositives, precision, positives)
        makeMonotone()
    }

    private mutating func makeMonotone() {
        for index in precision.indices.dropLast().reversed() where precision[index + 1] > precision[index] {
            precision[index] = precision[index + 1]
        }
    }

    /// The share of boxes found by any detection.
    var recall: Double { Double(truePositives.last ?? 0) / Double(positives) }

    /// The mean of the precision at the recalls 0, 0.01, … 1.
    var meanAt101Recalls: Double {
        var (sum, index) = (0.0, 0)
        for step in 0...100 {
            // As numpy's `linspace` computes them.
            let recall = step == 100 ? 1 : Double(step) * 0.01
            while index < truePositives.count, Double(truePositives[index]) / Double(positives) < recall { index += 1 }
            guard index < truePositives.count else { break }
            sum += precision[index]
        }
        return sum / 101
    }

    /// The area under the monotone curve.
    var area: Double {
        var (sum, before) = (0.0, 0)
        for (found, precision) in zip(truePositives, precision) {
            sum += Double(found - before) / Double(positives) * precision
            before = found
        }
        return sum
    }
}
