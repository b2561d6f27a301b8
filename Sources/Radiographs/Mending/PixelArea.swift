/// Whole pixels of an image: a rectangle of columns and rows.
public struct PixelArea: Hashable, Sendable {
    /// First column.
    public var x: Int
    /// First row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) { (self.x, self.y, self.width, self.height) = (x, y, width, height) }

    /// Pixels.
    public var count: Int { width * height }

    func clipped(toWidth columns: Int, height rows: Int) -> PixelArea {
        let (left, top) = (min(max(0, x), columns), min(max(0, y), rows))
        return PixelArea(
            x: left, y: top, width: max(0, min(columns, x + width) - left), height: max(0, min(rows, y + height) - top))
    }
}
