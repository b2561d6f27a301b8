import DICOM
import Foundation

/// A slice that a file claims, with a usable place.
struct FoundSlice: Sendable {
    /// Number of its source.
    var source: Int
    var name: String
    var header: SliceHeader
    var geometry: VolumeSlice

    var normal: SIMD3<Double> { geometry.normal }

    /// `nil` where the header has no usable place.
    init?(_ header: SliceHeader, source: Int, name: String) {
        guard let rows = header.rows, let columns = header.columns, rows > 0, columns > 0, rows <= 65_535, columns <= 65_535,
            let position = header.position, let row = header.rowDirection, let column = header.columnDirection,
            let spacing = header.spacing, spacing.x > 0.01, spacing.y > 0.01, spacing.x < 100, spacing.y < 100
        else { return nil }
        // Rounded decimals make vectors that are a little off; more is no orientation.
        guard abs(row.length - 1) < 0.01, abs(column.length - 1) < 0.01, abs(row.dot(column)) < 0.01,
            max(abs(position.x), abs(position.y), abs(position.z)) < 1e6
        else { return nil }
        self.source = source
        self.name = name
        self.header = header
        let unitRow = row / row.length
        var unitColumn = column - unitRow * unitRow.dot(column)
        unitColumn /= unitColumn.length
        geometry = VolumeSlice(
            name: name, sopInstanceUID: header.sopInstanceUID, frame: header.frame, columns: columns, rows: rows, position: position,
            rowDirection: unitRow, columnDirection: unitColumn, spacing: spacing)
    }

    /// The file, and the frame where it has several.
    var label: String { header.frameCount > 1 ? "\(name) frame \(header.frame)" : name }

    /// Whether both may lie in one volume: same series, frame of reference, orientation, size and kernel.
    func belongs(with other: FoundSlice) -> Bool {
        header.seriesInstanceUID == other.header.seriesInstanceUID && header.frameOfReferenceUID == other.header.frameOfReferenceUID
            && header.kernel == other.header.kernel && geometry.rows == other.geometry.rows && geometry.columns == other.geometry.columns
            && near(geometry.rowDirection, other.geometry.rowDirection) && near(geometry.columnDirection, other.geometry.columnDirection)
            && abs(geometry.spacing.x - other.geometry.spacing.x) < 1e-3 && abs(geometry.spacing.y - other.geometry.spacing.y) < 1e-3
    }

    private func near(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool { (a - b).length < 1e-3 }
}
