/// A block of voxels in Hounsfield units whose place in the patient is known, and how it came to be.
public struct Volume: Sendable {
    public var geometry: VolumeGeometry
    /// Hounsfield units, [depth, height, width]: columns fastest. None is below -1024; what the scanner did not see is -1000.
    public var values: [Int16]
    /// The slices that it was made of, in the order of its own; none where it came from no DICOM series.
    public var slices: [VolumeSlice]
    /// What was done to the slices.
    public var record: VolumeRecord

    /// - Precondition: `values.count == geometry.voxelCount`.
    public init(geometry: VolumeGeometry, values: [Int16], slices: [VolumeSlice] = [], record: VolumeRecord = VolumeRecord()) {
        precondition(values.count == geometry.voxelCount)
        (self.geometry, self.values, self.slices, self.record) = (geometry, values, slices, record)
    }

    public subscript(column: Int, row: Int, slice: Int) -> Int16 {
        values[(slice * geometry.height + row) * geometry.width + column]
    }

    /// Where a point lies on the images that a person looks at: the nearest slice, and the place on it.
    /// - Parameter point: Millimetres LPS.
    /// - Returns: `nil` outside of the series, and where the volume has no slices.
    public func slicePlace(of point: SIMD3<Double>) -> SlicePlace? {
        guard let nearest = slices.min(by: { abs($0.distance(to: point)) < abs($1.distance(to: point)) }) else { return nil }
        guard abs(nearest.distance(to: point)) <= max(record.spacing ?? 0, 1e-3) else { return nil }
        let place = nearest.place(of: point)
        guard (-0.5...Double(nearest.columns) - 0.5).contains(place.column), (-0.5...Double(nearest.rows) - 0.5).contains(place.row) else {
            return nil
        }
        return place
    }
}
