import DICOM
import Foundation
import Testing
import VolumePhantoms
import Volumes

@Suite struct AssemblyTests {
    @Test func aDrawnSeriesComesBackVoxelByVoxel() throws {
        let phantom = SeriesDraft.phantom
        var draft = SeriesDraft()
        draft.items = shuffled(draft.items)
        let volume = try draft.volume()
        #expect(volume.values == phantom.values)
        #expect(isNear(volume.geometry, phantom.geometry, 1e-6))
        #expect(volume.record.decisions.isEmpty)
        #expect(volume.record.slicesUsed == phantom.geometry.depth)
    }

    @Test func anEnhancedFileIsTheSameVolume() throws {
        let phantom = SeriesDraft.phantom
        let (series, slices) = phantom.series(patient: "PHANTOM", source: "draft")
        let bytes = try series.enhancedFile(of: slices.reversed())
        let volume = try VolumeAssembler().assemble([SliceSource(name: "enhanced.dcm") { bytes }])
        #expect(volume.values == phantom.values)
        #expect(isNear(volume.geometry, phantom.geometry, 1e-6))
        let place = try #require(volume.slicePlace(of: phantom.geometry.point(ofVoxel: SIMD3(20, 30, 40))))
        #expect(place.frame == slices.count - 40 && abs(place.column - 20) < 1e-6 && abs(place.row - 30) < 1e-6)
    }

    @Test func aPlaceIsToldAsSliceRowAndColumn() throws {
        let draft = SeriesDraft()
        let volume = try draft.volume()
        let item = draft.items[33]
        let place = try #require(volume.slicePlace(of: SeriesDraft.phantom.geometry.point(ofVoxel: SIMD3(50, 12.5, 33.2))))
        #expect(place.sopInstanceUID == item.series.sopInstanceUID(item.slice) && place.name == item.name)
        #expect(abs(place.column - 50) < 1e-6 && abs(place.row - 12.5) < 1e-6)
        #expect(volume.slicePlace(of: SIMD3(0, 0, 10_000)) == nil)
        #expect(volume.slicePlace(of: SIMD3(10_000, 0, 0)) == nil)
    }

    /// A block with a straight bar along z, acquired with a tilted gantry: sheared, the bar is straight again and where it was.
    @Test(arguments: [12.0, -7.5])
    func aTiltedSeriesIsStraightened(degrees: Double) throws {
        let (width, height, depth) = (40, 60, 30)
        let angle = degrees * .pi / 180
        var series = ComputedTomographySeries(
            columns: width, rows: height, spacing: SIMD2(1, 1), thickness: 2, patient: "P", source: "tilted \(degrees)")
        // Slices turned about x; the table moves along z.
        series.columnDirection = SIMD3(0, cos(angle), sin(angle))
        let normal = SIMD3(0, -sin(angle), cos(angle))
        let barY = 5.0
        var items: [SeriesDraft.Item] = []
        for number in 0..<depth {
            let position = SIMD3(-20, -30, Double(number) * 2 / cos(angle))
            var values = [Int16](repeating: -1000, count: width * height)
            for row in 0..<height {
                for column in 0..<width {
                    let point = position + SIMD3(1, 0, 0) * Double(column) + series.columnDirection * Double(row)
                    // A wall across the slices' own normal: places with the same distance along the column direction of the first slice.
                    let along = point.y * cos(angle) + point.z * sin(angle)
                    values[row * width + column] = abs(along - barY) <= 4 ? 50 : -1000
                }
            }
            items.append(
                .init(name: "\(number)", series: series, slice: .init(position: position, values: values, instanceNumber: number + 1)))
        }
        var draft = SeriesDraft()
        draft.items = items
        let volume = try draft.volume()
        #expect(volume.record.decisions.contains { $0.code == "tilt" })
        #expect(abs(volume.record.tilt - abs(degrees)) < 0.01)
        let step = volume.geometry.sliceStep
        #expect(abs(step / (step * step).sum().squareRoot() - normal).max() < 1e-6)
        // Each voxel is what was drawn at its place, but for the edges.
        var wrong = 0
        for slice in 0..<volume.geometry.depth {
            for row in 0..<volume.geometry.height {
                let point = volume.geometry.point(ofVoxel: SIMD3(20, Double(row), Double(slice)))
                let off = abs(point.y * cos(angle) + point.z * sin(angle) - barY)
                let value = volume[20, row, slice]
                if off < 3, value != 50 { wrong += 1 }
                if off > 5, value != -1000 { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        // Places on the slices are those of the slices, not of the straightened block.
        let place = try #require(volume.slicePlace(of: items[9].slice.position + series.columnDirection * 7 + SIMD3(3, 0, 0)))
        #expect(place.name == "9" && abs(place.row - 7) < 1e-6 && abs(place.column - 3) < 1e-6)
    }

    @Test func anIrregularSeriesIsResampledFromTruePlaces() throws {
        // A ramp along z: its value says where it is.
        let places = [0.0, 2, 5, 7, 10, 12, 15, 17, 20, 22, 25]
        var series = ComputedTomographySeries(columns: 24, rows: 24, spacing: SIMD2(1, 1), thickness: 2, patient: "P", source: "ramp")
        series.imageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        var draft = SeriesDraft()
        draft.items = places.enumerated().map { number, z in
            var values = [Int16](repeating: Int16(z * 8), count: 24 * 24)
            for index in 0..<60 { values[index] = -1000 }
            return .init(name: "\(number)", series: series, slice: .init(position: SIMD3(0, 0, z), values: values, instanceNumber: number))
        }
        let volume = try draft.volume()
        #expect(volume.record.decisions.contains { $0.code == "irregular" })
        for slice in 0..<volume.geometry.depth {
            let z = volume.geometry.point(ofVoxel: SIMD3(0, 0, Double(slice))).z
            #expect(abs(Double(volume[12, 20, slice]) - z * 8) <= 1, "at \(z) mm")
        }
    }
}

func isNear(_ a: VolumeGeometry, _ b: VolumeGeometry, _ tolerance: Double) -> Bool {
    guard a.width == b.width, a.height == b.height, a.depth == b.depth else { return false }
    let differences = [a.origin - b.origin, a.columnStep - b.columnStep, a.rowStep - b.rowStep, a.sliceStep - b.sliceStep]
    return differences.allSatisfy { abs($0).max() <= tolerance }
}
