import Basics
import Findings
import Foundation
import Tensors

/// Starting values of parameters, from one seed.
public struct Initialiser {
    private var generator: SeededGenerator

    /// - Parameter stream: Which of the seed's independent streams: a part with one of its own changes no other part's start.
    public init(seed: UInt64, stream: UInt64 = 0) { generator = SeededGenerator(seed: seed, stream: stream) }

    /// Normally distributed numbers (Box and Muller 1958).
    mutating func normal(_ shape: [Int], deviation: Double) throws -> Tensor {
        var values = [Float]()
        let count = shape.reduce(1, *)
        values.reserveCapacity(count + 1)
        while values.count < count {
            let radius = (-2 * log(1 - generator.uniform())).squareRoot() * deviation
            let angle = 2 * Double.pi * generator.uniform()
            values.append(Float(radius * cos(angle)))
            values.append(Float(radius * sin(angle)))
        }
        return try Tensor(Array(values.prefix(count)), shape: shape)
    }

    func constant(_ shape: [Int], _ value: Float) throws -> Tensor {
        try Tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape)
    }
}
