import CCodecs
import Findings
import Foundation

/// JPEG (ITU-T T.81), 8 bits, grey, colour or CMYK, through TurboJPEG; turned upright where its Exif data say how it lies.
public struct JPEGDecoder: RadiographDecoder {
    public let name = "JPEG"

    public init() {}

    public func recognises(_ bytes: Data) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

    public func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        try Self.decode(bytes, frame: frame, limits: limits, covering: nil).radiograph
    }

    /// By leaving out the finer part of the cosine transform (T.81's blocks of 8 x 8 become 4 x 4, 2 x 2 or 1).
    public func decode(
        _ bytes: Data, frame: Int, limits: DecodingLimits, covering side: Int
    ) throws -> ReducedRadiograph {
        let (image, radiograph) = try Self.decode(bytes, frame: frame, limits: limits, covering: side)
        return ReducedRadiograph(image: image, radiograph: radiograph)
    }

    private static func decode(
        _ bytes: Data, frame: Int, limits: DecodingLimits, covering side: Int?
    ) throws -> (image: ReducedImage, radiograph: Radiograph) {
        guard frame == 1 else { throw RadiographError(.noSuchFrame, "a JPEG file has one frame") }
        return try bytes.withUnsafeBytes { raw in
            let source = raw.bindMemory(to: UInt8.self).baseAddress
            var header = CCJPEGHeader()
            try CodecMessage.checked(.damaged) { cc_jpeg_header(source, raw.count, &header, $0, $1) }
            let channels = Int(header.channels)
            try limits.check(width: Int(header.width), height: Int(header.height))
            let reduction = side.map { ReducedImage.reduction(width: Int(header.width), height: Int(header.height), covering: $0) } ?? 1
            let width = (Int(header.width) + reduction - 1) / reduction
            let height = (Int(header.height) + reduction - 1) / reduction
            func decode(into target: UnsafeMutablePointer<UInt8>?) throws {
                try CodecMessage.checked(.damaged) { cc_jpeg_decode(source, raw.count, &header, Int32(reduction), target, $0, $1) }
            }
            let samples: [UInt16]
            var (colour, colourfulness) = (ColourPlanes?.none, 0.0)
            if channels == 1 {
                samples = try UnsafeBytes.widened(count: width * height, decode)
            } else {
                let decoded: [UInt8] = try UnsafeBytes.filled(count: width * height * channels) { try decode(into: $0.baseAddress) }
                samples = (channels == 3 ? decoded : decoded.withUnsafeBufferPointer(rgb(cmyk:))).withUnsafeBufferPointer { rgb in
                    colourfulness = Colourfulness.mean(rgb: rgb, count: width * height)
                    if limits.keepsColour { colour = ColourPlanes(interleaved: rgb, width: width, height: height) }
                    return Luminance.grey(rgb: rgb, count: width * height)
                }
            }
            let orientation = ExifOrientation(bytes)
            let (columns, rows) = (Int(header.width), Int(header.height))
            let image = ReducedImage(
                PixelImage(width: width, height: height, bits: 8, samples: samples).upright(orientation),
                width: orientation.swapsAxes ? rows : columns, height: orientation.swapsAxes ? columns : rows, reduction: reduction)
            var radiograph = Radiograph(pixels: image.pixels, polarity: .lowIsBlack)
            radiograph.colour = colour?.map { $0.upright(orientation) }
            radiograph.colourfulness = colourfulness
            return (image, radiograph)
        }
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
