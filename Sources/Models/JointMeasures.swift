/// How far measures of a picture, taken together, lie from those of known pictures: Mahalanobis' distance (Proc Natl Inst Sci India 1936).
///
/// A film may be dark, and another smooth. Dark, smooth and unlike any mixture of chests at once is no chest, though each alone could be.
public struct JointMeasures: Codable, Hashable, Sendable {
    /// In the order of the numbers.
    static let measures: [AppearanceGate.Measure] = [.mean, .deviation, .texture, .strangeness, .likeness]
    /// Fewer pictures say too little of what goes together.
    package static let fewest = 30
    /// A distance that hardly any picture of the kind has, whatever the known ones' is.
    static let leastLimit = 6.0

    /// Of the known pictures.
    var mean: [Double]
    /// The inverse of their covariance, rows.
    var precision: [[Double]]

    /// - Parameter values: A row a picture; `nil` where they are too few, or do not vary.
    package init?(of values: [[Double]]) {
        let size = Self.measures.count
        guard values.count >= Self.fewest, values.allSatisfy({ $0.count == size }) else { return nil }
        let count = Double(values.count)
        let mean = (0..<size).map { index in values.reduce(0) { $0 + $1[index] } / count }
        let covariance = (0..<size).map { row in
            (0..<size).map { column in
                values.reduce(0) { $0 + ($1[row] - mean[row]) * ($1[column] - mean[column]) } / (count - 1)
            }
        }
        guard let inverse = Self.inverse(covariance) else { return nil }
        // As the card writes them.
        self.mean = mean.map { ($0 * 1_000_000).rounded() / 1_000_000 }
        precision = inverse.map { row in row.map { ($0 * 1_000).rounded() / 1_000 } }
    }

    /// Standard deviations, where the measures vary alone and together as known.
    package func distance(of values: [Double]) -> Double {
        let off = zip(values, mean).map { $0 - $1 }
        let sum = off.indices.reduce(0.0) { sum, row in sum + off[row] * zip(precision[row], off).reduce(0) { $0 + $1.0 * $1.1 } }
        return max(0, sum).squareRoot()
    }

    var isValid: Bool {
        let size = Self.measures.count
        return mean.count == size && precision.count == size && precision.allSatisfy { $0.count == size && $0.allSatisfy(\.isFinite) }
            && mean.allSatisfy(\.isFinite)
    }

    /// Gauss and Jordan's way with the largest pivot; `nil` of a matrix that has none.
    private static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
        let size = matrix.count
        var rows = matrix.indices.map { row in matrix[row] + (0..<size).map { $0 == row ? 1.0 : 0 } }
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-12
            else { return nil }
            rows.swapAt(column, pivot)
            let scale = rows[column][column]
            for place in rows[column].indices { rows[column][place] /= scale }
            for row in 0..<size where row != column {
                let factor = rows[row][column]
                for place in rows[row].indices { rows[row][place] -= factor * rows[column][place] }
            }
        }
        return rows.map { Array($0[size...]) }
    }
}
