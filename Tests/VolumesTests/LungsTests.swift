import Foundation
import PleuraTesting
import Testing
import VolumePhantoms
import Volumes

@Suite struct LungsTests {
    /// What was drawn is found: Dice, sides, volumes, and no airways.
    @Test(arguments: [0, 1]) func drawnLungsAreFound(index: Int) throws {
        let phantom = try VolumePhantomGenerator(seed: 23, settings: VolumePhantomSettings(matrix: 192, sliceSpacing: 2)).phantom(index)
        let lungs = try Lungs(phantom.volume)
        let found = lungs.closed.resampled(to: phantom.geometry)
        for number in [UInt8(1), 2] {
            var (both, mine, drawn) = (0, 0, 0)
            for (a, b) in zip(found.values, phantom.lungMask.values) {
                both += a == number && b == number ? 1 : 0
                mine += a == number ? 1 : 0
                drawn += b == number ? 1 : 0
            }
            #expect(2 * Double(both) / Double(mine + drawn) > 0.95, "side \(number)")
        }
        let trachea = SIMD3(0.0, 8, 100)
        #expect(lungs.mask.value(at: trachea) == 0 && lungs.airways.value(at: trachea) == 1)
        #expect(lungs.rightVolume > 1 && lungs.leftVolume > 1 && lungs.rightVolume + lungs.leftVolume < 6)
        // Nodules are searched where they are, on the pleura too.
        for nodule in phantom.nodules { #expect(lungs.search.value(at: nodule.centre) == 1, "\(nodule)") }
        #expect(lungs.side(of: SIMD3(-90, 0, 0)) == 1 && lungs.side(of: SIMD3(90, 0, 0)) == 2)
    }

    @Test func aHeadIsNoChest() throws {
        let geometry = VolumeGeometry(
            width: 120, height: 140, depth: 60, origin: SIMD3(-120, -140, 0), columnStep: SIMD3(2, 0, 0), rowStep: SIMD3(0, 2, 0),
            sliceStep: SIMD3(0, 0, 3))
        var values = [Int16](repeating: -1000, count: geometry.voxelCount)
        for index in values.indices {
            let (column, row, slice) = (index % 120, index / 120 % 140, index / (120 * 140))
            let place = SIMD3(Double(column - 60) / 38, Double(row - 70) / 48, Double(slice - 30) / 34)
            let radius = (place * place).sum().squareRoot()
            // Brain, skull, and air in the sinuses.
            if radius < 1 { values[index] = radius > 0.9 ? 900 : 35 }
            if radius < 0.8, row < 45, abs(column - 60) < 8 { values[index] = -1000 }
        }
        #expect(throws: VolumeError(.notAChest, "")) { try Lungs(Volume(geometry: geometry, values: values)) }
    }

    @Test func airAloneIsNoChest() {
        let geometry = SeriesDraft.phantom.geometry
        let air = Volume(geometry: geometry, values: [Int16](repeating: -1000, count: geometry.voxelCount))
        #expect(throws: VolumeError(.notAChest, "")) { try Lungs(air) }
    }

    @Test func aScanThatEndsInTheLungsSaysSo() throws {
        var draft = SeriesDraft()
        draft.items.removeLast(draft.items.count / 4)
        #expect(try Lungs(draft.volume()).remarks.contains { $0.contains("at the top") })
    }

    /// The same lungs, whichever way the slices were written.
    @Test func orientationDoesNotMatter() throws {
        let phantom = SeriesDraft.phantom
        let upright = try Lungs(phantom.volume)
        var turned = phantom.volume
        let (width, height, depth) = (phantom.geometry.width, phantom.geometry.height, phantom.geometry.depth)
        turned.geometry.origin = phantom.geometry.point(ofVoxel: SIMD3(Double(width - 1), 0, Double(depth - 1)))
        turned.geometry.columnStep *= -1
        turned.geometry.sliceStep *= -1
        for slice in 0..<depth {
            for row in 0..<height {
                for column in 0..<width {
                    turned.values[(slice * height + row) * width + column] = phantom.volume[width - 1 - column, row, depth - 1 - slice]
                }
            }
        }
        let other = try Lungs(turned)
        #expect(abs(upright.rightVolume - other.rightVolume) < 0.01 && abs(upright.leftVolume - other.leftVolume) < 0.01)
    }

    /// The real scan, where this machine has it: both lungs, and the nodule of the readers in the search.
    @Test(.enabled(if: Repository.realData != nil, "the real scan is not on this machine")) func aRealScanHasTwoLungs() throws {
        let folder = try #require(Repository.realData).appendingPathComponent("lidc-0001")
        let lungs = try Lungs(VolumeAssembler().assemble(FolderNames.files(folder)))
        #expect((1.5...3.5).contains(lungs.rightVolume) && (1.2...3.2).contains(lungs.leftVolume))
        #expect(lungs.search.value(at: SIMD3(56.2, 86.3, -115.9)) == 1)
        #expect(lungs.side(of: SIMD3(56.2, 86.3, -115.9)) == 2)
    }
}
