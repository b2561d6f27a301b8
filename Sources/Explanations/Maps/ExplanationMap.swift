import Foundation
import Geometry

/// A map over an image: how much each place matters to one finding.
public struct ExplanationMap: Hashable, Sendable {
    /// How a map is made.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        /// The class's scores at the places of the raw boxes; no extra run.
        case score = "score_map"
        /// The share of the score that hiding a place costs; 60 to 120 runs.
        case occlusion
        /// The same from random masks (D-RISE); 800 runs and more, for audits.
        case randomMasks = "random_masks"
        /// A Gaussian drawn on the box, which knows nothing of the network: the control.
        case boxGaussian = "box_gaussian"

        /// What a person calls it.
        public var title: String {
            switch self {
            case .score: "score map"
            case .occlusion: "occlusion map"
            case .randomMasks: "map of random masks"
            case .boxGaussian: "Gaussian on the box"
            }
        }
    }

    public var kind: Kind
    /// Columns, plane pixels (`ImagePlane`).
    public let width: Int
    /// Rows.
    public let height: Int
    /// [height * width], row-major. Of a score map the score, 0...1; of the others the share of the finding's score that the place is worth,
    /// which is below 0 where hiding the place raises the score.
    public var values: [Float]

    /// - Precondition: `values.count == width * height`.
    public init(kind: Kind, width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height)
        (self.kind, self.width, self.height, self.values) = (kind, width, height, values)
    }

    /// The map of the image turned clockwise.
    /// - Parameter quarterTurns: Of 90 degrees; any number.
    public func turned(quarterTurns: Int) -> ExplanationMap {
        let turns = ((quarterTurns % 4) + 4) % 4
        guard turns > 0 else { return self }
        let (columns, rows) = turns == 2 ? (width, height) : (height, width)
        var turned = [Float](repeating: 0, count: values.count)
        for row in 0..<height {
            for column in 0..<width {
                let place =
                    switch turns {
                    case 1: column * columns + columns - 1 - row
                    case 2: (rows - 1 - row) * columns + columns - 1 - column
                    default: (rows - 1 - column) * columns + row
                    }
                turned[place] = values[row * width + column]
            }
        }
        return ExplanationMap(kind: kind, width: columns, height: rows, values: turned)
    }

    /// Pixels on a side of a cell, so that the longer side has at most `side` cells.
    public func step(for side: Int) -> Int { max(1, (max(width, height) + side - 1) / max(1, side)) }

    /// The means of cells, so that the longer side has at most `side` of them.
    public func reduced(to side: Int) -> ExplanationMap {
        let step = step(for: side)
        guard step > 1 else { return self }
        let (columns, rows) = ((width + step - 1) / step, (height + step - 1) / step)
        var cells = [Float](repeating: 0, count: columns * rows)
        var counts = [Float](repeating: 0, count: columns * rows)
        for row in 0..<height {
            for column in 0..<width {
                let cell = row / step * columns + column / step
                cells[cell] += values[row * width + column]
                counts[cell] += 1
            }
        }
        return ExplanationMap(kind: kind, width: columns, height: rows, values: zip(cells, counts).map { $0 / $1 })
    }

    /// Plane pixels from the hottest to the coldest; of equals the first first, so that the order is the same everywhere.
    public var order: [Int32] {
        // As whole numbers, which are sorted several times as fast: the value turned over above, the pixel below.
        values.enumerated().map { place, value in
            let bits = (value == 0 ? 0 : value).bitPattern
            let rising = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
            return UInt64(~rising) << 32 | UInt64(place)
        }.sorted().map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
    }

    /// Shares of the map's positive part that lie inside a box of plane pixels (the energy-based pointing game, Wang et al., CVPRW 2020).
    public func energy(inside box: Box) -> Double {
        var (inside, all) = (0.0, 0.0)
        for row in 0..<height {
            for column in 0..<width {
                let value = Double(max(0, values[row * width + column]))
                all += value
                let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
                if x >= box.x, x < box.maxX, y >= box.y, y < box.maxY { inside += value }
            }
        }
        return all > 0 ? inside / all : 0
    }

    /// The control: the order of a Gaussian on a box of plane pixels whose deviations are as the box's sides, 1 in the middle.
    ///
    /// Only the order of its pixels counts. 1 / (1 + d²/2) has that of exp(-d²/2), and is not rounded to 0 far away.
    public static func gaussian(on box: Box, plane: ImagePlane) -> ExplanationMap {
        let (across, down) = (max(1, box.width / 4), max(1, box.height / 4))
        let columns = (0..<plane.width).map { -0.5 * pow((Double($0) + 0.5 - box.centerX) / across, 2) }
        let rows = (0..<plane.height).map { -0.5 * pow((Double($0) + 0.5 - box.centerY) / down, 2) }
        var values = [Float]()
        values.reserveCapacity(plane.count)
        for row in rows {
            for column in columns { values.append(Float(1 / (1 - (row + column)))) }
        }
        return ExplanationMap(kind: .boxGaussian, width: plane.width, height: plane.height, values: values)
    }
}
