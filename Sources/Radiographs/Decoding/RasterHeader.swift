import CCodecs
import Foundation

/// What the header of a PNG or JPEG file claims; no pixel is decoded.
public struct RasterHeader: Hashable, Sendable {
    /// Columns of the upright picture.
    public var width: Int
    /// Rows of the upright picture.
    public var height: Int
    /// Bits a sample: 8 or 16.
    public var bits: Int
    /// How the picture is stored; every decoder here turns it upright, but other programs may read it as stored.
    public var orientation: ExifOrientation

    /// - Parameter bytes: The file, at least as far as its first pixels.
    /// - Throws: `RadiographError`.
    public init(_ bytes: Data) throws {
        if PNGDecoder().recognises(bytes) {
            var header = CCPNGHeader()
            try bytes.withUnsafeBytes { raw in
                let source = raw.bindMemory(to: UInt8.self).baseAddress
                try CodecMessage.checked(.damaged) { cc_png_header(source, raw.count, &header, $0, $1) }
            }
            (width, height, bits) = (Int(header.width), Int(header.height), Int(header.bits))
        } else if JPEGDecoder().recognises(bytes) {
            var header = CCJPEGHeader()
            try bytes.withUnsafeBytes { raw in
                let source = raw.bindMemory(to: UInt8.self).baseAddress
                try CodecMessage.checked(.damaged) { cc_jpeg_header(source, raw.count, &header, $0, $1) }
            }
            (width, height, bits) = (Int(header.width), Int(header.height), 8)
        } else {
            throw RadiographError(.unknownFormat, "the content is neither PNG nor JPEG")
        }
        orientation = ExifOrientation(bytes)
        if orientation.swapsAxes { swap(&width, &height) }
    }
}
