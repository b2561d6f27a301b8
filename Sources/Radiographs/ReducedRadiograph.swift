/// A radiograph that may have been decoded at a part of its size, for a network and not for an eye.
public struct ReducedRadiograph: Hashable, Sendable {
    /// As decoded, with the original's size.
    public let image: ReducedImage
    /// What is known of the radiograph; its pixels are those of `image`.
    public let radiograph: Radiograph

    /// - Precondition: The radiograph's pixels are those of the image.
    public init(image: ReducedImage, radiograph: Radiograph) {
        self.image = image
        self.radiograph = radiograph
    }

    /// The radiograph itself, not reduced.
    public init(_ radiograph: Radiograph) { self.init(image: ReducedImage(radiograph.pixels), radiograph: radiograph) }
}
