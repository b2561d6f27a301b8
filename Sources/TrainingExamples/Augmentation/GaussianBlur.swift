import Foundation

/// A Gaussian blur of a square picture [side, side], row-major, cut off at three deviations; at the picture's edge its last pixels are
/// carried on.
package struct GaussianBlur: Sendable {
    package let side: Int
    private let radius: Int
    private let weights: [Float]

    /// - Parameter deviation: In pixels.
    package init(side: Int, deviation: Double) {
        self.side = side
        let radius = max(1, min(side, Int((3 * deviation).rounded(.up))))
        let bell = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
        let sum = bell.reduce(0, +)
        weights = bell.map { Float($0 / sum) }
        self.radius = radius
    }

    package func apply(to picture: UnsafeMutableBufferPointer<Float>) {
        var padded = [Float](repeating: 0, count: side + 2 * radius)
        for row in 0..<side {
            let line = UnsafeMutableBufferPointer(rebasing: picture[row * side..<(row + 1) * side])
            for place in padded.indices { padded[place] = line[min(side - 1, max(0, place - radius))] }
            line.update(repeating: 0)
            for (offset, weight) in weights.enumerated() { add(padded, from: offset, weight, to: line) }
        }
        let narrow = [Float](picture)
        for row in 0..<side {
            let line = UnsafeMutableBufferPointer(rebasing: picture[row * side..<(row + 1) * side])
            line.update(repeating: 0)
            for (offset, weight) in weights.enumerated() {
                add(narrow, from: min(side - 1, max(0, row + offset - radius)) * side, weight, to: line)
            }
        }
    }

    private func add(_ source: [Float], from first: Int, _ weight: Float, to line: UnsafeMutableBufferPointer<Float>) {
        source.withUnsafeBufferPointer { source in
            for column in 0..<side { line[column] += weight * source[first + column] }
        }
    }
}
