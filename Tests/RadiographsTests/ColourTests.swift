import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

@Suite struct ColourTests {
    private static let picture = ColourPicture(width: 37, height: 21) { x, y in
        (UInt8(x * 5), UInt8(y * 11), UInt8((x * y) % 256))
    }

    private static func decoders(keepsColour: Bool) -> DecoderRegistry {
        var decoders = DrawnPictures.decoders
        decoders.limits.keepsColour = keepsColour
        return decoders
    }

    @Test func everySampleOfAPNGInColourIsKept() throws {
        let picture = Self.picture
        let radiograph = try Self.decoders(keepsColour: true).decode(picture.png)
        let colour = try #require(radiograph.colour)
        for (channel, plane) in colour.planes.enumerated() {
            #expect(plane.samples == stride(from: channel, to: picture.samples.count, by: 3).map { UInt16(picture.samples[$0]) })
        }
        // BT.601 in PIL's integers, and the distance of the largest sample from the smallest.
        let pixels = stride(from: 0, to: picture.samples.count, by: 3).map { picture.samples[$0..<$0 + 3].map(Int.init) }
        #expect(radiograph.pixels.samples == pixels.map { UInt16(($0[0] * 19_595 + $0[1] * 38_470 + $0[2] * 7_471 + 0x8000) >> 16) })
        let spread = pixels.reduce(0) { $0 + ($1.max() ?? 0) - ($1.min() ?? 0) }
        #expect(abs(radiograph.colourfulness - Double(spread) / Double(pixels.count) / 255) < 1e-12)
    }

    /// Who does not ask gets the same grey and no colours.
    @Test func theGreyIsTheSameWhetherColoursAreKeptOrNot() throws {
        let (with, without) = (Self.decoders(keepsColour: true), Self.decoders(keepsColour: false))
        let (kept, grey) = try (with.decode(Self.picture.png), without.decode(Self.picture.png))
        #expect(kept.pixels == grey.pixels && grey.colour == nil && kept.colourfulness == grey.colourfulness)
        let film = try with.decode(SampleFiles.png())
        #expect(film.colour == nil && film.colourfulness == 0)
    }

    @Test func colourIsReducedAsGreyIs() throws {
        let picture = ColourPicture(width: 400, height: 300) { x, _ in (UInt8(x / 2), 10, 200) }
        let reduced = try Self.decoders(keepsColour: true).decode(picture.png, covering: 64)
        let colour = try #require(reduced.radiograph.colour)
        #expect(reduced.image.reduction == 4 && colour.red.width == 100 && colour.red.height == 75)
        #expect(colour.blue.samples.allSatisfy { $0 == 200 } && colour.green.samples.allSatisfy { $0 == 10 })
    }

    /// Each plane goes through the steps by itself, one behind the other.
    @Test func aNetworkGetsThePlanesOneBehindTheOther() throws {
        let radiograph = try Self.decoders(keepsColour: true).decode(Self.picture.png)
        let colour = try #require(radiograph.colour)
        let preprocessing = Preprocessing(steps: [
            .letterbox(width: 64, height: 64, fill: 0), .normalise(mean: 0.5, standardDeviation: 0.5),
        ])
        let input = try preprocessing.modelInput(colour, of: ReducedImage(radiograph.pixels))
        #expect(try input.values == colour.planes.flatMap { try preprocessing.modelInput($0).values })
        #expect(input.values.count == 3 * 64 * 64)
        #expect(try input.transform == preprocessing.modelInput(radiograph.pixels).transform)
    }
}
