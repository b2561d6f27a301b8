/// The way between pixels of the original image and pixels of the network's input.
public struct LetterboxTransform: Hashable, Sendable {
    /// Input pixels an image pixel.
    public let scale: Double
    /// Where the image's left edge lies in the input.
    public let offsetX: Double
    /// Where the image's top edge lies in the input.
    public let offsetY: Double

    public init(imageWidth: Int, imageHeight: Int, inputWidth: Int, inputHeight: Int) {
        scale = min(Double(inputWidth) / Double(imageWidth), Double(inputHeight) / Double(imageHeight))
        offsetX = (Double(inputWidth) - Double(imageWidth) * scale) / 2
        offsetY = (Double(inputHeight) - Double(imageHeight) * scale) / 2
    }

    public func boxInInput(_ box: Box) -> Box {
        Box(x: box.x * scale + offsetX, y: box.y * scale + offsetY, width: box.width * scale, height: box.height * scale)
    }

    public func boxInImage(_ box: Box) -> Box {
        Box(x: (box.x - offsetX) / scale, y: (box.y - offsetY) / scale, width: box.width / scale, height: box.height / scale)
    }

    /// The whole input as a rectangle in pixels of the image.
    public func inputFrame(width: Int, height: Int) -> Box { boxInImage(Box(x: 0, y: 0, width: Double(width), height: Double(height))) }
}
