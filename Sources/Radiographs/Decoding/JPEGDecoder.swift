import CCodecs
import Findings
import Foundation

/// JPEG (ITU-T T.81), 8 bits, grey, colour or CMYK, through TurboJPEG.
public struct JPEGDecoder: RadiographDecoder {
    public let name = "JPEG"

    public init() {}

    public func recognises(_ bytes: Data) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

    public func decode(_ bytes: Data, path: String, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        guard frame == 1 else { throw RadiographError(.noSuchFrame, "a JPEG file has one frame") }
        let pixels: PixelImage = try bytes.withUnsafeBytes { raw in
            let source = raw.bindMemory(to: UInt8.self).baseAddress
            var header = CCJPEGHeader()
            try CodecMessage.checked(.damaged) { cc_jpeg_header(source, raw.count, &header, $0, $1) }
            let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
            try limits.check(width: width, height: height)
            let decoded = try UnsafeBytes.filled(count: width * height * channels) { target in
                try CodecMessage.checked(.damaged) { cc_jpeg_decode(source, raw.count, &header, target.baseAddress, $0, $1) }
            }
            let samples = decoded.withUnsafeBufferPointer { buffer in
                switch channels {
                case 1: Luminance.widened(buffer)
                case 3: Luminance.grey(rgb: buffer, count: width * height)
                default: Self.rgb(cmyk: buffer).withUnsafeBufferPointer { Luminance.grey(rgb: $0, count: width * height) }
                }
            }
            return PixelImage(width: width, height: height, bits: 8, samples: samples)
        }
        return Radiograph(pixels: pixels, reference: ImageReference(path: path), polarity: .lowIsBlack)
    }

    /// Adobe writes CMYK inverted, so 255 is no ink: each colour is what its ink and the black let through.
    private static func rgb(cmyk: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var rgb = [UInt8]()
        rgb.reserveCapacity(cmyk.count / 4 * 3)
        for start in stride(from: 0, to: cmyk.count, by: 4) {
            let black = UInt32(cmyk[start + 3])
            for ink in 0..<3 { rgb.append(UInt8((UInt32(cmyk[start + ink]) * black + 127) / 255)) }
        }
        return rgb
    }
}
