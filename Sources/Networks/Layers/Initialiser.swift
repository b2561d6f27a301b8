import Foundation
import Tensors

/// Starting values of parameters, from one seed.
public struct Initialiser {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Normally distributed numbers (Box and Muller 1958).
    mutating func normal(_ shape: [Int], deviation: Double) throws -> Tensor {
        var values = [Float]()
        let count = shape.reduce(1, *)
        values.reserveCapacity(count + 1)
        while values.count < count {
            let radius = (-2 * log(1 - uniform())).squareRoot() * deviation
            let angle = 2 * Double.pi * uniform()
            values.append(Float(radius * cos(angle)))
            values.append(Float(radius * sin(angle)))
        }
        return try Tensor(Array(values.prefix(count)), shape: shape)
    }

    func constant(_ shape: [Int], _ value: Float) throws -> Tensor {
        try Tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape)
    }
}
