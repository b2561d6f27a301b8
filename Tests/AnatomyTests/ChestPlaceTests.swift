import Anatomy
import Basics
import Findings
import Geometry
import Phantoms
import Radiographs
import Testing

@Suite struct ChestPlaceTests {
    /// Side and zone once more, by counting small squares of the box against the drawing itself, in its own pixels.
    private struct SlowPlaces {
        let bits: [UInt8]
        let side: Int
        /// Ranges of rows of the lungs.
        let rows: [UInt8: ClosedRange<Int>]
        let midline: (Double) -> Double

        init(_ bits: [UInt8], side: Int) {
            (self.bits, self.side) = (bits, side)
            var rows: [UInt8: ClosedRange<Int>] = [:]
            for bit in [AnatomyBits.rightLung, AnatomyBits.leftLung] {
                let inside = (0..<side).filter { row in (0..<side).contains { bits[row * side + $0] & bit != 0 } }
                if let first = inside.first, let last = inside.last { rows[bit] = first...last }
            }
            self.rows = rows
            var points: [(Double, Double)] = []
            for row in 0..<side {
                let right = (0..<side).last { bits[row * side + $0] & AnatomyBits.rightLung != 0 }
                let left = (0..<side).first { bits[row * side + $0] & AnatomyBits.leftLung != 0 }
                if let right, let left { points.append((Double(row) + 0.5, Double(right + 1 + left) / 2)) }
            }
            let count = Double(max(1, points.count))
            let (my, mx) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
            let slope = points.reduce(0) { $0 + ($1.0 - my) * ($1.1 - mx) } / max(1, points.reduce(0) { $0 + ($1.0 - my) * ($1.0 - my) })
            midline = { mx + max(-0.2, min(0.2, slope)) * ($0 - my) }
        }

        /// `nil` where a share is so near to its limit that the two grids may differ.
        func place(of box: Box) -> (side: FindingPlace.Side, zone: FindingPlace.Zone)? {
            let steps = 40
            var right = 0
            for i in 0..<steps {
                for j in 0..<steps {
                    let x = box.x + (Double(i) + 0.5) / Double(steps) * box.width
                    let y = box.y + (Double(j) + 0.5) / Double(steps) * box.height
                    if x < midline(y) { right += 1 }
                }
            }
            let share = Double(right) / Double(steps * steps)
            guard [0.25, 0.75].allSatisfy({ abs(share - $0) > 0.05 }) else { return nil }
            let place: FindingPlace.Side = min(share, 1 - share) >= 0.25 ? .both : share >= 0.5 ? .right : .left
            guard let r = rows[AnatomyBits.rightLung], let l = rows[AnatomyBits.leftLung] else { return nil }
            let (top, bottom): (Double, Double) =
                switch place {
                case .right: (Double(r.lowerBound), Double(r.upperBound + 1))
                case .left: (Double(l.lowerBound), Double(l.upperBound + 1))
                case .both: (Double(r.lowerBound + l.lowerBound) / 2, Double(r.upperBound + l.upperBound + 2) / 2)
                }
            var counts = [0, 0, 0]
            for j in 0..<600 {
                let y = box.y + (Double(j) + 0.5) / 600 * box.height
                counts[max(0, min(2, Int(3 * (y - top) / (bottom - top))))] += 1
            }
            let sorted = counts.sorted()
            guard sorted[2] - sorted[1] > 60, let zone = counts.firstIndex(of: sorted[2]) else { return nil }
            return (place, FindingPlace.Zone.allCases[zone])
        }
    }

    @Test func aThousandBoxesLieWhereASlowCountSays() throws {
        let generator = PhantomGenerator(seed: 41, side: 512)
        var random = SeededGenerator(seed: 1)
        var (compared, agreed) = (0, 0)
        for index in 0..<25 {
            let phantom = generator.phantom(index, hasAnatomy: true)
            let reading = try #require(AnatomyPhantoms.reading(phantom))
            guard let places = reading.places else { continue }
            let slow = SlowPlaces(phantom.anatomy, side: 512)
            for _ in 0..<60 {
                let size = random.uniform(20...160)
                let box = Box(
                    x: random.uniform(90...400) - size / 2, y: random.uniform(70...380) - size / 2, width: size,
                    height: size * random.uniform(0.6...1.6))
                guard let place = places.place(of: box), place.region != .outside, let expected = slow.place(of: box) else { continue }
                compared += 1
                if place.side == expected.side, place.zone == expected.zone { agreed += 1 }
            }
        }
        #expect(compared >= 1_000)
        #expect(Double(agreed) >= 0.99 * Double(compared), "\(agreed) of \(compared)")
    }

    /// On the drawing of two rectangles every region is known.
    @Test func regionsAreThoseOfTheDrawing() throws {
        let places = try #require(try RatioTests.reading(RatioTests.drawn(heart: 90..<186)).places)
        func place(_ x: Double, _ y: Double, _ size: Double = 10) -> FindingPlace? {
            places.place(of: Box(x: x - size / 2, y: y - size / 2, width: size, height: size))
        }
        #expect(place(60, 40) == FindingPlace(side: .right, zone: .upper, region: .apical))
        #expect(place(200, 40) == FindingPlace(side: .left, zone: .upper, region: .apical))
        #expect(place(60, 75) == FindingPlace(side: .right, zone: .upper))
        #expect(place(96, 110) == FindingPlace(side: .right, zone: .middle, region: .hilar))
        #expect(place(40, 120) == FindingPlace(side: .right, zone: .middle))
        #expect(place(28, 200) == FindingPlace(side: .right, zone: .lower, region: .costophrenic))
        #expect(place(160, 170) == FindingPlace(side: .left, zone: .lower, region: .retrocardiac))
        #expect(
            place(128, 90, 60) == FindingPlace(side: .both, zone: .middle) || place(128, 90, 60) == FindingPlace(side: .both, zone: .upper))
        #expect(place(128, 240) == .outsideChest)
        #expect(place(4, 100, 6) == .outsideChest)
        #expect(place(-400, 100) == .outsideChest)
        #expect(places.place(of: Box(x: 10, y: 10, width: 0, height: 4)) == nil)
        #expect(places.place(of: Box(x: .nan, y: 10, width: 3, height: 4)) == nil)
    }

    /// A mirrored image has mirrored names.
    @Test func aMirroredChestHasMirroredSides() throws {
        let phantom = PhantomGenerator(seed: 43, side: 512).phantom(8, hasAnatomy: true)
        let maps = try #require(AnatomyPhantoms.maps(phantom.anatomy, width: 512, height: 512))
        let grey = AnatomyPhantoms.grey(phantom.pixels)
        var turnedGrey = grey
        for row in 0..<128 { turnedGrey[row * 128..<(row + 1) * 128].reverse() }
        let own = AnatomyReading(upright: maps, mirrored: maps.mirrored(), grey: grey, view: nil, ratioSpread: 0)
        let turned = AnatomyReading(upright: maps.mirrored(), mirrored: maps, grey: turnedGrey, view: nil, ratioSpread: 0)
        let (places, turnedPlaces) = (try #require(own.places), try #require(turned.places))
        for x in stride(from: 120.0, to: 400, by: 30) {
            for y in stride(from: 100.0, to: 400, by: 40) {
                let box = Box(x: x - 15, y: y - 15, width: 30, height: 30)
                let other = Box(x: 512 - x - 15, y: y - 15, width: 30, height: 30)
                guard let first = places.place(of: box), let second = turnedPlaces.place(of: other) else { continue }
                #expect(first.zone == second.zone)
                switch first.side {
                case .left: #expect(second.side == .right)
                case .right: #expect(second.side == .left)
                default: #expect(second.side == first.side)
                }
            }
        }
    }

    @Test func aFindingOutsideTheChestIsTold() throws {
        let reading = try RatioTests.reading(RatioTests.drawn(heart: 90..<186))
        var image = ImageFindings(reference: ImageReference(.file("a")), width: 256, height: 256)
        image.findings = [
            Finding(
                id: "1", findingClass: FindingClass(id: 1, name: "Nodule"), score: 0.9,
                geometry: .box(Box(x: 100, y: 230, width: 20, height: 20)))
        ]
        let warned = AnatomyReading.warned(reading.applied(to: image))
        #expect(warned.findings[0].place == .outsideChest)
        #expect(warned.warnings.map(\.description) == ["Finding 1 lies outside the chest."])
    }
}
