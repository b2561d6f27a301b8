import Findings
import Geometry

/// How numbers stand in files: scores with four decimals, pixels with two.
package enum Rounding {
    package static func score(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
    package static func pixels(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// x, y, width, height.
    package static func box(_ box: Box) -> [Double] { [box.x, box.y, box.width, box.height].map(pixels) }

    /// Shortest decimal text, without an exponent: `12`, `0.8713`.
    package static func text(_ value: Double) -> String {
        // Rounded numbers of these sizes print plainly; a whole one prints without ".0".
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return abs(value) >= 0.0001 || !value.isFinite ? "\(value)" : "0"
    }
}
