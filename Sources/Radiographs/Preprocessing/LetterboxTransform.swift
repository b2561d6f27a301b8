import Findings

/// Where an image lies in a network's input: `input = image * scale + offset`, in pixels, origin at the top-left corner of the
/// top-left pixel in both.
public struct LetterboxTransform: Hashable, Sendable {
    /// Input pixels per image pixel, the same both ways.
    public var scale: Double
    /// Input pixels left of the image.
    public var offsetX: Double
    /// Input pixels above the image.
    public var offsetY: Double

    public init(scale: Double, offsetX: Double, offsetY: Double) {
        self.scale = scale
        self.offsetX = offsetX
        self.offsetY = offsetY
    }

    /// The largest the image can be in an input of `width` x `height` pixels, in the middle.
    public init(imageWidth: Int, imageHeight: Int, width: Int, height: Int) {
        scale = min(Double(width) / Double(imageWidth), Double(height) / Double(imageHeight))
        offsetX = (Double(width) - Double(imageWidth) * scale) / 2
        offsetY = (Double(height) - Double(imageHeight) * scale) / 2
    }

    /// From pixels of the original image to pixels of the input.
    public func boxInInput(_ box: Box) -> Box {
        Box(x: box.x * scale + offsetX, y: box.y * scale + offsetY, width: box.width * scale, height: box.height * scale)
    }

    /// From pixels of the input to pixels of the original image; may reach past the image's edges.
    public func boxInImage(_ box: Box) -> Box {
        Box(x: (box.x - offsetX) / scale, y: (box.y - offsetY) / scale, width: box.width / scale, height: box.height / scale)
    }

    /// What an input of `width` x `height` pixels shows, in pixels of the image.
    public func rectangleInImage(width: Int, height: Int) -> Box {
        boxInImage(Box(x: 0, y: 0, width: Double(width), height: Double(height)))
    }
}
