import Volumes

/// A mask of a scan on the slices as they were acquired.
struct SliceOutlines {
    /// One slice that the mask touches.
    struct Outline {
        /// Which of the volume's slices.
        var slice: Int
        /// A byte a pixel of the slice.
        var pixels: [UInt8]
    }

    /// In the order of the slices. A mask that lies between two slices is told on the nearer.
    static func of(_ mask: VolumeMask, on slices: [VolumeSlice], centre: SIMD3<Double>) -> [Outline] {
        let corners = corners(of: mask.geometry)
        let found = slices.indices.compactMap { index -> Outline? in
            let slice = slices[index]
            let depths = corners.map { ($0 - slice.position).along(slice.normal) }
            guard let low = depths.min(), let high = depths.max(), low <= 0, high >= 0 else { return nil }
            return outline(mask, on: slice, index, corners: corners, depth: 0)
        }
        guard found.isEmpty else { return found }
        let nearest = slices.indices.min {
            abs((centre - slices[$0].position).along(slices[$0].normal)) < abs((centre - slices[$1].position).along(slices[$1].normal))
        }
        guard let nearest else { return [] }
        let slice = slices[nearest]
        let depth = (centre - slice.position).along(slice.normal)
        if let found = outline(mask, on: slice, nearest, corners: corners, depth: depth) { return [found] }
        // Smaller than a pixel: that at its centre.
        let offset = centre - slice.position
        let column = Int((offset.along(slice.rowDirection) / slice.spacing.y).rounded())
        let row = Int((offset.along(slice.columnDirection) / slice.spacing.x).rounded())
        guard column >= 0, column < slice.columns, row >= 0, row < slice.rows else { return [] }
        var pixels = [UInt8](repeating: 0, count: slice.columns * slice.rows)
        pixels[row * slice.columns + column] = 1
        return [Outline(slice: nearest, pixels: pixels)]
    }

    /// - Parameter depth: Millimetres from the slice at which the mask is looked at.
    private static func outline(
        _ mask: VolumeMask, on slice: VolumeSlice, _ index: Int, corners: [SIMD3<Double>], depth: Double
    ) -> Outline? {
        func range(_ direction: SIMD3<Double>, _ spacing: Double, _ count: Int) -> Range<Int> {
            let places = corners.map { ($0 - slice.position).along(direction) / spacing }
            let low = max(0, Int((places.min() ?? 0).rounded(.down))), high = min(count, Int((places.max() ?? 0).rounded(.up)) + 1)
            return low..<max(low, high)
        }
        var pixels = [UInt8](repeating: 0, count: slice.columns * slice.rows)
        var isEmpty = true
        let columns = range(slice.rowDirection, slice.spacing.y, slice.columns)
        for row in range(slice.columnDirection, slice.spacing.x, slice.rows) {
            for column in columns {
                let point =
                    slice.position + slice.rowDirection * (Double(column) * slice.spacing.y)
                    + slice.columnDirection * (Double(row) * slice.spacing.x) + slice.normal * depth
                guard mask.value(at: point) != 0 else { continue }
                pixels[row * slice.columns + column] = 1
                isEmpty = false
            }
        }
        return isEmpty ? nil : Outline(slice: index, pixels: pixels)
    }

    private static func corners(of geometry: VolumeGeometry) -> [SIMD3<Double>] {
        (0..<8).map { corner in
            geometry.point(
                ofVoxel: SIMD3(
                    corner & 1 == 0 ? -0.5 : Double(geometry.width) - 0.5, corner & 2 == 0 ? -0.5 : Double(geometry.height) - 0.5,
                    corner & 4 == 0 ? -0.5 : Double(geometry.depth) - 0.5))
        }
    }
}

extension SIMD3<Double> {
    fileprivate func along(_ direction: Self) -> Double { (self * direction).sum() }
}
