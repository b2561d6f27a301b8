/// How likely a model's box is right, by what readers made of its boxes before: a logistic regression a finding, with a ridge of 1 (PAL, CVPR 2026:
/// only what a detector puts out is asked, not its inside). A finding with few examples goes by that of all.
public struct BoxJudge: Sendable {
    /// A box of an image that was read, and whether it was right.
    public struct Example: Hashable, Sendable {
        public var box: ListCandidate.SaidBox
        public var isRight: Bool

        public init(box: ListCandidate.SaidBox, isRight: Bool) { (self.box, self.isRight) = (box, isRight) }
    }

    static let leastExamples = 30
    private let all: [Double]
    private let findings: [String: [Double]]
    /// How hard each finding is: 1 less the share of its boxes that are right.
    private let difficulty: [String: Double]

    public init(_ examples: [Example]) {
        all = Self.fitted(examples)
        let groups = Dictionary(grouping: examples, by: \.box.label)
        findings = groups.filter { $0.value.count >= Self.leastExamples }.mapValues(Self.fitted)
        // Two more of each, so that a rare finding is neither impossible nor sure.
        difficulty = groups.mapValues { 1 - Double($0.count { $0.isRight } + 1) / Double($0.count + 2) }
    }

    public func probability(_ box: ListCandidate.SaidBox) -> Double {
        Statistics.logistic(zip(findings[box.label] ?? all, box.regressors).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// The entropy of the three surest boxes, each by how hard its finding is.
    public func uncertainty(of candidate: ListCandidate) -> Double {
        candidate.boxes.sorted { $0.score > $1.score }.prefix(3)
            .reduce(0) { $0 + Statistics.entropy(probability($1)) * (difficulty[$1.label] ?? 0.5) }
    }

    /// Newton's method; the ridge keeps it finite where all are right.
    private static func fitted(_ examples: [Example]) -> [Double] {
        let count = 4
        var weights = Array(repeating: 0.0, count: count)
        for _ in 0..<25 {
            var gradient = weights.enumerated().map { $0 == 0 ? 0 : -$1 }
            var hessian = (0..<count).map { row in (0..<count).map { row == $0 ? (row == 0 ? 1e-6 : 1.0) : 0 } }
            for example in examples {
                let x = example.box.regressors
                let p = Statistics.logistic(zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 })
                for row in 0..<count {
                    gradient[row] += ((example.isRight ? 1 : 0) - p) * x[row]
                    for column in 0..<count { hessian[row][column] += p * (1 - p) * x[row] * x[column] }
                }
            }
            let step = solved(hessian, gradient)
            for index in 0..<count { weights[index] += max(-4, min(4, step[index])) }
            if step.allSatisfy({ abs($0) < 1e-8 }) { break }
        }
        return weights
    }

    private static func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        let count = right.count
        var rows = zip(matrix, right).map { $0 + [$1] }
        for pivot in 0..<count {
            let best = (pivot..<count).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
            rows.swapAt(pivot, best)
            guard abs(rows[pivot][pivot]) > 1e-12 else { return Array(repeating: 0, count: count) }
            for row in 0..<count where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in pivot...count { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        return (0..<count).map { rows[$0][count] / rows[$0][$0] }
    }
}
