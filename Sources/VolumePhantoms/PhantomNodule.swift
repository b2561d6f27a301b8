/// A nodule that was drawn, and therefore known.
public struct PhantomNodule: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case solid
        case partSolid = "part-solid"
        case groundGlass = "ground-glass"
    }
    public enum Attachment: String, Hashable, Sendable, Codable, CaseIterable {
        case free, vessel, pleura
    }

    /// From 1; the number in the mask.
    public var number: Int
    /// Centre of the voxels that it fills, millimetres LPS.
    public var centre: SIMD3<Double>
    /// Mean of long and short axis on the axial plane of its largest area, millimetres.
    public var diameter: Double
    public var longAxis: Double
    public var shortAxis: Double
    /// Cubic millimetres.
    public var volume: Double
    public var kind: Kind
    public var attachment: Attachment
    /// Of the solid part of a part-solid one, as `diameter`.
    public var solidDiameter: Double?
}
