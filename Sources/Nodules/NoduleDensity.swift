import Volumes

/// What a nodule is made of, from the Hounsfield units of its voxels.
public struct NoduleDensity: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case solid
        case partSolid = "part-solid"
        case groundGlass = "ground-glass"
        /// The shares lie between two kinds, or the nodule is too small to see into.
        case unsure
    }

    public var kind: Kind
    /// Share of the inner voxels that are solid.
    public var solidShare: Double
    /// Mean of the inner voxels, Hounsfield units.
    public var mean: Double
    /// Axes of the solid part of a part-solid nodule.
    public var solidAxes: NoduleAxes?
    /// Cubic millimetres of it.
    public var solidVolume: Double?

    /// Hounsfield units from which a voxel is solid.
    static let solidLimit: Int16 = -300
    /// Inner voxels that are needed to tell.
    static let fewest = 12

    /// - Parameter mask: On the voxels of the volume.
    /// - Precondition: Both have the same geometry.
    /// - Returns: `nil` of an empty mask.
    public init?(_ mask: VolumeMask, in volume: Volume) {
        precondition(mask.geometry == volume.geometry)
        let geometry = mask.geometry
        var inner: [Int16] = []
        var all: [Int16] = []
        var solid = VolumeMask(geometry: geometry)
        func isInside(_ column: Int, _ row: Int, _ slice: Int) -> Bool {
            column >= 0 && row >= 0 && slice >= 0 && column < geometry.width && row < geometry.height && slice < geometry.depth
                && mask[column, row, slice] != 0
        }
        for slice in 0..<geometry.depth {
            for row in 0..<geometry.height {
                for column in 0..<geometry.width where mask[column, row, slice] != 0 {
                    let value = volume[column, row, slice]
                    all.append(value)
                    // At the edge a voxel is half lung: only those with all neighbours inside tell.
                    let isInner = [(1, 0), (-1, 0), (0, 1), (0, -1)].allSatisfy { isInside(column + $0.0, row + $0.1, slice) }
                    if isInner { inner.append(value) }
                    if value >= Self.solidLimit { solid[column, row, slice] = 1 }
                }
            }
        }
        guard !all.isEmpty else { return nil }
        let isSeen = inner.count >= Self.fewest
        let values = isSeen ? inner : all
        solidShare = Double(values.filter { $0 >= Self.solidLimit }.count) / Double(values.count)
        mean = Double(values.reduce(0) { $0 + Int($1) }) / Double(values.count)
        switch solidShare {
        case 0.85...: kind = .solid
        case ..<0.05 where isSeen: kind = .groundGlass
        case 0.1..<0.7 where isSeen: kind = .partSolid
        default: kind = .unsure
        }
        if kind == .partSolid {
            solidAxes = NoduleAxes(solid)
            solidVolume = solid.volume
        }
    }
}
