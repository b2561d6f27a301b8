import CCodecs
import Findings
import Foundation
import Geometry

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
    /// - Parameters:
    ///   - quality: 1 to 100.
    ///   - isFast: A much larger picture becomes the means of its blocks first: for the eye the same, and sooner done.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func jpegThumbnail(maximumSide: Int, quality: Int = 85, isFast: Bool = false) throws -> Data {
        let (width, height) = size(fitting: min(maximumSide, JPEGEncoder.maximumSide))
        let grey = isFast ? quickEightBitGrey(width: width, height: height) : eightBitGrey(width: width, height: height)
        return try grey.withUnsafeBufferPointer {
            try JPEGEncoder.encode($0.baseAddress, width: width, height: height, stride: width, layout: .grey, quality: quality)
        }
    }

    private func quickEightBitGrey(width: Int, height: Int) -> [UInt8] {
        let reduced = ReducedImage(self, covering: max(width, height))
        guard reduced.reduction > 1 else { return eightBitGrey(width: width, height: height) }
        let whole = reduced.inReducedPixels(Box(x: 0, y: 0, width: Double(self.width), height: Double(self.height)))
        // What is white is a matter of the whole image, not of its means.
        return reduced.pixels.eightBitGrey(of: whole, width: width, height: height, white: displayMaximum)
    }
}
