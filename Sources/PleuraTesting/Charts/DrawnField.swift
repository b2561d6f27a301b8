import Foundation
import Radiographs

/// The field between a chart's axes as its SVG has it, and where on the picture a value should stand.
package struct DrawnField {
    package let x: Double
    package let y: Double
    package let width: Double
    package let height: Double

    package init(_ svg: SVGElement, number: Int = 0) throws {
        let fields = svg.groups("field")
        guard fields.count > number, let frame = fields[number].children.first else { throw ChartFault("no field \(number)") }
        (x, y, width, height) = (frame.number("x"), frame.number("y"), frame.number("width"), frame.number("height"))
    }

    /// By two linear axes.
    package func point(_ value: SIMD2<Double>, x across: ClosedRange<Double>, y up: ClosedRange<Double>) -> SIMD2<Double> {
        SIMD2(
            x + (value.x - across.lowerBound) / (across.upperBound - across.lowerBound) * width,
            y + height - (value.y - up.lowerBound) / (up.upperBound - up.lowerBound) * height)
    }
}

package func isNear(_ left: SIMD2<Double>, _ right: SIMD2<Double>, within distance: Double = 0.02) -> Bool {
    abs(left.x - right.x) <= distance && abs(left.y - right.y) <= distance
}
