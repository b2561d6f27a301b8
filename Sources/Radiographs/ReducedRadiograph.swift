/// A radiograph that may have been decoded at a part of its size, for a network and not for an eye.
public struct ReducedRadiograph: Hashable, Sendable {
    /// As decoded, with the original's size.
    public let image: ReducedImage
    /// What is known of the radiograph; its pixels are those of `image`.
    public let radiograph: Radiograph
    /// The radiograph at its full size, where that had to be decoded on the way.
    public let whole: Radiograph?

    /// - Precondition: The radiograph's pixels are those of the image.
    public init(image: ReducedImage, radiograph: Radiograph) {
        self.image = image
        self.radiograph = radiograph
        whole = image.reduction == 1 ? radiograph : nil
    }

    /// The radiograph itself, not reduced.
    public init(_ radiograph: Radiograph) {
        image = ReducedImage(radiograph.pixels)
        self.radiograph = radiograph
        whole = radiograph
    }

    /// From all of its pixels, as far as an input of `side` pixels a side allows it: what follows then works on a part of them.
    public init(_ whole: Radiograph, covering side: Int) {
        image = ReducedImage(whole.pixels, covering: side)
        var reduced = whole
        reduced.pixels = image.pixels
        if image.reduction > 1 { reduced.colour = whole.colour?.map { ReducedImage($0, covering: side).pixels } }
        radiograph = reduced
        self.whole = whole
    }
}
