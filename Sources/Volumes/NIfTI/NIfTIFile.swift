import Foundation

/// NIfTI-1 files (nifti1.h, Cox et al. 2004), for researchers' tools: `.nii`, and `.nii.gz` where the name says so.
///
/// NIfTI counts millimetres to the right, front and head (RAS), DICOM to the left, back and head (LPS): x and y change their signs on
/// the way.
public enum NIfTIFile {
    /// Hounsfield units, 16 bits signed.
    /// - Throws: `VolumeError` of a volume with more than 32,767 voxels along an axis.
    public static func bytes(of volume: Volume, isCompressed: Bool) throws -> Data {
        let samples = volume.values.withUnsafeBytes { Data($0) }
        return try bytes(volume.geometry, samples, kind: .int16, isCompressed: isCompressed)
    }

    /// Numbers of a mask, 8 bits.
    public static func bytes(of mask: VolumeMask, isCompressed: Bool) throws -> Data {
        try bytes(mask.geometry, Data(mask.values), kind: .uint8, isCompressed: isCompressed)
    }

    private static func bytes(_ geometry: VolumeGeometry, _ samples: Data, kind: NIfTIKind, isCompressed: Bool) throws -> Data {
        let whole = try NIfTIHeader(geometry, kind).bytes + samples
        guard isCompressed else { return whole }
        guard let compressed = Gzip.compressed(whole, comment: NIfTIHeader.mark) else { throw VolumeError.noMemory }
        return compressed
    }

    /// Most bytes that a file may hold.
    private static let largest = 4 << 30

    /// A volume in Hounsfield units; slope and intercept of the file are applied.
    /// - Throws: `VolumeError` of code `badFile`.
    public static func volume(_ bytes: Data) throws -> Volume {
        let (header, samples) = try content(bytes)
        var values = [Int16](repeating: 0, count: header.geometry.voxelCount)
        try header.forEachValue(samples) { index, value in
            values[index] = value.isFinite ? Int16(max(-1_024, min(32_767, value.rounded()))) : Volume.air
        }
        var record = VolumeRecord()
        record.spacing = header.geometry.spacing.z
        return Volume(geometry: header.geometry, values: values, record: record)
    }

    /// A mask; numbers over 255 are cut.
    /// - Throws: `VolumeError` of code `badFile`.
    public static func mask(_ bytes: Data) throws -> VolumeMask {
        let (header, samples) = try content(bytes)
        var values = [UInt8](repeating: 0, count: header.geometry.voxelCount)
        try header.forEachValue(samples) { index, value in values[index] = value.isFinite ? UInt8(max(0, min(255, value.rounded()))) : 0 }
        return VolumeMask(geometry: header.geometry, values: values)
    }

    private static func content(_ bytes: Data) throws -> (NIfTIHeader, Data) {
        var whole = bytes
        if Gzip.isCompressed(bytes) {
            guard let inflated = Gzip.inflated(bytes, limit: largest) else {
                throw VolumeError(.badFile, "the gzip stream is damaged or ends early")
            }
            whole = inflated
        }
        let header = try NIfTIHeader(whole)
        let needed = header.geometry.voxelCount * header.kind.size
        guard whole.count - header.offset >= needed else {
            throw VolumeError(.badFile, "\(max(0, whole.count - header.offset)) bytes of voxels, \(needed) are needed")
        }
        return (header, whole.dropFirst(header.offset).prefix(needed))
    }
}
