import Anatomy
import Findings
import Geometry
import Phantoms
import Radiographs
import Testing

/// Where masks are not to be trusted there is a sentence, and neither a place nor a ratio.
@Suite struct LungCheckTests {
    private func refused(_ reading: AnatomyReading, _ code: ImageWarning.Code) {
        #expect(!reading.anatomy.isMeasurable)
        #expect(reading.anatomy.ratio == nil && reading.places == nil && reading.anatomy.outlines.isEmpty)
        #expect(reading.anatomy.notes.map(\.code).contains(code))
        #expect(reading.anatomy.notes.allSatisfy { $0.description.hasSuffix(".") && !$0.description.contains("{") })
    }

    @Test func phantomsPass() throws {
        let generator = PhantomGenerator(seed: 31, side: 512)
        let passed = try (0..<30).filter {
            try #require(AnatomyPhantoms.reading(generator.phantom($0, hasAnatomy: true))).anatomy.isMeasurable
        }
        #expect(passed.count >= 29)
    }

    @Test func oneLungIsRefused() throws {
        refused(try RatioTests.reading(RatioTests.drawn(heart: 90..<186, left: 0..<0)), .lungMissing)
        refused(try RatioTests.reading(RatioTests.drawn(heart: 90..<186, left: 225..<236)), .lungMissing)
    }

    @Test func nothingAtAllIsRefused() throws {
        refused(try RatioTests.reading([UInt8](repeating: 0, count: 256 * 256)), .lungAreaUnlikely)
        refused(try RatioTests.reading([UInt8](repeating: AnatomyBits.rightLung, count: 256 * 256)), .lungAreaUnlikely)
    }

    @Test func readingsThatDifferAreRefused() throws {
        refused(
            try RatioTests.reading(RatioTests.drawn(heart: 90..<186), second: RatioTests.drawn(heart: 90..<186, left: 190..<236)),
            .lungsUncertain)
    }

    @Test func aLungInPiecesIsRefused() throws {
        var bits = RatioTests.drawn(heart: 90..<186)
        for row in 100..<110 { for column in 0..<256 { bits[row * 256 + column] = 0 } }
        refused(try RatioTests.reading(bits), .lungInPieces)
    }

    @Test func brightLungsAreRefused() throws {
        let maps = try #require(AnatomyPhantoms.maps(RatioTests.drawn(heart: 90..<186), width: 256, height: 256))
        let grey = (0..<128 * 128).map { maps.values[$0] + maps.values[128 * 128 + $0] > 0.5 ? Float(1) : -1 }
        refused(
            AnatomyReading(upright: maps, mirrored: maps.mirrored(), grey: grey, view: .posteroanterior, ratioSpread: 0.02), .lungsBright)
    }

    /// What is inside the outlines is what was drawn.
    @Test func outlinesBecomeTheMaskAgain() throws {
        let bits = RatioTests.drawn(heart: 90..<186)
        let anatomy = try RatioTests.reading(bits).anatomy
        let again = anatomy.bits(width: 256, height: 256)
        #expect(zip(bits, again).count { $0 != $1 } < 300, "but for the corners of the grid")
        #expect(anatomy.bits(width: 0, height: 0).isEmpty)
    }

    /// The outline goes around as many pixels as the mask has (the shoelace formula), to a pixel of the grid's border.
    @Test func outlinesHaveTheMasksArea() throws {
        let generator = PhantomGenerator(seed: 33, side: 512)
        let phantom = generator.phantom(8, hasAnatomy: true)
        let reading = try #require(AnatomyPhantoms.reading(phantom))
        try #require(reading.anatomy.isMeasurable)
        for (index, bit) in AnatomyBits.all.enumerated() {
            let points = reading.anatomy.outlines[index].points
            var area = 0.0
            for (a, b) in zip(points, points.dropFirst() + points.prefix(1)) { area += (a.x * b.y - b.x * a.y) / 2 }
            let drawn = Double(phantom.anatomy.count { $0 & bit != 0 })
            #expect(abs(area - drawn) < 0.06 * drawn + 60, "\(AnatomyBits.names[index])")
        }
    }
}
