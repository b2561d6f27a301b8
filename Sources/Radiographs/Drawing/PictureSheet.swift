import Findings
import Foundation
import Geometry

/// Several radiographs side by side with their boxes, for documents and for the folder of a training.
public struct PictureSheet: Sendable {
    /// A box with its name, and its score where a model drew it.
    public struct Mark: Hashable, Sendable {
        /// In pixels of the radiograph.
        public var box: Box
        public var findingClass: FindingClass
        /// 0 to 1; absent for a box that a person drew.
        public var score: Double?

        public init(box: Box, findingClass: FindingClass, score: Double? = nil) {
            self.box = box
            self.findingClass = findingClass
            self.score = score
        }

        var text: String { score.map { "\(findingClass.name) \(AnnotatedPicture.twoDecimals($0))" } ?? findingClass.name }
    }

    /// One radiograph of the sheet.
    public struct Tile: Sendable {
        public var pixels: PixelImage
        /// The first lie on top.
        public var marks: [Mark]
        /// In the tile's corner; empty for none.
        public var title: String

        public init(pixels: PixelImage, marks: [Mark], title: String = "") {
            self.pixels = pixels
            self.marks = marks
            self.title = title
        }

        public init(pixels: PixelImage, boxes: [AnnotatedPicture.Truth], title: String = "") {
            self.init(pixels: pixels, marks: boxes.map { Mark(box: $0.box, findingClass: $0.findingClass) }, title: title)
        }
    }

    let tiles: [Tile]
    let columns: Int
    let side: Int
    let keepsShape: Bool
    let hasNotice: Bool

    /// - Parameters:
    ///   - columns: Tiles in a row.
    ///   - side: Width and height of a tile in pixels.
    ///   - keepsShape: Whether radiographs that are not square stand in the middle of a black tile; they are stretched otherwise.
    ///   - hasNotice: Whether a strip below says what the sheet is for.
    public init(tiles: [Tile], columns: Int, side: Int, keepsShape: Bool = false, hasNotice: Bool = false) {
        self.tiles = tiles
        self.columns = max(1, columns)
        self.side = max(16, min(4_096, side))
        self.keepsShape = keepsShape
        self.hasNotice = hasNotice
    }

    /// An RGB PNG. Greys have 64 steps, which no eye tells from 256 in noise and which take half the room.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func png() throws -> Data { try canvas { min(255, ($0 &>> 2) &* 4 &+ $0 &>> 6) }.png() }

    /// - Parameter quality: 1 to 100.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func jpeg(quality: Int = 88) throws -> Data { try canvas { $0 }.jpeg(quality: quality) }

    private func canvas(grey change: (UInt8) -> UInt8) throws -> DrawingCanvas {
        let rows = max(1, (tiles.count + columns - 1) / columns)
        let stripHeight = hasNotice ? max(18, side / 16) : 0
        let canvas = try DrawingCanvas(width: columns * side, height: rows * side + stripHeight)
        let places = tiles.enumerated().map { index, tile in
            Place(tile.pixels, left: index % columns * side, top: index / columns * side, side: side, keepsShape: keepsShape)
        }
        for (tile, place) in zip(tiles, places) {
            let grey = tile.pixels.eightBitGrey(width: place.width, height: place.height).map(change)
            try canvas.place(grey: grey, width: place.width, height: place.height, x: place.x, y: place.y)
        }
        for (tile, place) in zip(tiles, places) { canvas.clipped(to: place.tile) { draw(tile, place, on: canvas) } }
        if hasNotice { drawNotice(height: Double(stripHeight), on: canvas) }
        return canvas
    }

    /// Where a radiograph lies on the sheet, in its pixels.
    private struct Place {
        let tile: Box
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let scale: (x: Double, y: Double)

        init(_ pixels: PixelImage, left: Int, top: Int, side: Int, keepsShape: Bool) {
            tile = Box(x: Double(left), y: Double(top), width: Double(side), height: Double(side))
            let share = keepsShape ? Double(side) / Double(max(pixels.width, pixels.height)) : 0
            width = keepsShape ? max(1, min(side, Int((Double(pixels.width) * share).rounded()))) : side
            height = keepsShape ? max(1, min(side, Int((Double(pixels.height) * share).rounded()))) : side
            x = left + (side - width) / 2
            y = top + (side - height) / 2
            scale = (Double(width) / Double(pixels.width), Double(height) / Double(pixels.height))
        }

        /// From the radiograph to the tile's own corner.
        func inTile(_ box: Box) -> Box {
            Box(
                x: Double(x) - tile.x + box.x * scale.x, y: Double(y) - tile.y + box.y * scale.y, width: box.width * scale.x,
                height: box.height * scale.y)
        }
    }

    private func draw(_ tile: Tile, _ place: Place, on canvas: DrawingCanvas) {
        let lineWidth = max(1, Double(side) / 200)
        let (left, top) = (place.tile.x, place.tile.y)
        let shown = tile.marks.compactMap { mark -> (mark: Mark, box: Box)? in
            let inside = mark.box.clipped(toWidth: Double(tile.pixels.width), height: Double(tile.pixels.height))
            return inside.isEmpty || !inside.x.isFinite || !inside.y.isFinite ? nil : (mark, place.inTile(inside))
        }
        for (mark, box) in shown.reversed() {
            canvas.set(FindingPalette.colour(of: mark.findingClass))
            canvas.stroke(Box(x: left + box.x, y: top + box.y, width: box.width, height: box.height), lineWidth: lineWidth)
        }
        canvas.setFont(size: max(9, Double(side) / 22), bold: true)
        let (ascent, descent) = canvas.fontReach
        var layout = LabelLayout(width: Double(side), height: Double(side), boxes: shown.map(\.box))
        for (mark, box) in shown {
            let plate = layout.place(width: canvas.width(of: mark.text) + 4, height: ascent + descent, for: box)
            canvas.set(FindingPalette.Colour(0x000000), opacity: 0.6)
            canvas.fill(Box(x: left + plate.x, y: top + plate.y, width: plate.width, height: plate.height))
            let colour = FindingPalette.colour(of: mark.findingClass)
            canvas.set(colour.takesBlackText ? colour : FindingPalette.Colour(0xFFFFFF))
            canvas.write(mark.text, x: left + plate.x + 2, y: top + plate.y + ascent)
        }
        canvas.set(FindingPalette.Colour(0xFFFFFF))
        canvas.write(tile.title, x: left + 4, y: top + Double(side) - 4 - descent)
    }

    private func drawNotice(height: Double, on canvas: DrawingCanvas) {
        canvas.set(FindingPalette.Colour(0x202020))
        let (top, width) = (Double(canvas.height) - height, Double(canvas.width))
        canvas.fill(Box(x: 0, y: top, width: width, height: height))
        var size = height * 0.6
        canvas.setFont(size: size, bold: false)
        // Never cut off: smaller on a narrow sheet.
        size *= min(1, width * 0.96 / canvas.width(of: Notice.banner))
        canvas.setFont(size: size, bold: false)
        canvas.set(FindingPalette.Colour(0xFFFFFF))
        canvas.write(Notice.banner, x: (width - canvas.width(of: Notice.banner)) / 2, y: top + height / 2 + size * 0.36)
    }
}
