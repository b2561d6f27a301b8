import Basics
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

/// What stands in for real pictures and models is what its words say.
@Suite struct StandInTests {
    @Test(arguments: [8, 12, 16]) func cellsAreWhereTheyAreSaidToBe(bits: Int) throws {
        let picture = DrawnPictures.cell(column: 2, row: 1, bits: bits)
        #expect(picture == DrawnPictures.rectangle(Box(x: 32, y: 16, width: 16, height: 16), width: 64, height: 64, bits: bits))
        #expect(picture.samples.count { $0 == UInt16(picture.maximum) } == 256 && picture.samples[16 * 64 + 32] > 0)
        #expect(try DrawnPictures.decoded(picture.png()).samples == picture.samples)
        let half = DrawnPictures.cells(Array(repeating: 0, count: 15) + [0.5], bits: bits)
        #expect(half.samples[64 * 64 - 1] == UInt16((Double(half.maximum) / 2).rounded()))
    }

    @Test func theStubDecoderReadsItsOwnFilesOnly() throws {
        let registry = DecoderRegistry(decoders: [StubDecoder()])
        #expect(try registry.decode(StubDecoder.bytes(cell: 6)).pixels == DrawnPictures.cell(column: 2, row: 1, bits: 16))
        for bytes in [StubDecoder.bytes(cell: 16), Data("CELL".utf8), Data()] {
            #expect(throws: RadiographError.self) { try registry.decode(bytes) }
        }
    }

    /// Every network lies beside whatever program this is linked into.
    @Test func theModelCanBeWrittenWithEveryNetwork() throws {
        let networks = try Files.names(in: TinyModel.network().deletingLastPathComponent()).filter { $0.hasSuffix(".onnx") }
        #expect(networks.count == 11)
        for name in networks.map({ String($0.dropLast(5)) }) {
            let folder = try TemporaryFolder()
            try TinyModel.write(to: folder.file("model"), network: name)
            #expect(try ModelBundle(directory: folder.file("model")).card == TinyModel.card())
        }
    }

    @Test func damageIsTheSameForTheSameSeed() {
        let whole = Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 * $0) })
        func damaged(_ seed: UInt64) -> [Data] {
            var mutator = Mutator(seed: seed, tokens: [Data("NaN".utf8)])
            return (0..<50).map { _ in mutator.mutate(whole) }
        }
        #expect(damaged(1) == damaged(1))
        #expect(damaged(1) != damaged(2))
        #expect(damaged(1).count { $0 == whole } < 5)
    }
}
