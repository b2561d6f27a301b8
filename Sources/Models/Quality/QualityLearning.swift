import Basics

/// The two pieces of linear algebra that the limits of quality are learnt by, for some hundred numbers each.
enum QualityLearning {
    /// Ridge regression: the weights w that make the sum of c (w·x - y)² plus `ridge` |w|² smallest (Hoerl and Kennard, Technometrics 1970).
    /// - Parameter rows: Examples x, all of one length, each with its target y and its weight c.
    static func ridge(_ rows: [(x: [Double], target: Double, weight: Double)], ridge: Double) -> [Double] {
        let size = rows.first?.x.count ?? 0
        var (normal, right) = ([Double](repeating: 0, count: size * size), [Double](repeating: 0, count: size))
        normal.withUnsafeMutableBufferPointer { normal in
            for row in rows {
                for i in 0..<size {
                    let scaled = row.weight * row.x[i]
                    right[i] += scaled * row.target
                    guard scaled != 0 else { continue }
                    row.x.withUnsafeBufferPointer { x in
                        for j in 0...i { normal[i * size + j] += scaled * x[j] }
                    }
                }
            }
        }
        for i in 0..<size { normal[i * size + i] += ridge }
        return solved(&normal, right)
    }

    /// Cholesky's decomposition of the lower triangle, then two substitutions.
    private static func solved(_ matrix: inout [Double], _ right: [Double]) -> [Double] {
        let size = right.count
        var result = right
        matrix.withUnsafeMutableBufferPointer { matrix in
            for i in 0..<size {
                for j in 0...i {
                    var sum = matrix[i * size + j]
                    for k in 0..<j { sum -= matrix[i * size + k] * matrix[j * size + k] }
                    matrix[i * size + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / matrix[j * size + j]
                }
            }
            for i in 0..<size {
                for k in 0..<i { result[i] -= matrix[i * size + k] * result[k] }
                result[i] /= matrix[i * size + i]
            }
            for i in (0..<size).reversed() {
                for k in i + 1..<size { result[i] -= matrix[k * size + i] * result[k] }
                result[i] /= matrix[i * size + i]
            }
        }
        return result
    }

    /// The directions in which the rows differ most from their mean, each of unit length, by orthogonal iteration; the same on every run.
    static func principalComponents(_ rows: [[Double]], mean: [Double], count: Int) -> [[Double]] {
        let size = mean.count
        var covariance = [Double](repeating: 0, count: size * size)
        covariance.withUnsafeMutableBufferPointer { covariance in
            for row in rows {
                let centred = zip(row, mean).map { $0 - $1 }
                for i in 0..<size {
                    for j in 0..<size { covariance[i * size + j] += centred[i] * centred[j] }
                }
            }
        }
        var random = SeededGenerator(seed: 1)
        var basis = (0..<count).map { _ in (0..<size).map { _ in random.uniform(-1...1) } }
        for _ in 0..<80 {
            basis = basis.map { vector in
                (0..<size).map { i in
                    var sum = 0.0
                    for j in 0..<size { sum += covariance[i * size + j] * vector[j] }
                    return sum
                }
            }
            // Gram and Schmidt.
            for index in basis.indices {
                for other in 0..<index {
                    let share = QualityLook.product(basis[index], basis[other])
                    for i in 0..<size { basis[index][i] -= share * basis[other][i] }
                }
                let norm = QualityLook.product(basis[index], basis[index]).squareRoot()
                if norm > 1e-12 { for i in 0..<size { basis[index][i] /= norm } }
            }
        }
        return basis
    }
}
