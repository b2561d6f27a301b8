import CVolumes

/// Whether a slice by itself shows lungs: air that the body encloses.
enum LungArea {
    /// Square millimetres; the trachea and gas of the bowel have less.
    private static let least = 2_000.0

    static func isInLungs(_ slice: FoundSlice, _ sources: [SliceSource]) throws -> Bool {
        let values = try SlicePixels.values(slice, sources)
        let (width, height) = (slice.geometry.columns, slice.geometry.rows)
        var room = [UInt8](repeating: 0, count: values.count)
        var stack = [UInt32](repeating: 0, count: values.count)
        let enclosed = cv_enclosed(values, width, height, -320, &room, &stack)
        return Double(enclosed) * slice.geometry.spacing.x * slice.geometry.spacing.y >= least
    }
}
