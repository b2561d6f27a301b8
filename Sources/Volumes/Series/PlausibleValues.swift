import CVolumes

/// Whether numbers can be Hounsfield units at all: a body has soft tissue near 0, and air around or inside it.
enum PlausibleValues {
    /// - Throws: `VolumeError` of code `notHounsfield`.
    static func check(_ volume: Volume) throws {
        var counts = [UInt64](repeating: 0, count: 4_096)
        cv_histogram(volume.values, volume.values.count, &counts, 0)
        func share(_ range: ClosedRange<Int>) -> Double {
            Double(counts[(range.lowerBound + 1_024)...(range.upperBound + 1_024)].reduce(0, +)) / Double(volume.values.count)
        }
        guard share(-200...300) >= 0.01 else {
            throw VolumeError(.notHounsfield, "hardly any voxel has the density of soft tissue: the values are not Hounsfield units")
        }
        guard share(-1_024 ... -700) >= 0.005 else {
            throw VolumeError(.notHounsfield, "hardly any voxel has the density of air: the values are not Hounsfield units")
        }
    }
}
