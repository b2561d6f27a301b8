import Geometry

/// Where texts stand on an image: each inside it and over no other.
struct TextPlaces {
    private let columns: Double
    private let rows: Double
    private let height: Double
    private var taken: [Box] = []

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (Double(columns), Double(rows))
        height = max(1, min(Double(rows), max(12, Double(max(columns, rows)) / 45).rounded()))
    }

    /// Along the image's lower edge.
    var notice: Box { Box(x0: 0, y0: rows - height, x1: columns, y1: rows) }

    /// Above the box, or below its upper edge where there is no room; further down where another text stands.
    mutating func place(for box: Box, characters: Int) -> Box {
        let width = min(columns, Double(max(characters, 4)) * height * 0.7)
        let x = max(0, min(box.x, columns - width))
        var y = box.y >= height ? box.y - height : min(box.y, rows - height)
        var place = Box(x: x, y: y, width: width, height: height)
        // Not for ever: an image full of texts has no free place.
        for _ in 0...taken.count where taken.contains(where: { !$0.intersection(place).isEmpty }) {
            y = y + 2 * height <= rows ? y + height : 0
            place.y = y
        }
        taken.append(place)
        return place
    }
}
