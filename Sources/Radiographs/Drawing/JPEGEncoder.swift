import CCodecs
import Foundation

/// JPEG (ITU-T T.81) written through TurboJPEG.
enum JPEGEncoder {
    /// How the pixels lie in memory.
    enum Layout: Int32 {
        /// One byte a pixel.
        case grey = 1
        /// Four bytes a pixel, blue first, the last unused: Cairo's RGB24 on little-endian machines.
        case blueGreenRedUnused = 4
    }

    /// What JPEG's 16-bit sizes allow, with libjpeg's own margin.
    static let maximumSide = 65_500

    /// - Parameters:
    ///   - pixels: `height` rows of `stride` bytes.
    ///   - quality: 1 to 100.
    static func encode(
        _ pixels: UnsafePointer<UInt8>?, width: Int, height: Int, stride: Int, layout: Layout, quality: Int
    ) throws -> Data {
        guard let width = Int32(exactly: width), let height = Int32(exactly: height), let stride = Int32(exactly: stride) else {
            throw RadiographError(.cannotWrite, "the image is too large for JPEG")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { cc_jpeg_free(bytes) }
        try CodecMessage.checked(.cannotWrite) {
            cc_jpeg_encode(pixels, width, height, stride, layout.rawValue, Int32(max(1, min(100, quality))), &bytes, &count, $0, $1)
        }
        guard let bytes else { throw RadiographError(.cannotWrite, "the encoder gave no bytes") }
        return Data(bytes: bytes, count: count)
    }
}
