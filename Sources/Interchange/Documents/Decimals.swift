import Findings
import Geometry

/// Numbers as text files have them.
package enum Decimals {
    /// The fewest digits that give the same number back, without `.0` and without an exponent where it can be.
    package static func shortest(_ value: Double) -> String {
        guard value == value.rounded(), abs(value) < 1e15 else { return "\(value)" }
        return String(Int(value))
    }
}

extension Box {
    /// Each edge at the nearest whole pixel, and at least one pixel wide and high.
    package var roundedToPixels: Box {
        let (x0, y0) = (x.rounded(), y.rounded())
        return Box(x0: x0, y0: y0, x1: max(x0 + 1, maxX.rounded()), y1: max(y0 + 1, maxY.rounded()))
    }
}
