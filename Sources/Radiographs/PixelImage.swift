/// A one-channel image in the depth it was stored in.
///
/// Samples are row-major, top row first, 0 is black. Radiographs and CT slices share it.
public struct PixelImage: Hashable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Significant bits a sample, 8 to 16; no sample exceeds `maximum`.
    public let bits: Int
    /// `width * height` samples.
    public var samples: [UInt16]

    /// - Precondition: `samples.count == width * height` and `8...16 ~= bits`; decoders check what comes from outside before.
    public init(width: Int, height: Int, bits: Int, samples: [UInt16]) {
        precondition(width > 0 && height > 0 && samples.count == width * height && (8...16).contains(bits))
        self.width = width
        self.height = height
        self.bits = bits
        self.samples = samples
    }

    /// The largest value a sample can have: 255 for 8 bits, 65535 for 16.
    public var maximum: Int { (1 << bits) - 1 }
}
