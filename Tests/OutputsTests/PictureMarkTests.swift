import Foundation
import Outputs
import Testing

@Suite struct PictureMarkTests {
    /// The smallest files of their kinds that the mark has to do with: a signature, a header and the beginning of the pixels.
    private static let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDB, 0, 3, 9, 0xFF, 0xDA, 0, 2, 7, 7, 0xFF, 0xD9])
    private static let png = Data(
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [0, 0, 0, 13] + Array("IHDR".utf8) + Array(repeating: 1, count: 17)
            + [0, 0, 0, 0] + Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E])

    @Test func aMarkedPictureIsKnownAndTheOthersAreNot() {
        let (jpeg, png) = (PictureMark.marked(jpeg: Self.jpeg), PictureMark.marked(png: Self.png))
        #expect(PictureMark.isIn(jpeg) && PictureMark.isIn(png))
        #expect(!PictureMark.isIn(Self.jpeg) && !PictureMark.isIn(Self.png))
        for other in [Data(), Data([0xFF]), Data("text".utf8), jpeg.prefix(12), png.prefix(40)] { #expect(!PictureMark.isIn(other)) }
        // A slice of a larger buffer counts from where it begins.
        #expect(PictureMark.isIn((Data([1, 2, 3]) + jpeg).dropFirst(3)))
        // Nothing else is touched, and what is no picture stays as it is.
        #expect(PictureMark.marked(jpeg: Data("no".utf8)) == Data("no".utf8) && PictureMark.marked(png: jpeg) == jpeg)
    }

    @Test func theMarkStandsWhereTheStandardsWantIt() throws {
        let jpeg = PictureMark.marked(jpeg: Self.jpeg)
        let text = Array("Pleura: drawn for people, not a radiograph".utf8)
        // After JFIF's own segment, which has to be the first.
        #expect(Array(jpeg) == Array(Self.jpeg.prefix(8)) + [0xFF, 0xFE, 0, UInt8(text.count + 2)] + text + Array(Self.jpeg.dropFirst(8)))
        let png = Array(PictureMark.marked(png: Self.png))
        let chunk = Array("tEXt".utf8) + Array("Software".utf8) + [0] + text
        #expect(Array(png[33...].prefix(4)) == [0, 0, 0, UInt8(chunk.count - 4)] && Array(png[37...].prefix(chunk.count)) == chunk)
        // CRC-32 of the chunk, as zlib's crc32 says it.
        #expect(Array(png[(37 + chunk.count)...].prefix(4)) == [0x2B, 0x68, 0x45, 0x73])
        #expect(png.suffix(12) == Array(Self.png.suffix(12))[...])
    }
}
