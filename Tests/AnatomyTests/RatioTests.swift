import Anatomy
import Findings
import Geometry
import Phantoms
import Radiographs
import Testing

@Suite struct RatioTests {
    /// The heart's and the chest's width as they are drawn.
    @Test func onPhantomsTheRatioIsTheDrawnOne() throws {
        let generator = PhantomGenerator(seed: 21, side: 512)
        var differences: [Double] = []
        for index in 0..<40 {
            let phantom = generator.phantom(index, hasAnatomy: true)
            let reading = try #require(AnatomyPhantoms.reading(phantom))
            guard let ratio = reading.anatomy.ratio else { continue }
            differences.append(ratio.value - phantom.heart.width / phantom.thoraxWidth)
            #expect(abs(ratio.heart.length - phantom.heart.width) < 4)
        }
        #expect(differences.count >= 20, "turned patients have none")
        #expect(differences.allSatisfy { abs($0) < 0.01 }, "\(differences.map { ($0 * 1000).rounded() / 1000 })")
    }

    /// Two rectangles and a heart between them, whose lines are known.
    static func drawn(heart: Range<Int>, right: Range<Int> = 20..<100, left: Range<Int> = 156..<236) -> [UInt8] {
        (0..<256).flatMap { row in
            (0..<256).map { column -> UInt8 in
                var bits: UInt8 = 0
                if (140..<200).contains(row), heart.contains(column) { bits |= AnatomyBits.heart }
                guard bits == 0, (30..<210).contains(row) else { return bits }
                if right.contains(column) { bits |= AnatomyBits.rightLung }
                if left.contains(column) { bits |= AnatomyBits.leftLung }
                return bits
            }
        }
    }

    static func reading(_ bits: [UInt8], view: ImageHeader.View? = .posteroanterior, second: [UInt8]? = nil) throws -> AnatomyReading {
        let maps = try #require(AnatomyPhantoms.maps(bits, width: 256, height: 256))
        let other = try #require(AnatomyPhantoms.maps(second ?? bits, width: 256, height: 256))
        // Lungs black, all else white.
        let grey = (0..<128 * 128).map { maps.values[$0] + maps.values[128 * 128 + $0] > 0.5 ? Float(-1) : 1 }
        return AnatomyReading(upright: maps, mirrored: other.mirrored(), grey: grey, view: view, ratioSpread: 0.02)
    }

    @Test func linesAreThoseOfTheDrawing() throws {
        let ratio = try #require(try Self.reading(Self.drawn(heart: 90..<186)).anatomy.ratio)
        #expect(abs(ratio.value - 96.0 / 216) < 1e-3)
        #expect(abs(ratio.heart.left - 90) < 0.5 && abs(ratio.heart.right - 186) < 0.5)
        #expect(abs(ratio.thorax.left - 20) < 0.5 && abs(ratio.thorax.right - 236) < 0.5)
        #expect(abs(ratio.error - 0.02) < 1e-6, "both readings agree: the error bar is the network's own")
    }

    /// Two readings that differ make the bar wider.
    @Test func theErrorBarHasTheDifferenceOfTheReadings() throws {
        let reading = try Self.reading(Self.drawn(heart: 90..<186), second: Self.drawn(heart: 90..<190))
        let ratio = try #require(reading.anatomy.ratio)
        let half = 2.0 / 216
        #expect(abs(ratio.error - (0.02 * 0.02 + half * half).squareRoot()) < 1e-3)
    }

    @Test func onlyAComparableViewHasARatio() throws {
        let bits = Self.drawn(heart: 90..<186)
        for view in [ImageHeader.View.anteroposterior, .lateral, .other("X")] {
            let anatomy = try Self.reading(bits, view: view).anatomy
            #expect(anatomy.ratio == nil && anatomy.isMeasurable)
            #expect(anatomy.notes.map(\.code) == [.viewNotComparable])
        }
        let unknown = try Self.reading(bits, view: nil).anatomy
        #expect(unknown.ratio != nil && unknown.notes.map(\.code) == [.viewUnknown])
    }

    @Test func aChestThatIsCutOffHasNone() throws {
        let anatomy = try Self.reading(Self.drawn(heart: 90..<186, right: 0..<100)).anatomy
        #expect(anatomy.ratio == nil)
        #expect(anatomy.notes.map(\.code) == [.chestCut])
    }

    /// A finding and the ratio that do not agree are told, and only those.
    @Test func disagreementIsTold() throws {
        func codes(_ heart: Range<Int>, _ label: String?) throws -> [ImageWarning.Code] {
            var image = ImageFindings(reference: ImageReference(.file("a")), width: 256, height: 256)
            image.anatomy = try Self.reading(Self.drawn(heart: heart)).anatomy
            if let label {
                image.findings = [
                    Finding(
                        id: "1", findingClass: FindingClass(id: 1, name: label), score: 0.9,
                        geometry: .box(Box(x: 90, y: 140, width: 90, height: 60)))
                ]
            }
            return AnatomyReading.warned(image).warnings.map(\.code)
        }
        #expect(try codes(100..<180, "Cardiomegaly") == [.heartNotLarge])
        #expect(try codes(70..<200, nil) == [.heartLarge])
        #expect(try codes(70..<200, "Cardiomegaly").isEmpty)
        #expect(try codes(100..<180, nil).isEmpty)
        #expect(try codes(88..<192, "Cardiomegaly").isEmpty, "between the limits nothing is told")
    }
}
