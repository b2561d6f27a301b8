import CVolumes
import Volumes

/// Where in the lungs something lies. Made once for all nodules of a scan.
public struct LungPlace: Sendable {
    private let lungs: Lungs
    /// Millimetres from a voxel inside the pleura to the nearest outside, squared; 0 outside.
    private let squared: [Float]
    /// Lowest and highest place of either lung on z.
    private let heights: [LungSide: ClosedRange<Double>]

    /// - Throws: `VolumeError` without memory.
    public init(_ lungs: Lungs, threads: Int = 0) throws {
        self.lungs = lungs
        let geometry = lungs.closed.geometry
        squared = try VolumeMask(geometry: geometry, values: lungs.closed.values.map { $0 == 0 ? 1 : 0 }).squaredDistances(threads: threads)
        var heights: [LungSide: ClosedRange<Double>] = [:]
        let plane = geometry.width * geometry.height
        for (side, number) in [(LungSide.right, UInt8(1)), (.left, 2)] {
            guard let first = lungs.mask.values.firstIndex(of: number), let last = lungs.mask.values.lastIndex(of: number) else { continue }
            let low = geometry.point(ofVoxel: SIMD3(0, 0, Double(first / plane))).z
            heights[side] = low...max(low, geometry.point(ofVoxel: SIMD3(0, 0, Double(last / plane))).z)
        }
        self.heights = heights
    }

    public func side(of point: SIMD3<Double>) -> LungSide? { LungSide(lungs.side(of: point)) }

    /// Upper, middle or lower third of its own lung's height.
    public func third(of point: SIMD3<Double>) -> Nodule.Third? {
        guard let side = side(of: point), let range = heights[side], range.upperBound > range.lowerBound else { return nil }
        let height = (point.z - range.lowerBound) / (range.upperBound - range.lowerBound)
        return height >= 2.0 / 3 ? .upper : height >= 1.0 / 3 ? .middle : .lower
    }

    /// Millimetres from the nearest voxel of a mask to the pleura; 0 where it touches or reaches beyond.
    public func pleuraDistance(of mask: VolumeMask) -> Double? {
        let (geometry, own) = (mask.geometry, lungs.closed.geometry)
        var least: Float?
        for slice in 0..<geometry.depth {
            for row in 0..<geometry.height {
                for column in 0..<geometry.width where mask[column, row, slice] != 0 {
                    let point = geometry.point(ofVoxel: SIMD3(Double(column), Double(row), Double(slice)))
                    let voxel = own.voxel(ofPoint: point).rounded(.toNearestOrAwayFromZero)
                    guard voxel.x >= 0, voxel.y >= 0, voxel.z >= 0, voxel.x < Double(own.width), voxel.y < Double(own.height),
                        voxel.z < Double(own.depth)
                    else { return 0 }
                    let value = squared[(Int(voxel.z) * own.height + Int(voxel.y)) * own.width + Int(voxel.x)]
                    least = min(least ?? value, value)
                }
            }
        }
        // From the middle of a voxel to the middle of the next is half a voxel too far on either side.
        return least.map { max(0, Double($0.squareRoot()) - 1) }
    }
}
