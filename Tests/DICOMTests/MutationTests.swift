import DICOM
import Foundation
import Radiographs
import Testing

/// Damaged files give an image of the size they say or a `RadiographError`; never a crash.
@Suite struct MutationTests {
    /// SplitMix64, so that a failure can be repeated.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let files = DICOMCorpus.shared.images.map(\.file).filter {
        $0.hasPrefix("x12-") || $0.hasPrefix("x8-") || $0.hasPrefix("frames12-") || $0.hasPrefix("enhanced")
            || $0.hasPrefix("rgb") || $0.hasPrefix("voi-lut") || $0.hasPrefix("modality-lut")
    }

    @Test(arguments: 0..<8)
    func damagedFilesAreErrorsOrImages(_ seed: Int) throws {
        var generator = Generator(state: UInt64(seed))
        try #require(!Self.files.isEmpty)
        for _ in 0..<50 {
            let file = try #require(Self.files.randomElement(using: &generator))
            var bytes = try DICOMCorpus.bytes(file)
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                // Headers are short and codestreams begin behind them: half of the damage goes there.
                let end = Bool.random(using: &generator) ? min(2_000, bytes.count) : bytes.count
                bytes[Int.random(in: 0..<end, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                bytes = bytes.prefix(Int.random(in: 1..<bytes.count, using: &generator))
            }
            do {
                let limits = DecodingLimits(maximumPixels: 4_000_000)
                let pixels = try DICOMDecoder().decode(bytes, path: "", frame: 1, limits: limits).pixels
                let brightest = try #require(pixels.samples.max())
                #expect(Int(brightest) <= pixels.maximum, "seed \(seed), \(file)")
            } catch let error as RadiographError {
                #expect(!error.description.uppercased().contains("SECRET"), "seed \(seed), \(file)")
            }
        }
    }
}
