import CVolumes

extension Volume {
    /// The same on other voxels: trilinear, and where they are coarser than those of the volume the mean over their size. Outside is air.
    /// - Throws: `VolumeError` without memory.
    public func resampled(to target: VolumeGeometry, threads: Int = 0) throws -> Volume {
        let map = target.map(to: geometry)
        // How many voxels of the volume one of the target is long, along each of its axes.
        let lengths = (0..<3).map { column in
            (0..<3).map { map[4 * $0 + column] * map[4 * $0 + column] }.reduce(0, +).squareRoot()
        }
        let taps = lengths.map { Int32(max(1, min(8, ($0 - 0.25).rounded(.up)))) }
        var isDone = false
        let values = [Int16](unsafeUninitializedCapacity: target.voxelCount) { buffer, count in
            isDone = cv_resample(
                self.values, geometry.size, map, taps, Self.air, buffer.baseAddress, target.size, Int32(threads))
            count = isDone ? target.voxelCount : 0
        }
        guard isDone else { throw VolumeError.noMemory }
        return Volume(geometry: target, values: values, slices: slices, record: record)
    }

    /// Hounsfield units of what the scanner did not see.
    static let air: Int16 = -1000
}
