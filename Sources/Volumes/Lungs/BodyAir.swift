import CVolumes

/// Air inside the body.
struct BodyAir {
    let geometry: VolumeGeometry
    let values: [Int16]
    /// 1 where air is that the body encloses.
    let mask: [UInt8]
    /// The body's middle on x, in voxels.
    let middle: Double

    /// Hounsfield units; lung is below, soft tissue above, as nearly all methods have it.
    private static let limit: Int16 = -320

    /// - Throws: `VolumeError` without memory, or of code `notAChest` without a body.
    init(_ body: Volume, threads: Int) throws {
        geometry = body.geometry
        values = body.values
        var tissue = [UInt8](repeating: 0, count: values.count)
        cv_threshold(values, tissue.count, Self.limit, .max, &tissue, Int32(threads))
        let solid = try VoxelPieces.find(tissue, geometry, values: nil)
        guard let largest = solid.pieces.indices.max(by: { solid.pieces[$0].voxels < solid.pieces[$1].voxels }),
            solid.pieces[largest].voxels > 100_000
        else { throw VolumeError(.notAChest, "no body was found") }
        middle = solid.pieces[largest].meanX
        // Slice by slice what the body encloses: so the table and what lies under it are left out.
        var inside = solid.labels.map { $0 == UInt32(largest + 1) ? UInt8(1) : 0 }
        guard cv_fill_slices(&inside, geometry.size, Int32(threads)) else { throw VolumeError.noMemory }
        // Air that hangs together with that around the body is none of the lungs, though an arm may enclose it in a slice.
        let air = tissue.map { 1 - $0 }
        let found = try VoxelPieces.find(air, geometry, values: nil)
        let isOutside = found.pieces.map { $0.touchesX != 0 || $0.touchesY != 0 }
        var mask = [UInt8](repeating: 0, count: air.count)
        for index in mask.indices where inside[index] != 0 && found.labels[index] != 0 {
            if !isOutside[Int(found.labels[index]) - 1] { mask[index] = 1 }
        }
        self.mask = mask
    }
}
