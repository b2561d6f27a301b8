import CVolumes

/// Which voxels belong to something.
public struct VolumeMask: Hashable, Sendable {
    public var geometry: VolumeGeometry
    /// 1 or another number where a voxel belongs to it, else 0: [depth, height, width].
    public var values: [UInt8]

    /// - Precondition: `values.count == geometry.voxelCount`.
    public init(geometry: VolumeGeometry, values: [UInt8]) {
        precondition(values.count == geometry.voxelCount)
        (self.geometry, self.values) = (geometry, values)
    }

    /// Nothing.
    public init(geometry: VolumeGeometry) { self.init(geometry: geometry, values: [UInt8](repeating: 0, count: geometry.voxelCount)) }

    public subscript(column: Int, row: Int, slice: Int) -> UInt8 {
        get { values[(slice * geometry.height + row) * geometry.width + column] }
        set { values[(slice * geometry.height + row) * geometry.width + column] = newValue }
    }

    /// The number of a point's voxel; 0 outside.
    public func value(at point: SIMD3<Double>) -> UInt8 {
        let voxel = geometry.voxel(ofPoint: point).rounded(.toNearestOrAwayFromZero)
        guard voxel.x >= 0, voxel.y >= 0, voxel.z >= 0, voxel.x < Double(geometry.width), voxel.y < Double(geometry.height),
            voxel.z < Double(geometry.depth)
        else { return 0 }
        return self[Int(voxel.x), Int(voxel.y), Int(voxel.z)]
    }

    /// Voxels that are not 0.
    public var count: Int { values.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }

    /// Cubic millimetres.
    public var volume: Double { Double(count) * geometry.voxelVolume }

    /// The same on other voxels: each takes the number of the nearest.
    public func resampled(to target: VolumeGeometry, threads: Int = 0) -> VolumeMask {
        let map = target.map(to: geometry)
        let values = [UInt8](unsafeUninitializedCapacity: target.voxelCount) { buffer, count in
            cv_resample_mask(self.values, geometry.size, map, buffer.baseAddress, target.size, Int32(threads))
            count = target.voxelCount
        }
        return VolumeMask(geometry: target, values: values)
    }

    /// Millimetres from each voxel to the nearest that is not 0, squared.
    /// - Throws: `VolumeError` without memory.
    package func squaredDistances(threads: Int = 0) throws -> [Float] {
        let spacing = geometry.spacing
        var isDone = false
        let squared = [Float](unsafeUninitializedCapacity: geometry.voxelCount) { buffer, count in
            isDone = cv_distance(
                values, geometry.size, [spacing.x, spacing.y, spacing.z], Self.far, buffer.baseAddress, Int32(threads))
            count = geometry.voxelCount
        }
        guard isDone else { throw VolumeError.noMemory }
        return squared
    }

    /// The squared distance where nothing is near.
    static let far: Float = 1e12

    /// What is within `reach` millimetres.
    package func dilated(by reach: Double, threads: Int = 0) throws -> VolumeMask {
        let limit = Float(reach * reach)
        return VolumeMask(geometry: geometry, values: try squaredDistances(threads: threads).map { $0 <= limit ? 1 : 0 })
    }

    /// What is farther than `reach` millimetres from all that it is not.
    package func eroded(by reach: Double, threads: Int = 0) throws -> VolumeMask {
        let limit = Float(reach * reach)
        let complement = VolumeMask(geometry: geometry, values: values.map { $0 == 0 ? 1 : 0 })
        return VolumeMask(geometry: geometry, values: try complement.squaredDistances(threads: threads).map { $0 > limit ? 1 : 0 })
    }
}

extension VolumeGeometry {
    package var size: CVSize { CVSize(width: width, height: height, depth: depth) }
}
