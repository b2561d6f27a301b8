import CCodecs
import Findings
import Foundation

/// PNG (ISO/IEC 15948) of every colour type and depth, through libpng. Alpha is dropped, gamma is left alone; turned upright
/// where its Exif data say how it lies.
public struct PNGDecoder: RadiographDecoder {
    public let name = "PNG"

    public init() {}

    public func recognises(_ bytes: Data) -> Bool { bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) }

    public func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        guard frame == 1 else { throw RadiographError(.noSuchFrame, "a PNG file has one frame") }
        let pixels: PixelImage = try bytes.withUnsafeBytes { raw in
            let source = raw.bindMemory(to: UInt8.self).baseAddress
            var header = CCPNGHeader()
            try CodecMessage.checked(.damaged) { cc_png_header(source, raw.count, &header, $0, $1) }
            let (width, height, bits) = (Int(header.width), Int(header.height), Int(header.bits))
            try limits.check(width: width, height: height)
            let samples: [UInt16] = try UnsafeBytes.filled(count: width * height) { target in
                try CodecMessage.checked(.damaged) { cc_png_decode(source, raw.count, &header, target.baseAddress, $0, $1) }
            }
            return PixelImage(width: width, height: height, bits: bits, samples: samples).upright(ExifOrientation(bytes))
        }
        return Radiograph(pixels: pixels, polarity: .lowIsBlack)
    }
}
