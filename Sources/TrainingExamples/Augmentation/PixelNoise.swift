import Basics
import Findings
import Foundation

/// Normal noise of single pixels on grey of 0...1: of one deviation everywhere, and of one that grows with the root of grey.
package struct PixelNoise: Sendable {
    /// The standard deviation everywhere, as a share of full scale.
    package let electronic: Double
    /// The standard deviation at full scale of what grows with the root of grey: of counted quanta, whose variance is their mean.
    package let quantum: Double

    package init(electronic: Double, quantum: Double) { (self.electronic, self.quantum) = (electronic, quantum) }

    package func apply(to picture: UnsafeMutableBufferPointer<Float>, using generator: inout SeededGenerator) {
        let (still, growing) = (Float(electronic * electronic), Float(quantum * quantum))
        Self.quantiles.withUnsafeBufferPointer { quantiles in
            var bits: UInt64 = 0
            for index in picture.indices {
                // Four numbers of 16 bits out of one draw.
                bits = index & 3 == 0 ? generator.next() : bits &>> 16
                let grey = picture[index]
                let deviation = (still + growing * grey).squareRoot()
                picture[index] = min(1, max(0, grey + deviation * quantiles[Int(bits & 0xFFFF)]))
            }
        }
    }

    /// The standard normal distribution cut into 65,536 equally likely parts, the middle of each: up to 4.2 deviations. Its variance is
    /// within 1e-4 of 1.
    private static let quantiles: [Float] = {
        let half = 32_768
        var lower = [Float](repeating: 0, count: half)
        // From the middle outwards, each by Newton's method from the one before: there the distribution function is convex and the
        // steps stay on one side.
        var place = 0.0
        for index in (0..<half).reversed() {
            let wanted = (Double(index) + 0.5) / Double(2 * half)
            for _ in 0..<8 {
                let error = 0.5 * erfc(-place / 2.0.squareRoot()) - wanted
                place -= error / (exp(-0.5 * place * place) / (2 * Double.pi).squareRoot())
            }
            lower[index] = Float(place)
        }
        return lower + lower.reversed().map { -$0 }
    }()
}
