import Basics
import Findings
import Foundation
import Radiographs
import Testing

/// The steps that came with domains other than the chest's.
@Suite struct DomainStepTests {
    /// A bright disc in noise: its mean and deviation are computed from the pixels that are known to be the disc.
    @Test func theBodyIsBroughtToItsMeanAndDeviation() {
        var random = SeededGenerator(seed: 4)
        let side = 96
        var body: [Int] = []
        let samples = (0..<side * side).map { place -> UInt16 in
            let (x, y) = (Double(place % side) - 48, Double(place / side) - 48)
            guard x * x + y * y < 900 else { return UInt16(random.uniform(0...90)) }
            body.append(place)
            return UInt16(random.uniform(1_500...2_500))
        }
        let image = PixelImage(width: side, height: side, bits: 12, samples: samples)
        let result = image.bodyStandardised(deviations: 3)
        let values = body.map { Double(samples[$0]) }
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        for place in body {
            let wanted = 4_095 * (0.5 + (Double(samples[place]) - mean) / (6 * deviation))
            #expect(abs(Double(result.samples[place]) - min(4_095, max(0, wanted))) <= 0.5 + 1e-6)
        }
        // Another gain gives the same picture but for the rounding of what was stored.
        let louder = PixelImage(width: side, height: side, bits: 16, samples: samples.map { $0 * 16 }).bodyStandardised(deviations: 3)
        for place in body {
            #expect(abs(Double(louder.samples[place]) / 65_535 - Double(result.samples[place]) / 4_095) < 1e-3)
        }
        let flat = PixelImage(width: 8, height: 8, bits: 8, samples: [UInt16](repeating: 7, count: 64))
        #expect(flat.bodyStandardised(deviations: 3) == flat)
    }

    /// A triangle with a hole, and letters beside it.
    @Test func whatLiesOutsideTheSectorIsBlackened() throws {
        let side = 320
        func isSector(_ x: Int, _ y: Int) -> Bool { y > 40 && abs(x - 160) < y / 2 }
        func isHole(_ x: Int, _ y: Int) -> Bool { abs(x - 160) < 30 && abs(y - 200) < 30 }
        func isLetter(_ x: Int, _ y: Int) -> Bool { y < 14 && y > 4 && x > 4 && x < 70 && x % 8 < 3 }
        let samples = (0..<side * side).map { place -> UInt16 in
            let (x, y) = (place % side, place / side)
            if isLetter(x, y) { return 240 }
            return isSector(x, y) ? isHole(x, y) ? 3 : 120 : 0
        }
        let image = PixelImage(width: side, height: side, bits: 8, samples: samples)
        let sector = try #require(UltrasoundSector(image))
        #expect(sector.hasBurntInText && sector.contains(row: 200, column: 160) && !sector.contains(row: 8, column: 8))
        let alone = image.sectorAlone()
        for place in samples.indices {
            let (x, y) = (place % side, place / side)
            if isSector(x, y) { #expect(alone.samples[place] == samples[place]) }
            if isLetter(x, y) { #expect(alone.samples[place] == 0) }
        }
        #expect(UltrasoundSector(alone)?.hasBurntInText == false)
        #expect(alone.width == side && alone.height == side)
        let black = PixelImage(width: 4, height: 4, bits: 8, samples: [UInt16](repeating: 0, count: 16))
        #expect(UltrasoundSector(black) == nil && black.sectorAlone() == black)
    }

    @Test func theStepsComeBackFromACard() throws {
        let steps: [PreprocessingStep] = [
            .sector, .bodyStandard(deviations: 2.5), .letterbox(width: 64, height: 64, fill: 0),
            .normalise(mean: 0.5, standardDeviation: 0.5),
        ]
        let preprocessing = Preprocessing(steps: steps)
        #expect(try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(preprocessing)) == preprocessing)
        #expect(throws: Never.self) { try preprocessing.validated() }
        #expect(!preprocessing.allowsReduction)
        for steps in [[.bodyStandard(deviations: 0), steps[2]], [steps[2], .sector]] as [[PreprocessingStep]] {
            #expect(throws: RadiographError.self) { try Preprocessing(steps: steps).validated() }
        }
    }
}
