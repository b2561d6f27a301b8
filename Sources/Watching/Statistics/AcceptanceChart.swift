import Foundation

/// A cumulative sum of what readers reject, which alarms when they accept less than was usual (Page, Biometrika 1954; of yes and no, Reynolds
/// and Stoumbos, Journal of Quality Technology 1999): the log-likelihood ratio of an acceptance that fell by `shift`.
///
/// Its limit is chosen so that a false alarm comes once in so many decisions, by the mean run length of a Markov chain (Brook and Evans,
/// Biometrika 1972).
public struct AcceptanceChart: Hashable, Sendable {
    /// The share that is usual.
    public let usual: Double
    /// The share that it is to alarm at.
    public let fallen: Double
    /// The sum at which it alarms.
    public let limit: Double
    public private(set) var sum = 0.0
    public private(set) var decisions = 0

    private let ofAcceptance: Double
    private let ofRejection: Double

    /// - Parameters:
    ///   - usual: Share of the model's boxes that is accepted; kept away from 0 and 1.
    ///   - shift: How far it must fall.
    ///   - falseAlarmEvery: So many decisions, when nothing has changed; a year's.
    public init(usual: Double, shift: Double = 0.10, falseAlarmEvery decisions: Double) {
        let usual = min(0.99, max(0.02, usual))
        let fallen = max(0.01, usual - shift)
        (self.usual, self.fallen) = (usual, fallen)
        ofAcceptance = log(fallen / usual)
        ofRejection = log((1 - fallen) / (1 - usual))
        var (low, high) = (0.05, 20.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            let length = Self.runLength(middle, usual: usual, ofAcceptance, ofRejection)
            if length < max(2, decisions) { low = middle } else { high = middle }
        }
        limit = high
    }

    /// - Returns: Whether it alarms now; it then begins anew.
    public mutating func take(_ isAccepted: Bool) -> Bool {
        decisions += 1
        sum = max(0, sum + (isAccepted ? ofAcceptance : ofRejection))
        guard sum >= limit else { return false }
        sum = 0
        return true
    }

    /// Decisions until the sum, from 0, reaches the limit, on average, when nothing has changed.
    public var meanRunLength: Double { Self.runLength(limit, usual: usual, ofAcceptance, ofRejection) }

    /// The sum is a chain over `states` steps from 0 to the limit; each step's change is rounded down or up by chance, so that it is right on average.
    private static func runLength(_ limit: Double, usual: Double, _ down: Double, _ up: Double) -> Double {
        let states = 120
        let width = limit / Double(states)
        // (I - Q) x = 1, by elimination.
        var matrix = Array(repeating: Array(repeating: 0.0, count: states + 1), count: states)
        for state in 0..<states {
            matrix[state][state] += 1
            matrix[state][states] = 1
            for (chance, change) in [(usual, down), (1 - usual, up)] {
                let place = max(0, Double(state) + change / width)
                let lower = Int(place)
                let part = place - Double(lower)
                if lower < states { matrix[state][lower] -= chance * (1 - part) }
                if lower + 1 < states { matrix[state][lower + 1] -= chance * part }
            }
        }
        for pivot in 0..<states {
            let best = (pivot..<states).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) } ?? pivot
            matrix.swapAt(pivot, best)
            guard abs(matrix[pivot][pivot]) > 1e-300 else { return .infinity }
            for row in pivot + 1..<states where matrix[row][pivot] != 0 {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot...states { matrix[row][column] -= factor * matrix[pivot][column] }
            }
        }
        var lengths = Array(repeating: 0.0, count: states)
        for row in stride(from: states - 1, through: 0, by: -1) {
            let rest = (row + 1..<states).reduce(matrix[row][states]) { $0 - matrix[row][$1] * lengths[$1] }
            lengths[row] = rest / matrix[row][row]
        }
        return lengths[0]
    }
}
