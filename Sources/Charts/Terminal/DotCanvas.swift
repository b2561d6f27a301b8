/// Dots in the cells of a terminal: two across and four down in each, as Unicode's Braille patterns have them (U+2800 to U+28FF).
struct DotCanvas {
    /// In cells.
    let width: Int
    let height: Int
    /// Eight dots a cell, by row.
    private var cells: [UInt8]
    /// Which curve drew in a cell last; -1 for none.
    private(set) var owners: [Int]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        cells = Array(repeating: 0, count: width * height)
        owners = Array(repeating: -1, count: width * height)
    }

    /// In dots.
    var dotWidth: Int { width * 2 }
    var dotHeight: Int { height * 4 }

    /// Bits of the dots of a cell, row by row, left and right (The Unicode Standard, chapter 21.1: dots 1 to 3 and 7 on the left, 4 to 6
    /// and 8 on the right).
    private static let bits: [(left: UInt8, right: UInt8)] = [(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)]

    mutating func set(_ x: Int, _ y: Int, owner: Int) {
        guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
        let cell = y / 4 * width + x / 2
        let pair = Self.bits[y % 4]
        cells[cell] |= x % 2 == 0 ? pair.left : pair.right
        owners[cell] = owner
    }

    /// A line of dots (Bresenham, IBM Systems Journal 1965).
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
        let (across, down) = (abs(end.x - start.x), -abs(end.y - start.y))
        let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
        var (x, y, error) = (start.x, start.y, across + down)
        while true {
            set(x, y, owner: owner)
            if x == end.x, y == end.y { return }
            let double = 2 * error
            if double >= down {
                error += down
                x += stepX
            }
            if double <= across {
                error += across
                y += stepY
            }
        }
    }

    /// A cell's character; a space where it has no dot.
    func character(row: Int, column: Int) -> Character {
        let cell = cells[row * width + column]
        guard cell != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(cell)) else { return " " }
        return Character(scalar)
    }
}
