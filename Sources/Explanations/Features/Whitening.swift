import Basics

/// The directions in which vectors differ most, each brought to a spread of 1 (principal components, whitened), so that no channel decides
/// what is near by its size alone.
public struct Whitening: Hashable, Sendable {
    public let mean: [Float]
    /// [count][mean.count]: what a vector, less the mean, is multiplied by.
    public let directions: [[Float]]

    public init(mean: [Float], directions: [[Float]]) { (self.mean, self.directions) = (mean, directions) }

    /// - Parameters:
    ///   - vectors: At least two, all of the same length.
    ///   - count: Directions at most; of fewer vectors there are fewer.
    public init(of vectors: [[Float]], count: Int = 64) {
        let (rows, length) = (vectors.count, vectors.first?.count ?? 0)
        var mean = [Float](repeating: 0, count: length)
        for vector in vectors { for place in 0..<length { mean[place] += vector[place] / Float(max(1, rows)) } }
        let centred = vectors.map { vector in zip(vector, mean).map { $0 - $1 } }
        // There are fewer vectors than channels: products of vectors are the smaller matrix, with the same directions.
        let products = Concurrent.map(rows) { row in (0..<rows).map { Self.product(centred[row], centred[$0]) } }
        let wanted = max(0, min(count, rows - 1))
        var basis = (0..<wanted).map { direction in
            var generator = SeededGenerator(seed: 0x5E, stream: UInt64(direction))
            return (0..<rows).map { _ in Float(generator.uniform() - 0.5) }
        }
        // Orthogonal iteration (Golub and Van Loan, section 7.3).
        for _ in 0..<60 {
            let turned = basis
            basis = Self.orthonormal(
                Concurrent.map(wanted) { direction in (0..<rows).map { Self.product(products[$0], turned[direction]) } })
        }
        let weights = basis
        self.mean = mean
        directions = basis.indices.compactMap { direction in
            let image = (0..<rows).map { Self.product(products[$0], weights[direction]) }
            let value = Self.product(image, weights[direction])
            guard value > 1e-6 else { return nil }
            var axis = [Float](repeating: 0, count: length)
            for row in 0..<rows { for place in 0..<length { axis[place] += weights[direction][row] * centred[row][place] } }
            // The axis has the length √value; the spread along it is √(value / (rows - 1)).
            let scale = Float(rows - 1).squareRoot() / value
            return axis.map { $0 * scale }
        }
    }

    public func callAsFunction(_ vector: [Float]) -> [Float] {
        let centred = zip(vector, mean).map { $0 - $1 }
        return directions.map { Self.product($0, centred) }
    }

    private static func product(_ left: [Float], _ right: [Float]) -> Float {
        var sum: Float = 0
        for place in 0..<min(left.count, right.count) { sum += left[place] * right[place] }
        return sum
    }

    /// Gram and Schmidt's.
    private static func orthonormal(_ vectors: [[Float]]) -> [[Float]] {
        var result: [[Float]] = []
        for vector in vectors {
            var rest = vector
            // Twice, for single precision.
            for _ in 0..<2 {
                for other in result {
                    let share = product(rest, other)
                    for place in rest.indices { rest[place] -= share * other[place] }
                }
            }
            let length = product(rest, rest).squareRoot()
            result.append(length > 0 ? rest.map { $0 / length } : rest)
        }
        return result
    }
}
