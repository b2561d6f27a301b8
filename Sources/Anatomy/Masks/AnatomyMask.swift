import Geometry
import Radiographs

/// One structure on the grid of a network's input: where it is, in one piece.
package struct AnatomyMask: Sendable {
    /// Columns and rows of the grid.
    package let side: Int
    /// The largest piece, row-major.
    package let isInside: [Bool]
    /// Pixels of the largest piece.
    package let area: Int
    /// Pixels of all pieces.
    package let wholeArea: Int

    /// - Parameters:
    ///   - values: [side, side] in 0...1.
    ///   - frame: Which columns and rows show the image; what lies outside is no part of it.
    package init(_ values: some Collection<Float>, side: Int, frame: GridFrame) {
        self.side = side
        var all = [Bool](repeating: false, count: side * side)
        for (index, value) in values.enumerated() where value >= 0.5 {
            all[index] = frame.columns.contains(index % side) && frame.rows.contains(index / side)
        }
        wholeArea = all.count { $0 }
        isInside = Self.largestPiece(all, side: side)
        area = isInside.count { $0 }
    }

    /// Share of the largest piece in the whole; 0 where there is none.
    package var wholeness: Double { wholeArea > 0 ? Double(area) / Double(wholeArea) : 0 }

    /// Rows that have some of it; `nil` where there is none.
    package var rows: ClosedRange<Int>? {
        guard let first = isInside.firstIndex(of: true), let last = isInside.lastIndex(of: true) else { return nil }
        return first / side...last / side
    }

    /// The first and the last column of it in a row; `nil` where there is none.
    package func columns(row: Int) -> ClosedRange<Int>? {
        let line = isInside[row * side..<(row + 1) * side]
        guard let first = line.firstIndex(of: true), let last = line.lastIndex(of: true) else { return nil }
        return first - row * side...last - row * side
    }

    /// 2 |A ∩ B| / (|A| + |B|); 0 where both are empty.
    package func dice(_ other: AnatomyMask) -> Double {
        let common = zip(isInside, other.isInside).count { $0 && $1 }
        let sum = area + other.area
        return sum > 0 ? 2 * Double(common) / Double(sum) : 0
    }

    /// The largest piece whose pixels touch along their sides; of equal ones the first from the top.
    private static func largestPiece(_ all: [Bool], side: Int) -> [Bool] {
        var label = [Int32](repeating: 0, count: all.count)
        var (best, bestCount, next) = (Int32(0), 0, Int32(0))
        var stack: [Int] = []
        for start in all.indices where all[start] && label[start] == 0 {
            next += 1
            var count = 0
            label[start] = next
            stack.append(start)
            while let index = stack.popLast() {
                count += 1
                let column = index % side
                let beside = [
                    column > 0 ? index - 1 : -1, column < side - 1 ? index + 1 : -1, index - side,
                    index + side < all.count ? index + side : -1,
                ]
                for other in beside where other >= 0 && all[other] && label[other] == 0 {
                    label[other] = next
                    stack.append(other)
                }
            }
            if count > bestCount { (best, bestCount) = (next, count) }
        }
        return bestCount > 0 ? label.map { $0 == best } : all
    }
}

/// The columns and rows of a network's input that show the image; the letterbox's bands are not among them.
package struct GridFrame: Hashable, Sendable {
    package var columns: Range<Int>
    package var rows: Range<Int>

    package init(columns: Range<Int>, rows: Range<Int>) { (self.columns, self.rows) = (columns, rows) }

    /// Pixels whose middles lie on the image.
    package init(_ maps: StructureMaps) {
        let (x, y, side) = (maps.transform.offsetX, maps.transform.offsetY, Double(maps.side))
        func range(_ offset: Double) -> Range<Int> {
            let first = max(0, Int((offset - 0.5).rounded(.up)))
            let last = min(maps.side, Int((side - offset + 0.5).rounded(.down)))
            return first..<max(first, last)
        }
        (columns, rows) = (range(x), range(y))
    }

    package var area: Int { columns.count * rows.count }
}
