import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// PNG and JPEG of every variant have the grey that PIL has.
@Suite struct DecoderOracleTests {
    let registry = DrawnPictures.decoders

    @Test func everyVariantEqualsPIL() throws {
        let files = try PixelOracle.read().files
        #expect(files.filter { $0.file.hasSuffix(".png") }.count == 44)
        #expect(files.filter { $0.file.hasSuffix(".jpg") }.count == 10)
        for file in files {
            let image = try registry.decode(path: PixelOracle.oracle.file(file.file).path)
            let expected = try PixelOracle.oracle.words(file.file + ".u16")
            let pixels = image.pixels
            #expect(pixels.width == file.width && pixels.height == file.height && pixels.bits == file.bits, "\(file.file)")
            let worst = zip(pixels.samples, expected).map { abs(Int($0) - Int($1)) }.max()
            #expect(worst == 0, "\(file.file)")
            #expect(image.polarity == .lowIsBlack && image.header == ImageHeader())
        }
    }

    /// However a camera held it, it stands upright, whole and reduced, and the header knows its size.
    @Test func whatExifTurnsIsUpright() throws {
        let files = try PixelOracle.read().turned
        #expect(files.count == 16)
        var lying = 0
        for file in files {
            let bytes = try Data(contentsOf: PixelOracle.oracle.file(file.file))
            let image = try registry.decode(bytes)
            #expect(image.pixels.width == file.width && image.pixels.height == file.height, "\(file.file)")
            #expect(try image.pixels.samples == PixelOracle.oracle.words(file.file + ".u16"), "\(file.file)")
            let header = try RasterHeader(bytes)
            #expect(header.width == file.width && header.height == file.height, "\(file.file)")
            #expect(file.file.contains("-\(header.orientation.rawValue)."), "\(file.file)")
            lying += header.orientation.swapsAxes ? 1 : 0
            let decoder: any RadiographDecoder = file.file.hasSuffix(".png") ? PNGDecoder() : JPEGDecoder()
            let reduced = try decoder.decode(bytes, frame: 1, limits: DecodingLimits(), covering: 26).image
            #expect(reduced.reduction == 2 && reduced.width == file.width && reduced.height == file.height, "\(file.file)")
            #expect(reduced.pixels.width == (file.width + 1) / 2 && reduced.pixels.height == (file.height + 1) / 2, "\(file.file)")
        }
        #expect(lying == 8)
    }

    /// Exif data that end anywhere, or of which any byte is another, turn nothing wrongly and stop nothing.
    @Test func brokenExifDataAreNoExifData() throws {
        for kind in ["jpg", "png"] {
            let bytes = try Data(contentsOf: PixelOracle.oracle.file("turned-6.\(kind)"))
            let name = kind == "jpg" ? Data("Exif".utf8) : Data("eXIf".utf8)
            let start = try #require(bytes.range(of: name)).upperBound
            for cut in 0..<(start + 80) {
                let orientation = ExifOrientation(bytes.prefix(cut))
                #expect(orientation == .topLeft || (orientation == .rightTop && cut > start), "\(kind) cut at \(cut)")
            }
            for place in 0..<(start + 80) {
                for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                    var changed = bytes
                    changed[place] = value
                    _ = ExifOrientation(changed)
                }
            }
        }
        #expect(ExifOrientation(Data()) == .topLeft && ExifOrientation(Data([0xFF, 0xD8])) == .topLeft)
    }

    /// Half a radiograph is none: wherever a file ends too early, it is refused.
    @Test func everyCutOffFileIsRefused() throws {
        for file in try PixelOracle.read().files {
            let bytes = try Data(contentsOf: PixelOracle.oracle.file(file.file))
            for cut in [8, 20, 33, bytes.count / 4, bytes.count / 2, bytes.count * 3 / 4, bytes.count - 20, bytes.count - 2] {
                let decoder: any RadiographDecoder = file.file.hasSuffix(".png") ? PNGDecoder() : JPEGDecoder()
                #expect(throws: RadiographError.self, "\(file.file) cut at \(cut) of \(bytes.count)") {
                    _ = try decoder.decode(Data(bytes.prefix(cut)), frame: 1, limits: DecodingLimits())
                }
            }
        }
    }

    /// One altered byte of a PNG is noticed by its checksums, wherever it is.
    @Test func aDamagedPNGIsRefused() throws {
        let bytes = try Data(contentsOf: PixelOracle.oracle.file("grey-8.png"))
        for place in stride(from: 16, to: bytes.count - 12, by: 7) {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: RadiographError.self, "byte \(place)") {
                _ = try PNGDecoder().decode(damaged, frame: 1, limits: DecodingLimits())
            }
        }
    }

    @Test func theKindIsSeenByContentAndNotByName() throws {
        let png = try Data(contentsOf: PixelOracle.oracle.file("grey-8.png"))
        let jpeg = try Data(contentsOf: PixelOracle.oracle.file("grey.jpg"))
        #expect(PNGDecoder().recognises(png) && !PNGDecoder().recognises(jpeg))
        #expect(JPEGDecoder().recognises(jpeg) && !JPEGDecoder().recognises(png))
    }

    /// The header is believed only within limits, and a second frame is not made up.
    @Test func limitsAndFramesAreKept() throws {
        for (name, decoder) in [("grey-8.png", PNGDecoder() as any RadiographDecoder), ("grey.jpg", JPEGDecoder())] {
            let bytes = try Data(contentsOf: PixelOracle.oracle.file(name))
            let tooLarge = #expect(throws: RadiographError.self) {
                _ = try decoder.decode(bytes, frame: 1, limits: DecodingLimits(maximumPixels: 850))
            }
            #expect(tooLarge?.code == .tooLarge)
            let noFrame = #expect(throws: RadiographError.self) {
                _ = try decoder.decode(bytes, frame: 2, limits: DecodingLimits())
            }
            #expect(noFrame?.code == .noSuchFrame)
        }
    }
}
