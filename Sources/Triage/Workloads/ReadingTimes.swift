import Basics
import Foundation

/// How long readings take.
public enum ReadingTimes: Hashable, Sendable {
    /// Most short, a few long: the standard deviation is the mean.
    case exponential(mean: Double)
    /// With a coefficient of variation, which is standard deviation over mean; 0 is a constant time. Lognormal, as times of readings are.
    case lognormal(mean: Double, variation: Double)

    /// Minutes.
    public var mean: Double {
        switch self {
        case .exponential(let mean), .lognormal(let mean, _): mean
        }
    }

    public var variation: Double {
        switch self {
        case .exponential: 1
        case .lognormal(_, let variation): variation
        }
    }

    /// Minutes of one reading.
    func draw(_ generator: inout SeededGenerator) -> Double {
        switch self {
        case .exponential(let mean): return generator.exponential(mean: mean)
        case .lognormal(let mean, let variation):
            let spread = log(1 + variation * variation)
            return mean * exp(spread.squareRoot() * generator.normal() - spread / 2)
        }
    }
}

extension SeededGenerator {
    mutating func exponential(mean: Double) -> Double { -mean * log(1 - uniform()) }

    /// Box and Muller, Annals of Mathematical Statistics 1958; one of the two.
    mutating func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }
}
