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
        return try bytes.withUnsafeBytes { raw in
            let source = raw.bindMemory(to: UInt8.self).baseAddress
            var header = CCPNGHeader()
            try CodecMessage.checked(.damaged) { cc_png_header(source, raw.count, &header, $0, $1) }
            let (width, height, bits) = (Int(header.width), Int(header.height), Int(header.bits))
            try limits.check(width: width, height: height)
            var colour = [UInt16](repeating: 0, count: limits.keepsColour && header.channels == 3 ? 3 * width * height : 0)
            var spread: UInt64 = 0
            let samples: [UInt16] = try UnsafeBytes.filled(count: width * height) { target in
                try CodecMessage.checked(.damaged) { message, size in
                    colour.withUnsafeMutableBufferPointer { colour in
                        cc_png_decode(
                            source, raw.count, &header, target.baseAddress, colour.isEmpty ? nil : colour.baseAddress, &spread, message,
                            size)
                    }
                }
            }
            let orientation = ExifOrientation(bytes)
            let pixels = PixelImage(width: width, height: height, bits: bits, samples: samples)
            var radiograph = Radiograph(pixels: pixels.upright(orientation), polarity: .lowIsBlack)
            radiograph.colourfulness = Double(spread) / Double(width * height) / Double(pixels.maximum)
            if !colour.isEmpty {
                radiograph.colour = ColourPlanes(planar: colour, width: width, height: height, bits: bits).map { $0.upright(orientation) }
            }
            return radiograph
        }
    }
}
