import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Each step that changes grey does what numpy, SciPy, OpenCV or the paper's formula does (`Tests/Oracles/preprocessing.py`).
@Suite struct PreprocessingOracleTests {
    struct Case: Decodable, Sendable {
        var name: String
        var bits: Int
        var width: Int
        var height: Int
        var low: Double?
        var high: Double?
        var radius: Int?
        var patch: Int?
        var search: Int?
        var strength: Double?
        var tiles: Int?
        var clip: Double?
    }

    private let oracle = Oracle("preprocessing")

    /// Every case of a step with its input and what the oracle made of it.
    private func cases(_ step: String) throws -> [(test: Case, image: PixelImage, expected: [Int])] {
        try oracle.read([Case].self).filter { $0.name.hasPrefix(step) }.map { test in
            let input = try oracle.words("\(test.name).in.u16")
            let output = try oracle.words("\(test.name).out.u16")
            return (test, PixelImage(width: test.width, height: test.height, bits: test.bits, samples: input), output.map(Int.init))
        }
    }

    private func differences(_ image: PixelImage, _ expected: [Int]) -> [Int] {
        #expect(image.samples.count == expected.count)
        return zip(image.samples, expected).map { abs(Int($0) - $1) }
    }

    @Test func thePercentileWindowIsNumpys() throws {
        let cases = try cases("window")
        #expect(cases.count == 9)
        for (test, image, expected) in cases {
            let result = image.percentileWindowed(low: try #require(test.low), high: try #require(test.high))
            // A half may fall to either side.
            #expect(differences(result, expected).max() ?? .max <= 1, "\(test.name)")
        }
    }

    @Test func theMedianIsSciPys() throws {
        let cases = try cases("median")
        #expect(cases.count == 9)
        for (test, image, expected) in cases {
            #expect(differences(image.medianFiltered(radius: try #require(test.radius)), expected).max() == 0, "\(test.name)")
        }
    }

    @Test func nonLocalMeansFollowThePaper() throws {
        let cases = try cases("means")
        #expect(cases.count == 3)
        for (test, image, expected) in cases {
            let result = image.nonLocalMeansFiltered(
                patchRadius: try #require(test.patch), searchRadius: try #require(test.search), strength: try #require(test.strength))
            #expect(differences(result, expected).max() ?? .max <= 1, "\(test.name)")
        }
    }

    /// OpenCV shares out the clipped part in whole numbers and blends half a pixel aside, so a few greys of 256 may lie between.
    @Test func localEqualisationIsOpenCVs() throws {
        let cases = try cases("clahe")
        #expect(cases.count == 3)
        for (test, image, expected) in cases {
            let result = image.locallyEqualised(tiles: try #require(test.tiles), clipLimit: try #require(test.clip))
            let apart = differences(result, expected)
            let mean = Double(apart.reduce(0, +)) / Double(apart.count)
            #expect(apart.max() ?? .max <= 3 && mean < 1, "\(test.name): at most \(apart.max() ?? -1), \(mean) in the mean")
        }
    }
}
