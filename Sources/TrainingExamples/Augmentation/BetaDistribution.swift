import Basics
import Findings
import Foundation

/// Random numbers of the symmetric beta distribution, 0...1: two gamma variates (Marsaglia and Tsang, ACM TOMS 2000), the share of the
/// first in their sum.
package struct BetaDistribution: Sendable {
    package let alpha: Double

    package init(alpha: Double) { self.alpha = alpha }

    package func next(using generator: inout SeededGenerator) -> Double {
        let (a, b) = (gamma(using: &generator), gamma(using: &generator))
        return a + b > 0 ? a / (a + b) : 0.5
    }

    private func gamma(using generator: inout SeededGenerator) -> Double {
        // Below 1 that of one more, drawn down.
        let boost = alpha < 1 ? pow(max(generator.uniform(), 1e-300), 1 / alpha) : 1
        let d = max(alpha, alpha < 1 ? alpha + 1 : alpha) - 1 / 3.0
        let c = 1 / (9 * d).squareRoot()
        while true {
            let normal = (-2 * log(max(generator.uniform(), 1e-300))).squareRoot() * cos(2 * .pi * generator.uniform())
            let cube = pow(1 + c * normal, 3)
            guard cube > 0 else { continue }
            if log(max(generator.uniform(), 1e-300)) < 0.5 * normal * normal + d - d * cube + d * log(cube) { return boost * d * cube }
        }
    }
}
