import Findings
import Geometry

/// A square picture being painted. Places are centimetres on the detector, x to the right and y down from its top-left corner.
struct PhantomField: Sendable {
    /// Pixels a side.
    let side: Int
    let pixelsPerCentimetre: Float
    /// [side, side], row-major; most hold centimetres of water that attenuate as much.
    var values: [Float]

    init(side: Int, width: Float, value: Float = 0) {
        self.side = side
        pixelsPerCentimetre = Float(side) / width
        values = [Float](repeating: value, count: side * side)
    }

    /// The middle of a row or column of pixels, in centimetres.
    func place(_ index: Int) -> Float { (Float(index) + 0.5) / pixelsPerCentimetre }

    /// The pixels whose middles lie between two places, those outside the picture left out.
    func indices(_ low: Float, _ high: Float) -> Range<Int> {
        let first = max(0, min(Float(side), (low * pixelsPerCentimetre - 0.5).rounded(.up)))
        let last = max(first - 1, min(Float(side) - 1, (high * pixelsPerCentimetre - 0.5).rounded(.down)))
        return Int(first)..<Int(last) + 1
    }

    /// Changes the values in a rectangle, a pixel at a time.
    @inline(__always)
    mutating func paint(x columns: ClosedRange<Float>, y rows: ClosedRange<Float>, _ change: (inout Float, _ x: Float, _ y: Float) -> Void)
    {
        let (across, down) = (indices(columns.lowerBound, columns.upperBound), indices(rows.lowerBound, rows.upperBound))
        let (side, step) = (side, 1 / pixelsPerCentimetre)
        values.withUnsafeMutableBufferPointer { target in
            for row in down {
                let y = (Float(row) + 0.5) * step
                for column in across { change(&target[row * side + column], (Float(column) + 0.5) * step, y) }
            }
        }
    }

    /// The same picture with twice the pixels a side, interpolated; the last column and row are left out where `side` is odd.
    func doubled(side: Int, width: Float) -> PhantomField {
        var field = PhantomField(side: side, width: width)
        let (coarse, last) = (self.side, self.side - 1)
        field.values.withUnsafeMutableBufferPointer { target in
            values.withUnsafeBufferPointer { source in
                for row in 0..<side {
                    let near = row / 2
                    let far = max(0, min(last, row % 2 == 0 ? near - 1 : near + 1))
                    let (first, second) = (source.baseAddress.map { $0 + near * coarse }, source.baseAddress.map { $0 + far * coarse })
                    guard let first, let second else { return }
                    for column in 0..<side {
                        let beside = max(0, min(last, column % 2 == 0 ? column / 2 - 1 : column / 2 + 1))
                        let here = 0.75 * first[column / 2] + 0.25 * second[column / 2]
                        let there = 0.75 * first[beside] + 0.25 * second[beside]
                        target[row * side + column] = 0.75 * here + 0.25 * there
                    }
                }
            }
        }
        return field
    }

    /// Adds another field of the same picture.
    mutating func add(_ other: PhantomField) {
        values.withUnsafeMutableBufferPointer { target in
            other.values.withUnsafeBufferPointer { source in
                for index in 0..<min(target.count, source.count) { target[index] += source[index] }
            }
        }
    }

    /// The smallest box around all values above 0, in pixels; `nil` where there are none.
    func box() -> Box? {
        var (left, top, right, bottom) = (side, side, -1, -1)
        values.withUnsafeBufferPointer { source in
            for row in 0..<side {
                let start = row * side
                guard let first = (0..<side).first(where: { source[start + $0] > 0 }) else { continue }
                let last = (0..<side).last { source[start + $0] > 0 } ?? first
                left = min(left, first)
                right = max(right, last)
                top = min(top, row)
                bottom = row
            }
        }
        guard right >= left, bottom >= top else { return nil }
        return Box(x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
    }
}

/// A point of a curved line: where, and half how thick the line is there.
struct PhantomStrokePoint {
    var x: Float
    var y: Float
    /// In centimetres.
    var half: Float
    /// What the profile is multiplied by.
    var value: Float = 1
}

extension [PhantomStrokePoint] {
    /// The same line through the same points without corners (Catmull and Rom, 1974).
    func curved(steps: Int = 5) -> [PhantomStrokePoint] {
        guard count > 2 else { return self }
        var curve: [PhantomStrokePoint] = []
        for index in 0..<count - 1 {
            let (a, b, c, d) = (self[Swift.max(0, index - 1)], self[index], self[index + 1], self[Swift.min(count - 1, index + 2)])
            for step in 0..<steps {
                let t = Float(step) / Float(steps)
                func between(_ part: (PhantomStrokePoint) -> Float) -> Float {
                    let (p, q, r, s) = (part(a), part(b), part(c), part(d))
                    let (linear, square, cube) = (r - p, 2 * p - 5 * q + 4 * r - s, 3 * q - p - 3 * r + s)
                    return q + 0.5 * t * (linear + t * (square + t * cube))
                }
                curve.append(
                    PhantomStrokePoint(
                        x: between { $0.x }, y: between { $0.y }, half: Swift.max(0.02, between { $0.half }),
                        value: Swift.max(0, between { $0.value })))
            }
        }
        if let last { curve.append(last) }
        return curve
    }
}

extension PhantomField {
    /// Draws a line through points. Where it meets what is there, the larger value stays, so that a line does not add to itself in a bend.
    ///
    /// - Parameter profile: What is drawn at 0 (the line's middle) to 1 (its edge).
    @inline(__always)
    mutating func stroke(_ points: [PhantomStrokePoint], profile: (Float) -> Float) {
        guard points.count > 1 else { return }
        // Thinner lines than a pixel are drawn a pixel wide and paler, or they would break up.
        let thinnest = 0.62 / pixelsPerCentimetre
        for (start, end) in zip(points, points.dropFirst()) {
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let squared = dx * dx + dy * dy
            guard squared > 1e-8 else { continue }
            let reach = max(start.half, end.half, thinnest)
            let inverse = 1 / squared
            let length = squared.squareRoot()
            let overlap = min(0.4, 0.35 * reach / length)
            paint(
                x: min(start.x, end.x) - reach...max(start.x, end.x) + reach, y: min(start.y, end.y) - reach...max(start.y, end.y) + reach
            ) { pixel, x, y in
                let (px, py) = (x - start.x, y - start.y)
                let along = (px * dx + py * dy) * inverse
                guard along > -overlap, along < 1 + overlap else { return }
                let share = max(0, min(1, along))
                let thickness = start.half + (end.half - start.half) * share
                let half = max(thickness, thinnest)
                let across = abs(px * dy - py * dx) / (length * half)
                guard across < 1 else { return }
                let value = (start.value + (end.value - start.value) * share) * (thickness / half) * profile(across)
                if value > pixel { pixel = value }
            }
        }
    }
}

/// 0 below `low`, 1 above `high`, smooth between (cubic).
@inline(__always)
func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let share = max(0, min(1, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)
}

/// The larger of two values, rounded over where they differ by less than `blend`.
@inline(__always)
func smoothMaximum(_ a: Float, _ b: Float, _ blend: Float) -> Float {
    let near = max(0, blend - abs(a - b)) / blend
    return max(a, b) + near * near * blend * 0.25
}
