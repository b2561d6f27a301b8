import CVolumes

/// Voxels that hang together by steps to their six neighbours.
enum VoxelPieces {
    /// - Returns: For each voxel the number of its piece from 1, 0 outside; and each piece.
    /// - Throws: `VolumeError` without memory.
    static func find(_ mask: [UInt8], _ geometry: VolumeGeometry, values: [Int16]?) throws -> (labels: [UInt32], pieces: [CVPiece]) {
        var count: Int64 = -1
        let labels = [UInt32](unsafeUninitializedCapacity: mask.count) { buffer, filled in
            count = cv_label(mask, geometry.size, buffer.baseAddress)
            filled = mask.count
        }
        guard count >= 0 else { throw VolumeError.noMemory }
        var pieces = [CVPiece](repeating: CVPiece(), count: Int(count))
        if count > 0 { cv_pieces(labels, geometry.size, values, &pieces, pieces.count) }
        return (labels, pieces)
    }
}

extension CVPiece {
    /// Mean of the values.
    var mean: Double { voxels > 0 ? Double(sum) / Double(voxels) : 0 }
    var meanX: Double { voxels > 0 ? Double(sumX) / Double(voxels) : 0 }
}
