import Findings
import Foundation

/// Several radiographs side by side with their boxes, for documents.
public struct PictureSheet: Sendable {
    /// One radiograph of the sheet.
    public struct Tile: Sendable {
        public var pixels: PixelImage
        /// In pixels of the radiograph.
        public var boxes: [AnnotatedPicture.Truth]
        /// In the tile's corner; empty for none.
        public var title: String

        public init(pixels: PixelImage, boxes: [AnnotatedPicture.Truth], title: String = "") {
            self.pixels = pixels
            self.boxes = boxes
            self.title = title
        }
    }

    let tiles: [Tile]
    let columns: Int
    let side: Int

    /// - Parameters:
    ///   - columns: Tiles in a row.
    ///   - side: Width and height of a tile in pixels; radiographs of another shape are stretched.
    public init(tiles: [Tile], columns: Int, side: Int) {
        self.tiles = tiles
        self.columns = max(1, columns)
        self.side = max(16, min(4_096, side))
    }

    /// An RGB PNG. Greys have 64 steps, which no eye tells from 256 in noise and which take half the room.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func png() throws -> Data {
        let rows = (tiles.count + columns - 1) / columns
        let canvas = try DrawingCanvas(width: columns * side, height: max(1, rows) * side)
        for (index, tile) in tiles.enumerated() {
            let grey = tile.pixels.eightBitGrey(width: side, height: side).map { min(255, ($0 &>> 2) &* 4 &+ $0 &>> 6) }
            try canvas.place(grey: grey, width: side, height: side, x: index % columns * side, y: index / columns * side)
        }
        for (index, tile) in tiles.enumerated() {
            draw(tile, on: canvas, left: Double(index % columns * side), top: Double(index / columns * side))
        }
        return try canvas.png()
    }

    private func draw(_ tile: Tile, on canvas: DrawingCanvas, left: Double, top: Double) {
        let lineWidth = max(1, Double(side) / 200)
        let (across, down) = (Double(side) / Double(tile.pixels.width), Double(side) / Double(tile.pixels.height))
        let boxes = tile.boxes.map {
            Box(x: $0.box.x * across, y: $0.box.y * down, width: $0.box.width * across, height: $0.box.height * down)
        }
        for (truth, box) in zip(tile.boxes, boxes) {
            canvas.set(FindingPalette.colour(of: truth.findingClass))
            canvas.stroke(Box(x: left + box.x, y: top + box.y, width: box.width, height: box.height), lineWidth: lineWidth)
        }
        canvas.setFont(size: max(9, Double(side) / 22), bold: true)
        let (ascent, descent) = canvas.fontReach
        var layout = LabelLayout(width: Double(side), height: Double(side), boxes: boxes)
        for (truth, box) in zip(tile.boxes, boxes) {
            let name = truth.findingClass.name
            let plate = layout.place(width: canvas.width(of: name) + 4, height: ascent + descent, for: box)
            canvas.set(FindingPalette.Colour(0x000000), opacity: 0.6)
            canvas.fill(Box(x: left + plate.x, y: top + plate.y, width: plate.width, height: plate.height))
            let colour = FindingPalette.colour(of: truth.findingClass)
            canvas.set(colour.takesBlackText ? colour : FindingPalette.Colour(0xFFFFFF))
            canvas.write(name, x: left + plate.x + 2, y: top + plate.y + ascent)
        }
        canvas.set(FindingPalette.Colour(0xFFFFFF))
        canvas.write(tile.title, x: left + 4, y: top + Double(side) - 4 - descent)
    }
}
