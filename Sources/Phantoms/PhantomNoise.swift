import Basics
import Findings

/// Smooth random values in -1...1: a coarse grid of random numbers, interpolated (value noise, K. Perlin 1985).
struct PhantomNoise: Sendable {
    private let cells: Int
    private let scale: Float
    private let grid: [Float]

    /// - Parameters:
    ///   - cell: Size of a grid cell in centimetres, about that of a blob.
    ///   - width: Of the picture, in centimetres.
    init(cell: Float, width: Float, _ random: inout SeededGenerator) {
        cells = max(1, Int((width / cell).rounded(.up)))
        scale = 1 / cell
        let side = cells + 2
        var grid: [Float] = []
        grid.reserveCapacity(side * side)
        for _ in 0..<side * side { grid.append(Float(random.next() >> 40) * (2 / Float(1 << 24)) - 1) }
        self.grid = grid
    }

    /// Places outside the picture get the value at its edge.
    @inline(__always)
    func callAsFunction(_ x: Float, _ y: Float) -> Float {
        let limit = Float(cells) + 0.999
        let (px, py) = (max(0, min(limit, x * scale)), max(0, min(limit, y * scale)))
        let (column, row) = (min(Int(px), cells), min(Int(py), cells))
        var (fx, fy) = (px - Float(column), py - Float(row))
        fx = fx * fx * (3 - 2 * fx)
        fy = fy * fy * (3 - 2 * fy)
        return grid.withUnsafeBufferPointer { grid in
            let start = row * (cells + 2) + column
            let below = start + cells + 2
            let top = grid[start] + (grid[start + 1] - grid[start]) * fx
            let bottom = grid[below] + (grid[below + 1] - grid[below]) * fx
            return top + (bottom - top) * fy
        }
    }
}
