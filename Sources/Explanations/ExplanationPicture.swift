import Findings
import Foundation
import Geometry
import Radiographs

/// A map laid over its image, with the box, the scale of the colours and the sentence that tells what the map is worth, as a PNG.
public struct ExplanationPicture {
    private let map: ExplanationMap
    private let plane: ImagePlane
    private let box: Box
    private let words: [String]
    private let findingClass: FindingClass

    /// Pixels of the strip below the image.
    private static let strip = 74

    /// - Parameters:
    ///   - plane: Where the map lies in the image.
    ///   - box: In pixels of the original image.
    ///   - words: Lines below the image.
    public init(_ map: ExplanationMap, in plane: ImagePlane, box: Box, findingClass: FindingClass, words: [String]) {
        (self.map, self.plane, self.box, self.findingClass, self.words) = (map, plane, box, findingClass, words)
    }

    /// - Parameter side: Pixels of the image's longer side.
    /// - Throws: `RadiographError`.
    public func png(over image: PixelImage, side: Int = 640) throws -> Data {
        let scale = Double(side) / Double(max(image.width, image.height))
        let (width, height) = (
            max(1, Int((Double(image.width) * scale).rounded())), max(1, Int((Double(image.height) * scale).rounded()))
        )
        let grey = image.eightBitGrey(width: width, height: height)
        var colours = [UInt32](repeating: 0, count: width * height)
        // The map's pixel under each of the picture's, -1 beside the map.
        func places(_ count: Int, _ origin: Double, _ size: Int) -> [Int] {
            (0..<count).map { pixel in
                let place = ((Double(pixel) + 0.5) / scale - origin) * plane.scale
                return place > -1 && place < Double(size) + 1 ? max(0, min(size - 1, Int(place))) : -1
            }
        }
        let (columns, rows) = (places(width, plane.originX, map.width), places(height, plane.originY, map.height))
        for row in 0..<height {
            for column in 0..<width {
                let isOnMap = rows[row] >= 0 && columns[column] >= 0
                let value = isOnMap ? map.values[rows[row] * map.width + columns[column]] : 0
                colours[row * width + column] = MapColours.mixed(grey: grey[row * width + column], value: value)
            }
        }
        let canvas = try DrawingCanvas(width: max(width, 420), height: height + Self.strip)
        try canvas.place(colours: colours, width: width, height: height, x: 0, y: 0)
        canvas.set(FindingPalette.colour(of: findingClass))
        canvas.stroke(
            Box(x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale), lineWidth: 2, dash: [6, 4])
        let white = FindingPalette.Colour(0xFFFFFF)
        canvas.setFont(size: 12, bold: false)
        canvas.set(white)
        for (line, text) in words.prefix(2).enumerated() { canvas.write(text, x: 8, y: Double(height + 18 + 17 * line)) }
        // The scale: every value's colour over a middle grey.
        let (bar, top) = (200, height + 46)
        let ramp = (0..<10 * bar).map { MapColours.mixed(grey: 96, value: 2 * Float($0 % bar) / Float(bar - 1) - 1) }
        try canvas.place(colours: ramp, width: bar, height: 10, x: 8, y: top)
        canvas.set(white)
        canvas.setFont(size: 10, bold: false)
        let unit = map.kind == .score ? "score" : "share of the score that the place is worth"
        canvas.write("-1", x: 8, y: Double(top + 21))
        canvas.write("0", x: 8 + Double(bar) / 2 - 3, y: Double(top + 21))
        canvas.write("1", x: 8 + Double(bar) - 6, y: Double(top + 21))
        canvas.write(unit, x: Double(bar) + 18, y: Double(top + 9))
        canvas.write(String(Notice.researchUseOnly.prefix { $0 != ";" }), x: Double(bar) + 18, y: Double(top + 21))
        return try canvas.png()
    }
}
