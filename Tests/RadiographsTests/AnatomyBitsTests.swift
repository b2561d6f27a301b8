import Foundation
import Geometry
import Radiographs
import Testing

@Suite struct AnatomyBitsTests {
    @Test func bitsComeBackFromTheirFile() throws {
        let bits = (0..<37 * 21).map { UInt8($0 * 7 % 32) }
        let read = try AnatomyBits.read(png: AnatomyBits.png(bits, width: 37, height: 21))
        #expect(read.bits == bits)
        #expect((read.width, read.height) == (37, 21))
    }

    @Test func aFileOfGreyIsTakenWhereItsNumbersAreBits() throws {
        let picture = PixelImage(width: 4, height: 2, bits: 8, samples: [0, 1, 2, 4, 8, 16, 3, 31])
        #expect(try AnatomyBits.read(png: picture.png()).bits == [0, 1, 2, 4, 8, 16, 3, 31])
        let strange = PixelImage(width: 2, height: 1, bits: 8, samples: [0, 255])
        #expect(throws: RadiographError.self) { try AnatomyBits.read(png: strange.png()) }
        #expect(throws: RadiographError.self) { try AnatomyBits.read(png: Data([1, 2, 3])) }
        #expect(throws: RadiographError.self) {
            try AnatomyBits.read(png: AnatomyBits.png([1, 2, 3, 4], width: 2, height: 2).dropLast(20))
        }
    }

    @Test func aMirrorChangesSidesAndNothingElse() {
        #expect(AnatomyBits.mirrored(AnatomyBits.rightLung | AnatomyBits.leftClavicle) == AnatomyBits.leftLung | AnatomyBits.rightClavicle)
        #expect((0..<32 as Range<UInt8>).allSatisfy { AnatomyBits.mirrored(AnatomyBits.mirrored($0)) == $0 })
        #expect(AnatomyBits.mirrored(AnatomyBits.heart) == AnatomyBits.heart)
    }

    /// Maps that are 1 in a rectangle of the input give that rectangle in pixels of the image.
    @Test func mapsBecomeMasksOfTheImage() throws {
        let side = 32
        var values = [Float](repeating: 0, count: 5 * side * side)
        for row in 8..<24 { for column in 4..<10 { values[row * side + column] = 1 } }
        let transform = LetterboxTransform(imageWidth: 128, imageHeight: 64, inputWidth: side, inputHeight: side)
        let maps = try #require(StructureMaps(side: side, values: values, transform: transform))
        // Corners are rounded by the interpolation: the rows between them are looked at.
        func rows(_ maps: StructureMaps) -> [UInt8] { Array(maps.bits(width: 128, height: 64, originalWidth: 128)[4 * 128..<60 * 128]) }
        func expected(_ columns: Range<Int>, _ bit: UInt8) -> [UInt8] {
            (4..<60).flatMap { _ in (0..<128).map { columns.contains($0) ? bit : 0 } }
        }
        #expect(rows(maps) == expected(16..<40, AnatomyBits.rightLung))
        let turned = maps.mirrored()
        #expect(turned.mirrored() == maps)
        #expect(rows(turned) == expected(88..<112, AnatomyBits.leftLung))
        #expect(StructureMaps(side: side, values: [0], transform: transform) == nil)
    }
}
