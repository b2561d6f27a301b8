import Models

extension IsotonicCalibration {
    /// Fits the line by least squares among all that never fall: pool adjacent violators (Ayer and others, Annals of Mathematical
    /// Statistics 1955). Between two scores of the sample it is straight.
    /// - Throws: `EvaluationError` where all or none are true, or where the scores do not rise with the truth.
    /// - Complexity: O(n log n).
    public init(fitting sample: CalibrationSample) throws(EvaluationError) {
        try sample.checkBothKinds()
        var blocks: [Block] = []
        for index in sample.scores.indices.sorted(by: { sample.scores[$0] < sample.scores[$1] }) {
            let score = sample.scores[index], positive = sample.outcomes[index] ? 1.0 : 0
            if let last = blocks.last, last.low == last.high, last.high == score {
                blocks[blocks.count - 1].count += 1
                blocks[blocks.count - 1].positives += positive
            } else {
                blocks.append(Block(low: score, high: score, count: 1, positives: positive))
            }
        }
        // Each new block is pooled with those before it that it would fall below.
        var pooled: [Block] = []
        for var block in blocks {
            while let last = pooled.last, last.rate >= block.rate {
                block = Block(low: last.low, high: block.high, count: last.count + block.count, positives: last.positives + block.positives)
                pooled.removeLast()
            }
            pooled.append(block)
        }
        // A level piece is told by its two ends.
        let ends = pooled.flatMap { $0.low < $0.high ? [($0.low, $0.rate), ($0.high, $0.rate)] : [($0.low, $0.rate)] }
        guard pooled.count > 1, let fitted = IsotonicCalibration(scores: ends.map(\.0), probabilities: ends.map(\.1)) else {
            throw EvaluationError(.notRising, "the scores do not rise with the truth, so no rising line fits them")
        }
        self = fitted
    }

    /// A stretch of scores that share one probability.
    private struct Block {
        var low: Double
        var high: Double
        var count: Double
        var positives: Double
        var rate: Double { positives / count }
    }
}
