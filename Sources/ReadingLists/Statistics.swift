import Foundation

/// Functions of one number.
enum Statistics {
    static func log(_ x: Double) -> Double { Foundation.log(x) }
    static func logit(_ p: Double) -> Double { Foundation.log(p / (1 - p)) }
    static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// Of a coin that falls on one side with this probability, in bits.
    static func entropy(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return 0 }
        return -(p * log2(p) + (1 - p) * log2(1 - p))
    }

    static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
}
