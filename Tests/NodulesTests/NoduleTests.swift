import Basics
import Foundation
import Nodules
import Testing
import VolumePhantoms
import Volumes

@Suite struct NoduleTests {
    private static func ball(_ diameter: Double, spacing: SIMD3<Double>, at shift: SIMD3<Double>) -> VolumeMask {
        let counts = (SIMD3(repeating: diameter + 6) / spacing).rounded(.up)
        let geometry = VolumeGeometry(
            width: Int(counts.x), height: Int(counts.y), depth: Int(counts.z), origin: SIMD3(10, 20, 30),
            columnStep: SIMD3(spacing.x, 0, 0),
            rowStep: SIMD3(0, spacing.y, 0), sliceStep: SIMD3(0, 0, spacing.z))
        let centre = geometry.point(ofVoxel: (counts - 1) / 2 + shift)
        var mask = VolumeMask(geometry: geometry)
        for index in mask.values.indices {
            let (column, row) = (index % geometry.width, index / geometry.width % geometry.height)
            let voxel = SIMD3<Double>(Double(column), Double(row), Double(index / (geometry.width * geometry.height)))
            if distance(geometry.point(ofVoxel: voxel), centre) <= diameter / 2 { mask.values[index] = 1 }
        }
        return mask
    }

    @Test(arguments: [5.0, 8, 12, 20]) func aBallHasItsDiameterAndVolume(diameter: Double) throws {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<10 {
            let shift = SIMD3(random.uniform(-0.5...0.5), random.uniform(-0.5...0.5), random.uniform(-0.5...0.5))
            let mask = Self.ball(diameter, spacing: SIMD3(0.7, 0.7, 1.25), at: shift)
            let nodule = try #require(Nodule(mask))
            #expect(abs(nodule.meanDiameter - diameter) <= 0.7 && abs(nodule.longAxis - diameter) <= 0.9)
            let volume = Double.pi / 6 * pow(diameter, 3)
            #expect(abs(nodule.volume - volume) <= (diameter < 6 ? 0.15 : 0.06) * volume)
        }
    }

    @Test func axesOfATurnedEllipseAreItsOwn() throws {
        let geometry = VolumeGeometry(
            width: 200, height: 200, depth: 1, origin: .zero, columnStep: SIMD3(0.2, 0, 0), rowStep: SIMD3(0, 0.2, 0),
            sliceStep: SIMD3(0, 0, 1))
        for degrees in stride(from: 0.0, to: 180, by: 15) {
            let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
            var mask = VolumeMask(geometry: geometry)
            for row in 0..<200 {
                for column in 0..<200 {
                    let (x, y) = ((Double(column) - 99.5) * 0.2, (Double(row) - 99.5) * 0.2)
                    let (u, v) = ((x * cosine + y * sine) / 14, (-x * sine + y * cosine) / 8)
                    if u * u + v * v <= 1 { mask[column, row, 0] = 1 }
                }
            }
            let axes = try #require(NoduleAxes(mask))
            #expect(abs(axes.long - 28) < 0.3 && abs(axes.short - 16) < 0.3, "\(degrees): \(axes)")
        }
    }

    /// The truth of drawn nodules from their masks: diameter within 0.7 mm, and volume within 15 in 100 over 6 mm.
    @Test(arguments: [0, 1, 2, 3]) func drawnNodulesAreMeasuredTruly(index: Int) throws {
        let settings = VolumePhantomSettings(matrix: 512, sliceSpacing: 1.25, nodules: 5)
        let phantom = try VolumePhantomGenerator(seed: 31, settings: settings).phantom(index)
        let place = try LungPlace(Lungs(phantom.volume))
        for truth in phantom.nodules {
            let mask = VolumeMask(geometry: phantom.geometry, values: phantom.noduleMask.values.map { $0 == UInt8(truth.number) ? 1 : 0 })
            let nodule = try #require(Nodule(mask, in: phantom.volume, place: place))
            #expect(abs(nodule.meanDiameter - truth.diameter) <= 0.7, "\(truth) \(nodule)")
            #expect(distance(nodule.centre, truth.centre) < 0.5)
            if truth.diameter > 6 { #expect(abs(nodule.volume - truth.volume) <= 0.15 * truth.volume, "\(truth) \(nodule)") }
            #expect(nodule.side == (truth.centre.x < 0 ? .right : .left))
            let distance = try #require(nodule.pleuraDistance)
            if truth.attachment == .pleura { #expect(distance <= 2, "\(distance)") }
            if truth.attachment == .free { #expect(distance > 0) }
            // A kind may be left open, but not told wrong.
            let kind = try #require(nodule.kind)
            if truth.diameter >= 8 { #expect(kind == .unsure || kind.rawValue == truth.kind.rawValue, "\(truth) \(nodule)") }
        }
    }

    @Test func anEmptyMaskIsNoNodule() {
        #expect(Nodule(VolumeMask(geometry: Self.ball(5, spacing: SIMD3(1, 1, 1), at: .zero).geometry)) == nil)
    }

    // MARK: Size classes

    private static func nodule(_ kind: NoduleDensity.Kind?, diameter: Double, volume: Double, solid: (Double, Double)? = nil) throws
        -> Nodule
    {
        var nodule = try #require(Nodule(ball(8, spacing: SIMD3(1, 1, 1), at: .zero)))
        (nodule.kind, nodule.meanDiameter, nodule.volume) = (kind, diameter, volume)
        (nodule.solidMeanDiameter, nodule.solidVolume) = (solid?.0, solid?.1)
        return nodule
    }

    /// The tables of both guidelines, at their borders.
    @Test func solidClassesAreThoseOfTheGuidelines() throws {
        let rows: [(Double, Double, [String], [String?])] = [
            (5.9, 112.9, ["under 6 mm", "under 113 mm3", "6 to 8 mm", "100 to 250 mm3"], ["2", "2", nil, nil]),
            (6.0, 113, ["6 to under 8 mm", "113 to under 268 mm3", "6 to 8 mm", "100 to 250 mm3"], ["3", "3", nil, nil]),
            (7.9, 250, ["6 to under 8 mm", "113 to under 268 mm3", "6 to 8 mm", "100 to 250 mm3"], ["3", "3", nil, nil]),
            (8.0, 268, ["8 to under 15 mm", "268 to under 1767 mm3", "6 to 8 mm", "over 250 mm3"], ["4A", "4A", nil, nil]),
            (8.6, 300, ["8 to under 15 mm", "268 to under 1767 mm3", "over 8 mm", "over 250 mm3"], ["4A", "4A", nil, nil]),
            (15, 1_767, ["15 mm or more", "1767 mm3 or more", "over 8 mm", "over 250 mm3"], ["4B", "4B", nil, nil]),
            (5.4, 99, ["under 6 mm", "under 113 mm3", "under 6 mm", "under 100 mm3"], ["2", "2", nil, nil]),
        ]
        for (diameter, volume, sizes, categories) in rows {
            let found = SizeClasses(try Self.nodule(.solid, diameter: diameter, volume: volume))
            #expect(found.classes.map(\.size) == sizes, "\(diameter) mm")
            #expect(found.classes.map(\.category) == categories, "\(diameter) mm")
        }
        // Diameter and volume do not agree: both are told.
        let torn = SizeClasses(try Self.nodule(.solid, diameter: 6.2, volume: 95))
        #expect(torn.differing == [.lungRADS2022, .fleischner2017])
        #expect(SizeClasses(try Self.nodule(.solid, diameter: 10, volume: 500)).differing.isEmpty)
    }

    @Test func subsolidClassesAreThoseOfTheGuidelines() throws {
        let glass = SizeClasses(try Self.nodule(.groundGlass, diameter: 29.9, volume: 14_000))
        #expect(glass.classes.map(\.category) == ["2", "2", nil, nil] && glass.classes[2].size == "6 mm or more")
        #expect(SizeClasses(try Self.nodule(.groundGlass, diameter: 30, volume: 15_000)).classes[0].category == "3")
        for (solid, category) in [((5.9, 100.0), "3"), ((6.0, 113.0), "4A"), ((8.0, 268.0), "4B")] {
            let found = SizeClasses(try Self.nodule(.partSolid, diameter: 14, volume: 1_400, solid: solid))
            #expect(found.classes.map(\.category) == [category, category, nil, nil])
        }
        #expect(SizeClasses(try Self.nodule(.partSolid, diameter: 5, volume: 60, solid: (3, 14))).classes[0].category == "2")
        #expect(SizeClasses(try Self.nodule(.unsure, diameter: 8, volume: 268)).reason != nil)
        #expect(SizeClasses(try Self.nodule(nil, diameter: 8, volume: 268)).classes.isEmpty)
    }
}
