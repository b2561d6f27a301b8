import Findings
import Geometry

/// A rectangle of whole pixels of the network's input.
package struct PixelRectangle: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) { (self.x, self.y, self.width, self.height) = (x, y, width, height) }

    package var box: Box { Box(x: Double(x), y: Double(y), width: Double(width), height: Double(height)) }
}

extension Box {
    /// How much of the box lies under none of some rectangles, in square pixels.
    func areaOutside(_ rectangles: [PixelRectangle]) -> Double {
        let covers = rectangles.map { intersection($0.box) }.filter { !$0.isEmpty }
        guard !covers.isEmpty else { return area }
        // Each cell between all edges is either covered as a whole or not at all.
        let columns = Set(covers.flatMap { [$0.x, $0.maxX] } + [x, maxX]).sorted()
        let rows = Set(covers.flatMap { [$0.y, $0.maxY] } + [y, maxY]).sorted()
        var result = 0.0
        for (top, bottom) in zip(rows, rows.dropFirst()) {
            for (left, right) in zip(columns, columns.dropFirst()) {
                let (middleX, middleY) = ((left + right) / 2, (top + bottom) / 2)
                let isCovered = covers.contains { $0.x < middleX && middleX < $0.maxX && $0.y < middleY && middleY < $0.maxY }
                if !isCovered { result += (right - left) * (bottom - top) }
            }
        }
        return result
    }
}
