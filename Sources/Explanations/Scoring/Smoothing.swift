import Foundation

/// A Gaussian blur of a picture [height, width], row-major, cut off at three deviations; at the edges the last pixels are carried on.
enum Smoothing {
    /// - Parameter deviation: In pixels; the picture itself where it is 0.
    static func gaussian(_ values: [Float], width: Int, height: Int, deviation: Double) -> [Float] {
        guard deviation > 0, width > 0, height > 0 else { return values }
        let radius = max(1, Int((3 * deviation).rounded(.up)))
        let bell = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
        let sum = bell.reduce(0, +)
        let weights = bell.map { Float($0 / sum) }
        var narrow = [Float](repeating: 0, count: values.count)
        var padded = [Float](repeating: 0, count: width + 2 * radius)
        for row in 0..<height {
            for place in padded.indices { padded[place] = values[row * width + min(width - 1, max(0, place - radius))] }
            add(padded, weights, to: &narrow, from: row * width, count: width)
        }
        var result = [Float](repeating: 0, count: values.count)
        result.withUnsafeMutableBufferPointer { result in
            narrow.withUnsafeBufferPointer { narrow in
                for row in 0..<height {
                    for (offset, weight) in weights.enumerated() {
                        let source = min(height - 1, max(0, row + offset - radius)) * width
                        for column in 0..<width { result[row * width + column] += weight * narrow[source + column] }
                    }
                }
            }
        }
        return result
    }

    private static func add(_ padded: [Float], _ weights: [Float], to target: inout [Float], from start: Int, count: Int) {
        padded.withUnsafeBufferPointer { padded in
            target.withUnsafeMutableBufferPointer { target in
                for (offset, weight) in weights.enumerated() {
                    for column in 0..<count { target[start + column] += weight * padded[offset + column] }
                }
            }
        }
    }
}
