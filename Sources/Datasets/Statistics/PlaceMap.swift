import Findings
import Geometry

/// How much each place of the image is covered by boxes, on a grid over images of any size.
public struct PlaceMap: Hashable, Sendable {
    /// Rows and columns of the grid.
    public static let side = 32

    /// Boxes that were added.
    public private(set) var count = 0
    private var sums = [Double](repeating: 0, count: side * side)

    public init() {}

    /// - Parameter box: In fractions of the image's width and height; what is outside is left out.
    public mutating func add(_ box: Box) {
        count += 1
        let side = Double(Self.side)
        let clipped = box.clipped(toWidth: 1, height: 1)
        guard !clipped.isEmpty else { return }
        let cells = Box(x: clipped.x * side, y: clipped.y * side, width: clipped.width * side, height: clipped.height * side)
        for row in Int(cells.y)...min(Self.side - 1, Int(cells.maxY)) {
            let vertical = max(0, min(cells.maxY, Double(row + 1)) - max(cells.y, Double(row)))
            for column in Int(cells.x)...min(Self.side - 1, Int(cells.maxX)) {
                let horizontal = max(0, min(cells.maxX, Double(column + 1)) - max(cells.x, Double(column)))
                sums[row * Self.side + column] += vertical * horizontal
            }
        }
    }

    /// Share of the boxes that cover a cell, 0 to 1; `side * side` values, row-major.
    public var coverage: [Double] { sums.map { count > 0 ? min(1, $0 / Double(count)) : 0 } }
}
