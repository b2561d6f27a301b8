import Foundation

/// Where an ultrasound picture shows its sector, and how much is burnt in around it.
///
/// The machine writes the patient's name, the time and its settings into the picture's black margin, so whatever lies outside the sector
/// may name somebody. The sector is the largest connected area that is not black on a grid of `cells` cells along the longer side; its convex
/// hull takes what is dark inside it along. Letters are small areas of their own and stay outside.
public struct UltrasoundSector: Hashable, Sendable {
    /// Columns of the grid.
    let columns: Int
    /// Rows of the grid.
    let rows: Int
    /// Pixels on a side of a cell.
    let cell: Int
    /// [rows * columns], true inside the sector.
    let mask: [Bool]
    /// Share of the picture that is not black and lies outside the sector, 0...1.
    public let burntInShare: Double
    /// Share of the picture that the sector takes, 0...1.
    public let share: Double

    private static let cells = 160
    /// A cell is not black from this share of full scale on, at its brightest.
    private static let black = 0.06

    /// From this share of the picture on, what is outside is told: a line of small letters.
    public static let tellingShare = 0.0005

    /// - Returns: `nil` where all of the picture is black.
    public init?(_ image: PixelImage) {
        let cell = max(1, (max(image.width, image.height) + Self.cells - 1) / Self.cells)
        let (columns, rows) = ((image.width + cell - 1) / cell, (image.height + cell - 1) / cell)
        let threshold = UInt16(Self.black * Double(image.maximum))
        var bright = [Int](repeating: 0, count: columns * rows)
        for row in 0..<image.height {
            for column in 0..<image.width where image.samples[row * image.width + column] > threshold {
                bright[row / cell * columns + column / cell] += 1
            }
        }
        guard let area = Self.largestArea(bright.map { $0 > 0 }, columns: columns, rows: rows) else { return nil }
        (self.columns, self.rows, self.cell) = (columns, rows, cell)
        let mask = Self.filledHull(area, columns: columns, rows: rows)
        let outside = bright.indices.reduce(0) { $0 + (mask[$1] ? 0 : bright[$1]) }
        self.mask = mask
        burntInShare = Double(outside) / Double(image.width * image.height)
        share = Double(mask.count { $0 }) / Double(mask.count)
    }

    /// Whether enough lies outside the sector to be letters.
    public var hasBurntInText: Bool { burntInShare >= Self.tellingShare }

    /// Whether a pixel lies in the sector.
    public func contains(row: Int, column: Int) -> Bool { mask[row / cell * columns + column / cell] }

    /// The cells of the largest area whose cells touch, at corners too.
    private static func largestArea(_ filled: [Bool], columns: Int, rows: Int) -> [Int]? {
        var (seen, best) = ([Bool](repeating: false, count: filled.count), [Int]())
        for start in filled.indices where filled[start] && !seen[start] {
            var (area, next) = ([start], 0)
            seen[start] = true
            while next < area.count {
                let (row, column) = (area[next] / columns, area[next] % columns)
                next += 1
                for y in max(0, row - 1)...min(rows - 1, row + 1) {
                    for x in max(0, column - 1)...min(columns - 1, column + 1) {
                        let place = y * columns + x
                        guard filled[place], !seen[place] else { continue }
                        seen[place] = true
                        area.append(place)
                    }
                }
            }
            if area.count > best.count { best = area }
        }
        return best.isEmpty ? nil : best
    }

    /// The convex hull of cells, filled (monotone chain: Andrew, Inf Process Lett 1979).
    private static func filledHull(_ area: [Int], columns: Int, rows: Int) -> [Bool] {
        // All four corners of each cell, so that a cell lies in its own hull.
        var points: [SIMD2<Int>] = []
        for (row, cells) in Dictionary(grouping: area, by: { $0 / columns }) {
            let ends = cells.map { $0 % columns }
            guard let first = ends.min(), let last = ends.max() else { continue }
            points += [SIMD2(first, row), SIMD2(first, row + 1), SIMD2(last + 1, row), SIMD2(last + 1, row + 1)]
        }
        points.sort { ($0.x, $0.y) < ($1.x, $1.y) }
        func chain(_ points: [SIMD2<Int>]) -> [SIMD2<Int>] {
            var chain: [SIMD2<Int>] = []
            for point in points {
                while chain.count > 1 {
                    let (a, b) = (chain[chain.count - 1] &- chain[chain.count - 2], point &- chain[chain.count - 1])
                    guard a.x * b.y - a.y * b.x <= 0 else { break }
                    chain.removeLast()
                }
                chain.append(point)
            }
            return Array(chain.dropLast())
        }
        let hull = chain(points) + chain(points.reversed())
        return (0..<rows * columns).map { place in
            let (x, y) = (Double(place % columns) + 0.5, Double(place / columns) + 0.5)
            return hull.indices.allSatisfy { index in
                let (a, b) = (hull[index], hull[(index + 1) % hull.count])
                return Double(b.x - a.x) * (y - Double(a.y)) - Double(b.y - a.y) * (x - Double(a.x)) >= 0
            }
        }
    }
}

extension PixelImage {
    /// The picture with black in place of all that lies outside the ultrasound's sector. Its size stays, and so do the places of boxes.
    public func sectorAlone() -> PixelImage {
        guard let sector = UltrasoundSector(self) else { return self }
        var result = self
        for row in 0..<height {
            for column in 0..<width where !sector.contains(row: row, column: column) { result.samples[row * width + column] = 0 }
        }
        return result
    }
}
