import Findings

/// A radiograph or slice ready to be looked at: one channel, white is dense (bone), black is air, with what is known of it.
///
/// Window, lookup tables and polarity of the file are already applied; boxes refer to these pixels.
public struct Radiograph: Hashable, Sendable {
    /// How the file stored grey: which end of the scale is white (DICOM Photometric Interpretation).
    public enum Polarity: Hashable, Sendable {
        /// Low values are black, MONOCHROME2, PNG and JPEG.
        case lowIsBlack
        /// Low values are white, MONOCHROME1; already turned round in `pixels`.
        case lowIsWhite
    }

    public var pixels: PixelImage
    /// The colours of the same picture, where it has any and whoever decoded it asked for them (`DecodingLimits.keepsColour`).
    public var colour: ColourPlanes?
    /// How much colour the file has, 0...1: the mean distance of the largest from the smallest of a pixel's three samples, as a share of full
    /// scale. 0 for a grey file; known whether or not the colours were kept.
    public var colourfulness = 0.0
    public var header: ImageHeader
    public var polarity: Polarity?
    /// What a reader should know of the decoding.
    public var warnings: [ImageWarning]

    public init(pixels: PixelImage, header: ImageHeader = ImageHeader(), polarity: Polarity? = nil, warnings: [ImageWarning] = []) {
        self.pixels = pixels
        self.header = header
        self.polarity = polarity
        self.warnings = warnings
    }
}
