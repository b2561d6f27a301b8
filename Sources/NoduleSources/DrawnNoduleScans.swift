import Basics
import NoduleExamples
import Nodules
import VolumePhantoms
import Volumes

/// Drawn scans as examples: thin and thick slices, little and much noise, nodules of all kinds, and what the finder of candidates takes for one.
public struct DrawnNoduleScans: Sendable {
    public var seed: UInt64
    /// Nodules of each scan.
    public var nodules: Int

    public init(seed: UInt64, nodules: Int = 8) { (self.seed, self.nodules) = (seed, nodules) }

    /// How scan n is acquired; the same n is always the same.
    func settings(_ index: Int) -> VolumePhantomSettings {
        var random = SeededGenerator(seed: seed, stream: 0x5C_A4 &+ UInt64(truncatingIfNeeded: index))
        let spacing = [1, 1.25, 1.5, 2, 2.5][Int(random.uniform() * 5)]
        return VolumePhantomSettings(
            matrix: [320, 384][Int(random.uniform() * 2)], sliceSpacing: spacing, noise: random.uniform(10...40),
            blur: random.uniform(0.5...0.8), nodules: nodules)
    }

    /// - Throws: `VolumeError`.
    public func scan(_ index: Int, name: String) throws -> (scan: NoduleExamples.Scan, block: VoxelBlock, mask: VoxelBlock) {
        var generator = VolumePhantomGenerator(seed: seed, settings: settings(index))
        generator.diameters = 3.5...28
        let phantom = try generator.phantom(index)
        let lungs = try Lungs(phantom.volume)
        let geometry = lungs.volume.geometry
        let (width, height, depth) = (geometry.width, geometry.height, geometry.depth)
        let block = VoxelBlock(width: width, height: height, depth: depth, hounsfield: lungs.volume.values)
        let mask = VoxelBlock(
            width: width, height: height, depth: depth, values: phantom.noduleMask.resampled(to: geometry).values)
        let places = phantom.nodules.map {
            (number: $0.number, voxel: geometry.voxel(ofPoint: $0.centre), diameter: max($0.diameter, 3))
        }
        func whole(_ voxel: SIMD3<Double>) -> [Int] {
            let voxel = voxel.rounded(.toNearestOrAwayFromZero)
            return [Int(voxel.x), Int(voxel.y), Int(voxel.z)]
        }
        func isInside(_ voxel: [Int]) -> Bool { zip(voxel, [width, height, depth]).allSatisfy { $0 >= 0 && $0 < $1 } }
        let found = try CandidateFinder().candidates(in: lungs).map { geometry.voxel(ofPoint: $0.centre) }
        let scan = NoduleExamples.Scan(
            name: name, source: .drawn, series: "drawn-\(seed)-\(index)", fold: nil, width: width, height: height, depth: depth,
            nodules: zip(phantom.nodules, places).map { nodule, place in
                NoduleExamples.Nodule(
                    number: nodule.number, voxel: whole(place.voxel), diameter: nodule.diameter, kind: nodule.kind.rawValue)
            }.filter { isInside($0.voxel) },
            candidates: NoduleExamples.Scan.candidates(found, nodules: places).filter { isInside($0.voxel) })
        return (scan, block, mask)
    }
}
