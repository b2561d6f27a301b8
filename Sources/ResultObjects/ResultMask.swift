/// What a model outlined on an image, pixel by pixel.
public struct ResultMask: Hashable, Sendable {
    /// The name in the label map; its code is the segment's.
    public var label: String
    /// SOP Instance UID of the image.
    public var image: String
    /// Of the image.
    public var rows: Int
    /// Of the image.
    public var columns: Int
    /// [rows * columns], row-major from the top left; 0 is outside, everything else inside.
    public var pixels: [UInt8]

    public init(label: String, image: String, rows: Int, columns: Int, pixels: [UInt8]) {
        (self.label, self.image, self.rows, self.columns, self.pixels) = (label, image, rows, columns, pixels)
    }
}
