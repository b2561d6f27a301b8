import Findings

/// A square of values being painted, in a unit frame: x and y run from 0 to 1, right and down.
struct PhantomField {
    let side: Int
    /// [side, side], row-major.
    var values: [Float]

    init(side: Int) {
        self.side = side
        values = [Float](repeating: 0, count: side * side)
    }

    /// Sets every value from its place.
    mutating func fill(_ value: (_ x: Float, _ y: Float) -> Float) {
        let step = 1 / Float(side)
        values.withUnsafeMutableBufferPointer { target in
            for row in 0..<side {
                let y = (Float(row) + 0.5) * step
                for column in 0..<side { target[row * side + column] = value((Float(column) + 0.5) * step, y) }
            }
        }
    }

    /// Adds to each column of a band around a curve.
    /// - Parameters:
    ///   - columns: Where the curve runs, in the unit frame.
    ///   - curve: Its middle and half its thickness at an x.
    ///   - profile: What is added at -1 (upper edge) to 1 (lower edge).
    mutating func addBand(columns: ClosedRange<Float>, curve: (Float) -> (y: Float, half: Float), profile: (Float) -> Float) {
        let size = Float(side)
        let first = max(0, Int(columns.lowerBound * size))
        let last = min(side - 1, Int(columns.upperBound * size))
        guard first <= last else { return }
        values.withUnsafeMutableBufferPointer { target in
            for column in first...last {
                let (y, half) = curve((Float(column) + 0.5) / size)
                let top = max(0, Int((y - half) * size))
                let bottom = min(side - 1, Int((y + half) * size) + 1)
                guard half > 0, top <= bottom else { continue }
                for row in top...bottom {
                    let place = ((Float(row) + 0.5) / size - y) / half
                    if abs(place) < 1 { target[row * side + column] += profile(place) }
                }
            }
        }
    }

    /// Adds a soft round spot.
    mutating func addSpot(x: Float, y: Float, radius: Float, value: Float) {
        let size = Float(side)
        let reach = radius * 2
        let rows = max(0, Int((y - reach) * size))..<max(max(0, Int((y - reach) * size)), min(side, Int((y + reach) * size) + 1))
        let columns = max(0, Int((x - reach) * size))..<max(max(0, Int((x - reach) * size)), min(side, Int((x + reach) * size) + 1))
        values.withUnsafeMutableBufferPointer { target in
            for row in rows {
                let dy = (Float(row) + 0.5) / size - y
                for column in columns {
                    let dx = (Float(column) + 0.5) / size - x
                    let distance = (dx * dx + dy * dy) / (reach * reach)
                    if distance < 1 { target[row * side + column] += value * (1 - distance) * (1 - distance) }
                }
            }
        }
    }

    /// The smallest box around all values above `threshold`, in pixels; `nil` where there are none.
    func box(above threshold: Float) -> Box? {
        var (left, top, right, bottom) = (side, side, -1, -1)
        values.withUnsafeBufferPointer { source in
            for row in 0..<side {
                for column in 0..<side where source[row * side + column] > threshold {
                    left = min(left, column)
                    right = max(right, column)
                    top = min(top, row)
                    bottom = row
                }
            }
        }
        guard right >= left, bottom >= top else { return nil }
        return Box(x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
    }
}

/// 0 below `low`, 1 above `high`, smooth between (cubic).
func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let share = max(0, min(1, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)
}

/// Smooth random values in -1...1: a coarse grid, interpolated (value noise).
struct PhantomNoise {
    private let cells: Int
    private let grid: [Float]

    init(cells: Int, _ random: inout SeededGenerator) {
        self.cells = cells
        var grid: [Float] = []
        for _ in 0..<(cells + 2) * (cells + 2) { grid.append(Float(random.uniform(-1...1))) }
        self.grid = grid
    }

    func callAsFunction(_ x: Float, _ y: Float) -> Float {
        let (px, py) = (max(0, min(0.9999, x)) * Float(cells), max(0, min(0.9999, y)) * Float(cells))
        let (column, row) = (Int(px), Int(py))
        let (fx, fy) = (smoothStep(0, 1, px - Float(column)), smoothStep(0, 1, py - Float(row)))
        return grid.withUnsafeBufferPointer { grid in
            let start = row * (cells + 2) + column
            let top = grid[start] + (grid[start + 1] - grid[start]) * fx
            let bottom = grid[start + cells + 2] + (grid[start + cells + 3] - grid[start + cells + 2]) * fx
            return top + (bottom - top) * fy
        }
    }
}
