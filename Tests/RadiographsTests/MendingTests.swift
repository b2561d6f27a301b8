import Basics
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// What can be put right without guessing, and the way back of boxes.
@Suite struct MendingTests {
    private func numbered(_ width: Int, _ height: Int) -> PixelImage {
        PixelImage(width: width, height: height, bits: 16, samples: (0..<width * height).map { UInt16($0) })
    }

    /// By definition: clockwise, the pixel at (x, y) comes to (height - 1 - y, x).
    @Test(arguments: [0, 1, 2, 3, 4, -1]) func turningIsByDefinition(_ turns: Int) {
        let image = numbered(5, 3)
        let turned = image.turned(quarterTurns: turns)
        for y in 0..<3 {
            for x in 0..<5 {
                var (column, row, height, width) = (x, y, 3, 5)
                for _ in 0..<(turns + 4) % 4 { (column, row, height, width) = (height - 1 - row, column, width, height) }
                #expect(turned.width == width && turned.samples[row * width + column] == image.samples[y * 5 + x])
            }
        }
    }

    @Test func boxesTurnAsPixelsDoAndComeBack() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let (width, height) = (Int(random.uniform(20...60)), Int(random.uniform(20...60)))
            let (x, y) = (Int(random.uniform(0...Double(width - 8))), Int(random.uniform(0...Double(height - 8))))
            let box = Box(x: Double(x), y: Double(y), width: 5, height: 3)
            let image = DrawnPictures.rectangle(box, width: width, height: height)
            for turns in 0..<4 {
                let turned = MendedFrame.turned(box, width: width, height: height, quarterTurns: turns)
                let picture = image.turned(quarterTurns: turns)
                #expect(picture == DrawnPictures.rectangle(turned, width: picture.width, height: picture.height))
                let frame = MendedFrame(
                    x: 7, y: 2, width: width, height: height, quarterTurns: turns, imageWidth: width + 9, imageHeight: height + 9)
                #expect(frame.boxInOriginal(frame.boxInMended(box)) == box)
            }
        }
    }

    @Test func invertingTwiceChangesNothing() {
        let image = numbered(5, 3)
        #expect(image.inverted().samples.first == 65_535 && image.inverted().inverted() == image)
    }

    private func picture(left: Int, top: Int, right: Int, bottom: Int, border: UInt16, marker: Bool = false) -> PixelImage {
        var random = SeededGenerator(seed: 5)
        let (width, height) = (200 + left + right, 160 + top + bottom)
        let samples = (0..<width * height).map { place -> UInt16 in
            let (x, y) = (place % width, place / width)
            if marker, (2..<6).contains(x), (10..<16).contains(y) { return 200 }
            guard (left..<left + 200).contains(x), (top..<top + 160).contains(y) else { return border }
            return UInt16(random.uniform(40...220))
        }
        return PixelImage(width: width, height: height, bits: 8, samples: samples)
    }

    @Test(
        arguments: [(0, 0, 0, 0), (30, 20, 10, 40), (0, 25, 0, 25), (60, 0, 0, 0)],
        [(0, false), (255, false), (0, true)] as [(UInt16, Bool)])
    func aBorderIsFoundToThePixel(_ sides: (Int, Int, Int, Int), _ border: (UInt16, Bool)) {
        let image = picture(
            left: sides.0, top: sides.1, right: sides.2, bottom: sides.3, border: border.0, marker: border.1 && sides.0 > 20)
        let area = image.pictureArea(image.histogram())
        #expect(area == PixelArea(x: sides.0, y: sides.1, width: 200, height: 160))
    }

    @Test func anEvenImageHasNoBorder() {
        let flat = DrawnPictures.flat(width: 30, height: 20, grey: 9)
        #expect(flat.pictureArea(flat.histogram()) == PixelArea(x: 0, y: 0, width: 30, height: 20))
    }

    /// Whatever is mended, and at whatever reduction: a box found on the mended image lies where the bright place is in the original.
    @Test(arguments: [1, 2, 4], 0..<4) func aBoxOnTheMendedImageComesBack(_ reduction: Int, _ turns: Int) throws {
        let bright = Box(x: 96, y: 160, width: 64, height: 32)
        // 250 columns: the last block of four is not whole.
        let image = ReducedImage(DrawnPictures.rectangle(bright, width: 250, height: 330), covering: [264, 132, 66][reduction / 2])
        #expect(image.reduction == reduction)
        var mending = ImageMending()
        (mending.quarterTurns, mending.isInverted) = (turns, true)
        mending.area = PixelArea(x: 8 / reduction, y: 16 / reduction, width: image.pixels.width - 8 / reduction, height: 300 / reduction)
        let mended = mending.applied(to: image)
        let frame = mending.frame(of: image)
        #expect(mended.width == frame.turnedWidth && mended.height == frame.turnedHeight)
        let dark = mended.pixels.samples.indices.filter { mended.pixels.samples[$0] < 1_000 }
        let (columns, rows) = (dark.map { $0 % mended.pixels.width }, dark.map { $0 / mended.pixels.width })
        let (left, top) = (try #require(columns.min()), try #require(rows.min()))
        let (right, bottom) = (try #require(columns.max()), try #require(rows.max()))
        let scale = Double(reduction)
        let found = Box(
            x0: Double(left) * scale, y0: Double(top) * scale, x1: Double(right + 1) * scale, y1: Double(bottom + 1) * scale)
        #expect(frame.boxInOriginal(found) == bright)
    }

    @Test func degradationsAreTheSameForASeedAndBoxesComeBack() throws {
        let box = Box(x: 60, y: 40, width: 30, height: 50)
        let image = DrawnPictures.rectangle(box, width: 200, height: 150, bits: 8, ground: 60)
        #expect(ImageDegradation.all.count == 16)
        for degradation in ImageDegradation.all {
            let (film, frame) = try degradation.applied(to: image, seed: 7)
            #expect(try degradation.applied(to: image, seed: 7).image == film, "\(degradation)")
            #expect(film != image, "\(degradation)")
            if degradation.kind == .noise { #expect(try degradation.applied(to: image, seed: 8).image != film) }
            guard degradation.kind == .turning || degradation.kind == .borders else { continue }
            let bright = film.samples.indices.filter { film.samples[$0] > 200 }
            let (columns, rows) = (bright.map { $0 % film.width }, bright.map { $0 / film.width })
            let found = Box(
                x0: Double(try #require(columns.min())), y0: Double(try #require(rows.min())),
                x1: Double(try #require(columns.max()) + 1), y1: Double(try #require(rows.max()) + 1))
            #expect(frame.boxInOriginal(found) == box, "\(degradation)")
        }
    }
}
