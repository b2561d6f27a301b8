import CCodecs
import Foundation

extension PixelImage {
    /// A PNG file (ISO/IEC 15948) with every sample as it is: 8 bits where the image has 8, 16 otherwise. The values are not stretched.
    /// - Parameter isFast: Four times as fast, a little larger.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func png(isFast: Bool = false) throws -> Data {
        guard let width = Int32(exactly: width), let height = Int32(exactly: height) else {
            throw RadiographError(.cannotWrite, "the image is too large for PNG")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { cc_png_free(bytes) }
        if bits == 8 {
            let narrow = samples.map { UInt8(truncatingIfNeeded: $0) }
            try CodecMessage.checked(.cannotWrite) { cc_png_encode_grey(narrow, width, height, 8, isFast, &bytes, &count, $0, $1) }
        } else {
            try CodecMessage.checked(.cannotWrite) { cc_png_encode_grey(samples, width, height, 16, isFast, &bytes, &count, $0, $1) }
        }
        guard let bytes else { throw RadiographError(.cannotWrite, "the encoder gave no bytes") }
        return Data(bytes: bytes, count: count)
    }

    /// A grey 8-bit JPEG (ITU-T T.81) of the picture, made smaller until its longer side is at most `maximumSide`.
    /// - Parameter quality: 1 to 100.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func jpegThumbnail(maximumSide: Int, quality: Int = 85) throws -> Data {
        let (width, height) = size(fitting: min(maximumSide, JPEGEncoder.maximumSide))
        return try eightBitGrey(width: width, height: height).withUnsafeBufferPointer {
            try JPEGEncoder.encode($0.baseAddress, width: width, height: height, stride: width, layout: .grey, quality: quality)
        }
    }
}
