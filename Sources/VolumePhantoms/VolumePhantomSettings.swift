/// How a drawn scan is acquired.
public struct VolumePhantomSettings: Hashable, Sendable {
    /// Rows and columns of a slice.
    public var matrix: Int
    /// Millimetres from edge to edge of a slice.
    public var fieldOfView: Double
    /// Millimetres from slice to slice.
    public var sliceSpacing: Double
    /// Slice thickness in millimetres: how far along z a voxel sees.
    public var thickness: Double
    /// Standard deviation of the noise in Hounsfield units.
    public var noise: Double
    /// Standard deviation in millimetres of the scanner's point spread within a slice.
    public var blur: Double
    /// How many nodules; `nil` draws a number, none in a fifth of the scans.
    public var nodules: Int?

    public init(
        matrix: Int = 512, fieldOfView: Double = 340, sliceSpacing: Double = 1.25, thickness: Double? = nil, noise: Double = 20,
        blur: Double = 0.6, nodules: Int? = nil
    ) {
        (self.matrix, self.fieldOfView, self.sliceSpacing) = (matrix, fieldOfView, sliceSpacing)
        (self.thickness, self.noise, self.blur, self.nodules) = (thickness ?? sliceSpacing, noise, blur, nodules)
    }
}
