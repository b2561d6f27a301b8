import Basics
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// Pictures: encoders give back what went in, boxes are where they should be, the image itself stays.
@Suite struct DrawingTests {
    private func flat(_ width: Int, _ height: Int, grey: UInt16, bits: Int = 8) -> Radiograph {
        Radiograph(pixels: DrawnPictures.flat(width: width, height: height, bits: bits, grey: grey))
    }

    private func finding(_ id: Int, _ box: Box, score: Double = 0.5, name: String = "Mass") -> Finding {
        Finding(id: "1", findingClass: FindingClass(id: id, name: name), score: score, geometry: .box(box))
    }

    @Test func aPNGKeepsEverySample() throws {
        var random = SeededGenerator(seed: 4)
        for bits in [8, 12, 16] {
            let image = DrawnPictures.noise(width: 31, height: 17, bits: bits, using: &random)
            let back = try DrawnPictures.decoded(image.png())
            #expect(back.samples == image.samples && back.width == 31 && back.bits == (bits == 8 ? 8 : 16))
        }
    }

    @Test func aThumbnailKeepsShapeAndGrey() throws {
        let image = PixelImage(width: 2_000, height: 1_000, bits: 12, samples: Array(repeating: 2_048, count: 2_000_000))
        let small = try DrawnPictures.decoded(image.jpegThumbnail(maximumSide: 500))
        #expect(small.width == 500 && small.height == 250)
        #expect(small.samples.allSatisfy { abs(Int($0) - 128) <= 1 })
        let whole = try DrawnPictures.decoded(image.jpegThumbnail(maximumSide: 4_000))
        #expect(whole.width == 2_000)
    }

    /// By way of block means, of odd sizes too: as the exact one to the eye, and what is white stays what it was.
    @Test func aQuickThumbnailIsTheExactOne() throws {
        for (width, height, bits) in [(2_501, 1_803, 12), (1_999, 2_400, 16), (640, 480, 8)] {
            let top = Double((1 << bits) - 1)
            var samples = (0..<width * height).map { place in
                let (x, y) = (Double(place % width), Double(place / width))
                return UInt16(top * (0.1 + 0.045 * sin(x / 30) + 0.045 * cos(y / 47)))
            }
            // One bright sample alone says that the image uses its depth: a mean of blocks would not know.
            samples[width * height - 1] = UInt16(top)
            let image = PixelImage(width: width, height: height, bits: bits, samples: samples)
            let exact = try DrawnPictures.decoded(image.jpegThumbnail(maximumSide: 500, quality: 95))
            let quick = try DrawnPictures.decoded(image.jpegThumbnail(maximumSide: 500, quality: 95, isFast: true))
            #expect(quick.width == exact.width && quick.height == exact.height)
            // But at that sample.
            let differences = zip(exact.samples, quick.samples).map { abs(Int($0) - Int($1)) }.dropLast(12 * exact.width)
            #expect(differences.max() ?? .max <= 3, "\(width) x \(height)")
        }
    }

    /// Outside boxes, their labels and the strip, the image is as it was; the line is where the box is; nothing but the strip is added.
    @Test func theBoxIsWhereItIsAndTheRestStays() throws {
        let box = Box(x: 200, y: 300, width: 150, height: 100)
        let picture = try DrawnPictures.decoded(
            AnnotatedPicture(radiograph: flat(800, 800, grey: 60), findings: [finding(8, box)]).jpeg(quality: 100))
        #expect(picture.width == 800 && picture.height > 800 && picture.height < 850)
        func grey(_ x: Int, _ y: Int) -> Int { Int(picture.samples[y * picture.width + x]) }
        // Class 8 is white: its line is far brighter than the image's 60, in the middle of each side.
        for (x, y) in [(275, 300), (275, 400), (200, 350), (350, 350)] { #expect(grey(x, y) > 150, "(\(x), \(y))") }
        for y in stride(from: 0, to: 800, by: 5) {
            for x in stride(from: 0, to: 800, by: 5) {
                // The label stands right above or below the box.
                let near = (190..<365).contains(x) && (265..<435).contains(y)
                let inside = (210..<340).contains(x) && (310..<390).contains(y)
                if !near || inside { #expect(abs(grey(x, y) - 60) <= 4, "(\(x), \(y))") }
            }
        }
        let strip = picture.samples[(800 * 800 + 800)...]
        #expect(strip.contains { $0 > 200 } && strip.contains { $0 < 60 })
    }

    /// One abnormality, one box: another reading of its place stands in the label alone; without the surer finding it has a box.
    @Test func anotherReadingHasNoBoxOfItsOwn() throws {
        let surer = finding(8, Box(x: 500, y: 500, width: 200, height: 200))
        var other = finding(8, Box(x: 200, y: 300, width: 150, height: 100))
        (other.id, other.alternativeTo) = ("2", surer.id)
        func greyOfTheOthersLine(_ findings: [Finding]) throws -> Int {
            let picture = try DrawnPictures.decoded(
                AnnotatedPicture(radiograph: flat(800, 800, grey: 60), findings: findings).jpeg(quality: 100))
            return Int(picture.samples[300 * picture.width + 275])
        }
        #expect(try greyOfTheOthersLine([surer, other]) < 70)
        #expect(try greyOfTheOthersLine([other]) > 150)
    }

    /// Boxes in pixels of the original move with the picture's size.
    @Test func boxesAreScaledWithThePicture() throws {
        let finding = finding(8, Box(x: 1_000, y: 1_000, width: 1_000, height: 1_000))
        let large = flat(4_000, 4_000, grey: 40)
        let picture = try DrawnPictures.decoded(AnnotatedPicture(radiograph: large, findings: [finding], maximumSide: 1_000).jpeg())
        #expect(picture.width == 1_000)
        #expect(picture.samples[375 * 1_000 + 250] > 120)
        #expect(abs(Int(picture.samples[375 * 1_000 + 375]) - 40) <= 4)
    }

    /// What comes from outside can be of any size and shape, and labels of any length.
    @Test func oddImagesAndBoxesAreDrawn() throws {
        let boxes = [
            Box(x: -50, y: -50, width: 1_000, height: 1_000), Box(x: 0, y: 0, width: 0, height: 0),
            Box(x: .nan, y: 1, width: 2, height: 2), Box(x: 1e300, y: 0, width: 1, height: 1),
            Box(x: 3, y: 0, width: .infinity, height: 1), Box(x: 0.2, y: 0.2, width: 0.1, height: 0.1),
        ]
        let name = String(repeating: "Ein sehr langer Befund ", count: 40) + "\u{0}\n\u{1B}[2J"
        for (width, height) in [(1, 1), (1, 3_000), (5_000, 1), (17, 900), (300, 20)] {
            let findings = boxes.map { finding(0, $0, score: .nan, name: name) } + boxes.map { finding(-7, $0, score: 2, name: "") }
            let picture = try DrawnPictures.decoded(
                AnnotatedPicture(radiograph: flat(width, height, grey: 9, bits: 12), findings: findings).jpeg())
            #expect(picture.width >= 240 && picture.height > 15)
        }
    }

    /// Labels stay inside, and on an empty image no two of ten share a pixel.
    @Test func labelsStayInsideAndApart() {
        var layout = LabelLayout(width: 500, height: 400, boxes: [])
        var plates: [Box] = []
        for index in 0..<10 {
            let box = Box(x: Double(index % 2) * 400, y: Double(index % 3) * 150, width: 100, height: 100)
            let plate = layout.place(width: 90, height: 16, for: box)
            #expect(plate.x >= 0 && plate.y >= 0 && plate.maxX <= 500 && plate.maxY <= 400)
            for other in plates { #expect(plate.intersection(other).area == 0) }
            plates.append(plate)
        }
    }

    /// The palette is Okabe and Ito's without black, and a class has its colour by its place.
    @Test func coloursAreOkabeAndIto() {
        let hex = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#FFFFFF"]
        #expect(FindingPalette.colours.map(\.hex) == hex)
        #expect(FindingPalette.colour(of: FindingClass(id: 1, name: "a")).hex == "#E69F00")
        #expect(FindingPalette.colour(9) == FindingPalette.colour(1))
        #expect(FindingPalette.colour(-1) == FindingPalette.colour(7))
    }
}
