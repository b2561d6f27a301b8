import DICOM
import Volumes

/// A drawn CT scan of a chest: its voxels, and what is in it.
public struct VolumePhantom: Sendable {
    public var geometry: VolumeGeometry
    /// Hounsfield units, [depth, height, width].
    public var values: [Int16]
    public var nodules: [PhantomNodule]
    /// The number of the nodule that fills at least half of a voxel.
    public var noduleMask: VolumeMask
    /// 1 in the right lung, 2 in the left, vessels and nodules included.
    public var lungMask: VolumeMask
    public var thickness: Double

    public var volume: Volume { Volume(geometry: geometry, values: values) }

    /// The scan as a CT series.
    /// - Parameters:
    ///   - patient: Patient ID.
    ///   - source: Text that the UIDs are made from.
    public func series(patient: String, source: String) -> (series: ComputedTomographySeries, slices: [ComputedTomographySeries.Slice]) {
        var series = ComputedTomographySeries(
            columns: geometry.width, rows: geometry.height, spacing: SIMD2(geometry.spacing.y, geometry.spacing.x), thickness: thickness,
            patient: patient, source: source)
        series.rowDirection = geometry.columnStep / geometry.spacing.x
        series.columnDirection = geometry.rowStep / geometry.spacing.y
        let count = geometry.width * geometry.height
        let slices = (0..<geometry.depth).map { number in
            ComputedTomographySeries.Slice(
                position: geometry.point(ofVoxel: SIMD3(0, 0, Double(number))),
                values: Array(values[(number * count)..<((number + 1) * count)]), instanceNumber: geometry.depth - number)
        }
        return (series, slices)
    }
}
