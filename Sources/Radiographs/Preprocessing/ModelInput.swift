/// What a network gets to see of one image, and the way back.
public struct ModelInput: Hashable, Sendable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// `[H, W]` values, row-major, after every step.
    public var values: [Float]
    /// From pixels of the original image to pixels of this input.
    public var transform: LetterboxTransform

    public init(width: Int, height: Int, values: [Float], transform: LetterboxTransform) {
        self.width = width
        self.height = height
        self.values = values
        self.transform = transform
    }
}
