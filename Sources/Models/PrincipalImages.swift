import Foundation

/// The few pictures of which a kind of image is a mixture, nearly: the directions in which its thumbnails lie (eigenimages; Turk and
/// Pentland, J Cogn Neurosci 1991). What is left of an image when its best mixture is taken away tells how strange it is.
public struct PrincipalImages: Hashable, Sendable {
    /// Each of the thumbnails' size, row-major, of unit norm, at right angles to the others.
    public var components: [[Float]]

    /// No more than these, and one for four images: fewer images say less of what varies.
    static let most = 12
    private static let imagesEach = 4
    private static let rounds = 60

    init(components: [[Float]]) { self.components = components }

    /// The directions of the largest second moments, by orthogonal iteration.
    /// - Parameter images: Of one size, zero mean, unit norm; flat ones are zero.
    init(of images: [[Float]]) {
        let size = images.first?.count ?? 0
        let count = min(Self.most, max(1, images.count / Self.imagesEach), size)
        // Waves of growing frequency: any start does that is at right angles to none of them.
        var basis = (0..<count).map { Self.wave($0, size: size) }
        let rows = images.map { $0.map(Double.init) }
        for _ in 0..<Self.rounds {
            var next = [[Double]](repeating: [Double](repeating: 0, count: size), count: count)
            for row in rows {
                for index in 0..<count {
                    let share = Self.product(row, basis[index])
                    for place in 0..<size { next[index][place] += share * row[place] }
                }
            }
            basis = Self.orthonormal(next)
        }
        // As the card writes them, so that the gate in memory and the gate read back are one.
        components = basis.filter { vector in vector.contains { $0 != 0 } }.map { vector in
            vector.map { (number: Double) -> Float in Float((number * 10_000).rounded() / 10_000) }
        }
    }

    private static func wave(_ index: Int, size: Int) -> [Double] {
        let step = Double.pi * Double(index + 1) / Double(size)
        return (0..<size).map { (place: Int) -> Double in cos(step * (Double(place) + 0.5)) + (index == 0 ? 0.1 : 0) }
    }

    /// Length of what is left of a thumbnail of unit norm, 0...1.
    func residual(of image: [Float]) -> Double {
        let doubles = image.map(Double.init)
        var explained = 0.0
        for component in components {
            let share = Self.product(doubles, component.map(Double.init))
            explained += share * share
        }
        return max(0, 1 - explained).squareRoot()
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0.0) { (sum: Double, pair: (Double, Double)) -> Double in sum + pair.0 * pair.1 }
    }

    /// Gram and Schmidt's way; a vector that lies in the others' span becomes zero.
    private static func orthonormal(_ vectors: [[Double]]) -> [[Double]] {
        var result: [[Double]] = []
        for vector in vectors {
            var rest = vector
            let length = product(vector, vector).squareRoot()
            // Twice: once is not enough where a vector nearly lies in the others' span.
            for _ in 0..<2 {
                for other in result {
                    let share = product(rest, other)
                    for place in rest.indices { rest[place] -= share * other[place] }
                }
            }
            let norm = product(rest, rest).squareRoot()
            result.append(norm > 1e-9 * max(1, length) ? rest.map { $0 / norm } : rest.map { _ in 0 })
        }
        return result
    }
}
