/// Where the voxels of a volume lie in the patient.
///
/// Places are millimetres in DICOM's frame (PS3.3 C.7.6.2.1.1): x to the patient's left, y to the back, z to the head (LPS). A voxel has
/// column, row and slice from 0; whole numbers are its centre.
public struct VolumeGeometry: Hashable, Sendable, Codable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Slices.
    public var depth: Int
    /// The centre of the first voxel.
    public var origin: SIMD3<Double>
    /// From a voxel to that of the next column, row and slice. The three need not stand at right angles.
    public var columnStep: SIMD3<Double>
    public var rowStep: SIMD3<Double>
    public var sliceStep: SIMD3<Double>

    private enum CodingKeys: String, CodingKey {
        case width, height, depth, origin
        case columnStep = "column_step"
        case rowStep = "row_step"
        case sliceStep = "slice_step"
    }

    public init(
        width: Int, height: Int, depth: Int, origin: SIMD3<Double>, columnStep: SIMD3<Double>, rowStep: SIMD3<Double>,
        sliceStep: SIMD3<Double>
    ) {
        (self.width, self.height, self.depth, self.origin) = (width, height, depth, origin)
        (self.columnStep, self.rowStep, self.sliceStep) = (columnStep, rowStep, sliceStep)
    }

    public var voxelCount: Int { width * height * depth }

    /// Millimetres from column to column, row to row and slice to slice.
    public var spacing: SIMD3<Double> { SIMD3(columnStep.length, rowStep.length, sliceStep.length) }

    /// Cubic millimetres.
    public var voxelVolume: Double { abs(columnStep.dot(rowStep.cross(sliceStep))) }

    /// - Parameter voxel: Column, row, slice; fractions are between voxels.
    /// - Returns: Millimetres LPS.
    public func point(ofVoxel voxel: SIMD3<Double>) -> SIMD3<Double> {
        origin + columnStep * voxel.x + rowStep * voxel.y + sliceStep * voxel.z
    }

    /// - Parameter point: Millimetres LPS.
    /// - Returns: Column, row, slice.
    public func voxel(ofPoint point: SIMD3<Double>) -> SIMD3<Double> {
        let place = point - origin
        let determinant = columnStep.dot(rowStep.cross(sliceStep))
        return SIMD3(
            place.dot(rowStep.cross(sliceStep)), place.dot(sliceStep.cross(columnStep)), place.dot(columnStep.cross(rowStep))) / determinant
    }

    /// Whether a point lies in one of the voxels.
    public func contains(_ point: SIMD3<Double>) -> Bool {
        let voxel = voxel(ofPoint: point)
        return (-0.5...Double(width) - 0.5).contains(voxel.x) && (-0.5...Double(height) - 0.5).contains(voxel.y)
            && (-0.5...Double(depth) - 0.5).contains(voxel.z)
    }

    /// The affine map from this geometry's voxels to another's: three rows of four.
    func map(to other: VolumeGeometry) -> [Double] {
        let start = other.voxel(ofPoint: origin)
        let steps = [columnStep, rowStep, sliceStep].map { other.voxel(ofPoint: origin + $0) - start }
        return (0..<3).flatMap { row in steps.map { $0[row] } + [start[row]] }
    }

    /// The smallest geometry along the patient's own axes that holds this one, with voxels of equal sides.
    /// - Parameter side: Millimetres.
    public func isotropic(_ side: Double = 1) -> VolumeGeometry {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = -low
        // A corner is half a voxel beyond the last centre.
        for corner in 0..<8 {
            let voxel = SIMD3(
                corner & 1 == 0 ? -0.5 : Double(width) - 0.5, corner & 2 == 0 ? -0.5 : Double(height) - 0.5,
                corner & 4 == 0 ? -0.5 : Double(depth) - 0.5)
            let point = point(ofVoxel: voxel)
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        let counts = ((high - low) / side - 1e-6).rounded(.up)
        return VolumeGeometry(
            width: max(1, Int(counts.x)), height: max(1, Int(counts.y)), depth: max(1, Int(counts.z)), origin: low + side / 2,
            columnStep: SIMD3(side, 0, 0), rowStep: SIMD3(0, side, 0), sliceStep: SIMD3(0, 0, side))
    }
}

extension SIMD3<Double> {
    package func dot(_ other: Self) -> Double { (self * other).sum() }
    package func cross(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }
    package var length: Double { dot(self).squareRoot() }
}
