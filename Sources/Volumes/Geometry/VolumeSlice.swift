/// A slice as its file has it, before a volume was made of it.
public struct VolumeSlice: Hashable, Sendable {
    /// The file, as whoever named it called it.
    public var name: String
    public var sopInstanceUID: String?
    /// From 1.
    public var frame: Int
    public var columns: Int
    public var rows: Int
    /// The centre of the first pixel, millimetres LPS.
    public var position: SIMD3<Double>
    /// Unit vectors along a row and along a column.
    public var rowDirection: SIMD3<Double>
    public var columnDirection: SIMD3<Double>
    /// Millimetres from row to row, and from column to column.
    public var spacing: SIMD2<Double>

    public var normal: SIMD3<Double> { rowDirection.cross(columnDirection) }

    /// Millimetres from the slice's plane to a point, along its normal.
    func distance(to point: SIMD3<Double>) -> Double { (point - position).dot(normal) }

    /// The point of its plane that is nearest.
    func place(of point: SIMD3<Double>) -> SlicePlace {
        let offset = point - position
        return SlicePlace(
            sopInstanceUID: sopInstanceUID, frame: frame, name: name, column: offset.dot(rowDirection) / spacing.y,
            row: offset.dot(columnDirection) / spacing.x)
    }
}

/// A place on an image of a series.
public struct SlicePlace: Hashable, Sendable, Codable {
    public var sopInstanceUID: String?
    /// From 1.
    public var frame: Int
    /// The file.
    public var name: String
    /// From 0; whole numbers are the centres of pixels.
    public var column: Double
    public var row: Double

    private enum CodingKeys: String, CodingKey {
        case sopInstanceUID = "sop_instance_uid"
        case frame, name = "file", column, row
    }
}
