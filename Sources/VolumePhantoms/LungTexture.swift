import Basics

/// Irregularity of lung tissue with more of it in the coarse than in the fine, about as 1/f^1.5: a periodic block of 64 mm.
struct LungTexture: Sendable {
    private static let side = 64
    private let values: [Float]

    /// - Parameter deviation: Standard deviation, Hounsfield units.
    init(deviation: Float, _ random: inout SeededGenerator) {
        let side = Self.side
        var sum = [Float](repeating: 0, count: side * side * side)
        for period in [32, 16, 8, 4, 2] {
            let count = side / period
            let lattice = (0..<count * count * count).map { _ in Float(random.uniform(-1...1)) }
            // Amplitude rises with the period's root of three quarters.
            let height = Float(period).squareRoot() * Float(period).squareRoot().squareRoot()
            func at(_ x: Int, _ y: Int, _ z: Int) -> Float { lattice[((z % count) * count + y % count) * count + x % count] }
            for z in 0..<side {
                for y in 0..<side {
                    for x in 0..<side {
                        let share = SIMD3(Float(x % period), Float(y % period), Float(z % period)) / Float(period)
                        let (i, j, k) = (x / period, y / period, z / period)
                        var value: Float = 0
                        for corner in 0..<8 {
                            let (a, b, c) = (corner & 1, corner >> 1 & 1, corner >> 2)
                            let weight =
                                (a == 1 ? share.x : 1 - share.x) * (b == 1 ? share.y : 1 - share.y) * (c == 1 ? share.z : 1 - share.z)
                            value += weight * at(i + a, j + b, k + c)
                        }
                        sum[(z * side + y) * side + x] += height * value
                    }
                }
            }
        }
        let mean = sum.reduce(0, +) / Float(sum.count)
        let spread = (sum.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(sum.count)).squareRoot()
        values = sum.map { ($0 - mean) / max(spread, 1e-6) * deviation }
    }

    /// At a place in millimetres.
    @inline(__always)
    func callAsFunction(_ point: SIMD3<Float>) -> Float {
        let mask = Self.side - 1
        let (x, y, z) = (Int(point.x.rounded()) & mask, Int(point.y.rounded()) & mask, Int(point.z.rounded()) & mask)
        return values[(z * Self.side + y) * Self.side + x]
    }
}
