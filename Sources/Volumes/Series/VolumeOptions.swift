/// What an assembly of slices may do.
public struct VolumeOptions: Hashable, Sendable {
    /// Of slices that are missing inside the lungs, or damaged.
    public enum Repair: String, Hashable, Sendable, CaseIterable {
        /// No volume. An interpolated slice can hide a nodule, or make one smaller.
        case refuse
        /// The neighbours are interpolated, and the record tells it.
        case bridge
    }

    /// Series Instance UID of the series that is meant; `nil` takes the best for nodules.
    public var series: String?
    public var missing: Repair
    public var damaged: Repair
    /// More are refused.
    public var maximumSlices: Int
    /// More are refused before memory is taken for them: two bytes each.
    public var maximumVoxels: Int
    /// 0 is as many as there are cores.
    public var threads: Int

    public init(
        series: String? = nil, missing: Repair = .refuse, damaged: Repair = .refuse, maximumSlices: Int = 2_500,
        maximumVoxels: Int = 700_000_000, threads: Int = 0
    ) {
        (self.series, self.missing, self.damaged) = (series, missing, damaged)
        (self.maximumSlices, self.maximumVoxels, self.threads) = (maximumSlices, maximumVoxels, threads)
    }
}
