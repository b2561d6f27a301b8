/// A block of voxels of 1 mm along the patient's axes, in steps of 6 Hounsfield units: what the networks of nodules see.
public struct VoxelBlock: Sendable {
    public var width: Int
    public var height: Int
    public var depth: Int
    /// [depth, height, width], columns fastest: 0 is -1000 HU or less, 250 is 500 HU or more.
    public var values: [UInt8]

    /// - Precondition: `values.count == width * height * depth`.
    public init(width: Int, height: Int, depth: Int, values: [UInt8]) {
        precondition(values.count == width * height * depth)
        (self.width, self.height, self.depth, self.values) = (width, height, depth, values)
    }

    /// - Precondition: `hounsfield.count == width * height * depth`.
    public init(width: Int, height: Int, depth: Int, hounsfield: [Int16]) {
        precondition(hounsfield.count == width * height * depth)
        (self.width, self.height, self.depth) = (width, height, depth)
        values = hounsfield.map(Self.value)
    }

    /// round((clip(HU, -1000, 500) + 1000) / 6).
    public static func value(_ hounsfield: Int16) -> UInt8 {
        UInt8((min(max(Int(hounsfield), -1_000), 500) + 1_000 + 3) / 6)
    }

    /// A voxel's Hounsfield units.
    public static func hounsfield(_ value: UInt8) -> Int16 { Int16(value) * 6 - 1_000 }

    /// What a network gets of a voxel: -1 at -1000 HU, 1 at 500 HU.
    public static func input(_ value: Float) -> Float { value / 125 - 1 }

    public var whole: VoxelBounds { VoxelBounds(low: .zero, high: SIMD3(width - 1, height - 1, depth - 1)) }
}

/// The voxels from one to another, both inside.
public struct VoxelBounds: Hashable, Sendable {
    public var low: SIMD3<Int>
    public var high: SIMD3<Int>

    public init(low: SIMD3<Int>, high: SIMD3<Int>) { (self.low, self.high) = (low, high) }

    /// What lies in both; `nil` where nothing does.
    public func intersection(_ other: VoxelBounds) -> VoxelBounds? {
        let (low, high) = (pointwiseMax(low, other.low), pointwiseMin(high, other.high))
        return any(low .> high) ? nil : VoxelBounds(low: low, high: high)
    }
}
