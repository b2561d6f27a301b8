import Charts
import Foundation
import Radiographs
import Testing

/// The field between a chart's axes as its SVG has it, and where on the picture a value should stand.
struct DrawnField {
    let x: Double
    let y: Double
    let width: Double
    let height: Double

    init(_ svg: SVGElement, number: Int = 0) throws {
        let fields = svg.groups("field")
        try #require(fields.count > number)
        let frame = try #require(fields[number].children.first)
        (x, y, width, height) = (frame.number("x"), frame.number("y"), frame.number("width"), frame.number("height"))
    }

    /// By two linear axes.
    func point(_ value: SIMD2<Double>, x across: ClosedRange<Double>, y up: ClosedRange<Double>) -> SIMD2<Double> {
        SIMD2(
            x + (value.x - across.lowerBound) / (across.upperBound - across.lowerBound) * width,
            y + height - (value.y - up.lowerBound) / (up.upperBound - up.lowerBound) * height)
    }
}

func isNear(_ left: SIMD2<Double>, _ right: SIMD2<Double>, within distance: Double = 0.02) -> Bool {
    abs(left.x - right.x) <= distance && abs(left.y - right.y) <= distance
}
