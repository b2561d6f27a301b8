import Models

/// How far a network's outputs lie from those of another on the same images: a loss that needs no readers' boxes.
///
/// The mean difference of the scores of places that the first scores, and of whole images, and the mean difference of those places' edges in
/// sides of the input. bf16 in place of f32 makes 0.004 on the bundled model.
struct OutputDeviation {
    private let reference: [NetworkOutput]
    private let side: Int
    /// Places of which at least so much is thought are compared: thousands of others have scores near zero whatever the network does.
    private let floor: Float

    init(from reference: [NetworkOutput], side: Int) {
        (self.reference, self.side) = (reference, side)
        floor = min(0.05, reference.flatMap(\.scores).max() ?? 0)
    }

    /// 0 where the outputs are the same; infinite where one is not a number, or outputs are missing.
    func callAsFunction(_ outputs: [NetworkOutput]) -> Double {
        guard outputs.count == reference.count else { return .infinity }
        var (scores, edges) = (Mean(), Mean())
        for (mine, other) in zip(reference, outputs) {
            guard mine.scores.count == other.scores.count, mine.boxes.count == other.boxes.count, !mine.boxes.isEmpty else {
                return .infinity
            }
            let classes = mine.scores.count / (mine.boxes.count / 4)
            for place in 0..<mine.boxes.count / 4 {
                var isSeen = false
                for index in place * classes..<(place + 1) * classes where mine.scores[index] >= floor {
                    isSeen = true
                    scores.add(mine.scores[index], other.scores[index])
                }
                guard isSeen else { continue }
                for index in place * 4..<(place + 1) * 4 { edges.add(mine.boxes[index] / Float(side), other.boxes[index] / Float(side)) }
            }
            for (one, another) in zip(mine.imageScores ?? [], other.imageScores ?? []) { scores.add(one, another) }
        }
        let sum = scores.value + edges.value
        return sum.isFinite ? sum : .infinity
    }

    private struct Mean {
        private var sum = 0.0
        private var count = 0

        mutating func add(_ a: Float, _ b: Float) {
            sum += Double(abs(a - b))
            count += 1
        }

        var value: Double { count > 0 ? sum / Double(count) : 0 }
    }
}
