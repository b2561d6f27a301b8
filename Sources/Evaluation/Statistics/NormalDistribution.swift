import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
    /// Probability of a value of at most `x`.
    package static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// The value that a share `probability` stays below; infinite for 0 and 1, not a number outside.
    package static func quantile(_ probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        // The lower half has the digits: close to 1 they are lost in the subtraction.
        if probability > 0.5 { return -quantile(1 - probability) }
        guard probability > 0 else { return -.infinity }
        var (low, high) = (-40.0, 0.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if cumulative(middle) < probability { low = middle } else { high = middle }
        }
    }
}
