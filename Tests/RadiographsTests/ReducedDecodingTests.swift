import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Decoding at the size that a network needs.
@Suite struct ReducedDecodingTests {
    /// The part of the cosine transform that is left out is the part that PIL's draft mode leaves out.
    @Test(arguments: [(2, 26), (4, 13), (8, 6)]) func reducedJPEGEqualsPIL(reduction: Int, side: Int) throws {
        let files = try PixelOracle.read().files.filter { $0.file.hasSuffix(".jpg") }
        #expect(files.count == 10)
        for file in files {
            let bytes = try Data(contentsOf: PixelOracle.oracle.file(file.file))
            let reduced = try JPEGDecoder().decode(bytes, frame: 1, limits: DecodingLimits(), covering: side)
            let image = reduced.image
            #expect(image.reduction == reduction && image.width == file.width && image.height == file.height, "\(file.file)")
            #expect(reduced.radiograph.pixels == image.pixels)
            let expected = try PixelOracle.oracle.words("\(file.file).\(reduction).u16")
            #expect(image.pixels.samples.count == expected.count, "\(file.file)")
            #expect(zip(image.pixels.samples, expected).allSatisfy { $0 == $1 }, "\(file.file)")
        }
    }

    /// A quarter more than the network's input is left, and where nothing is gained nothing is left out.
    @Test func reductionIsTheLargestThatLeavesEnough() {
        for longer in [100, 399, 400, 401, 799, 800, 1024, 1599, 1600, 3000, 3200, 9000] {
            for side in [1, 64, 320, 384, 512] {
                let chosen = ReducedImage.reduction(width: longer / 2, height: longer, covering: side)
                #expect(chosen == 1 || Double(longer) / Double(chosen) >= 1.25 * Double(side))
                #expect(chosen == 8 || Double(longer) / Double(chosen * 2) < 1.25 * Double(side), "\(longer) for \(side)")
                #expect(ReducedImage.reduction(width: longer, height: longer / 2, covering: side) == chosen)
            }
        }
    }

    /// Damage is noticed as it is without a side.
    @Test func cutOffFilesAreRefused() throws {
        let bytes = try Data(contentsOf: PixelOracle.oracle.file("grey.jpg"))
        for count in [4, bytes.count / 2, bytes.count - 20] {
            #expect(throws: RadiographError.self) {
                try JPEGDecoder().decode(bytes.prefix(count), frame: 1, limits: DecodingLimits(), covering: 6)
            }
        }
        #expect(throws: RadiographError.self) {
            try JPEGDecoder().decode(bytes, frame: 2, limits: DecodingLimits(), covering: 6)
        }
    }

    /// A format of which nothing can be left out is decoded whole, and then has the means of blocks.
    @Test(arguments: [(2, 10), (4, 6), (8, 3)]) func otherFormatsAreReducedToMeans(reduction: Int, side: Int) throws {
        let bytes = try Data(contentsOf: PixelOracle.oracle.file("grey-16.png"))
        let whole = try PNGDecoder().decode(bytes, frame: 1, limits: DecodingLimits())
        let reduced = try PNGDecoder().decode(bytes, frame: 1, limits: DecodingLimits(), covering: side)
        #expect(reduced.whole == whole && reduced.image.reduction == reduction)
        let (width, height) = (whole.pixels.width, whole.pixels.height)
        let image = reduced.image
        #expect(image.width == width && image.height == height && image.pixels.bits == 16)
        #expect(image.pixels.width == (width + reduction - 1) / reduction && image.pixels.height == (height + reduction - 1) / reduction)
        for row in 0..<image.pixels.height {
            for column in 0..<image.pixels.width {
                var values: [Double] = []
                for y in row * reduction..<min(height, (row + 1) * reduction) {
                    for x in column * reduction..<min(width, (column + 1) * reduction) {
                        values.append(Double(whole.pixels.samples[y * width + x]))
                    }
                }
                let mean = values.reduce(0, +) / Double(values.count)
                #expect(abs(Double(image.pixels.samples[row * image.pixels.width + column]) - mean) <= 0.5)
            }
        }
        // What is no larger than it need be stays as it is.
        let same = try PNGDecoder().decode(bytes, frame: 1, limits: DecodingLimits(), covering: 300)
        #expect(same.image.reduction == 1 && same.radiograph == whole && same.whole == whole)
    }

    /// A smooth picture gives nearly the same input from its half as from all of it, with boxes in the same place.
    @Test func inputOfAReducedImageIsNearlyTheSame() throws {
        let (width, height) = (1000, 760)
        func samples(_ width: Int, _ height: Int, step: Int) -> [UInt16] {
            (0..<height).flatMap { row in
                (0..<width).map { column in
                    // The mean over step x step pixels of a slow wave.
                    let (x, y) = (Double(column * step) + Double(step) / 2, Double(row * step) + Double(step) / 2)
                    return UInt16(127.5 + 60 * sin(x / 40) + 60 * cos(y / 55))
                }
            }
        }
        let preprocessing = Preprocessing(steps: [
            .percentileWindow(low: 1, high: 99), .letterbox(width: 320, height: 320, fill: 0),
            .normalise(mean: 0.5, standardDeviation: 0.25),
        ])
        #expect(preprocessing.allowsReduction && preprocessing.inputSide == 320)
        let whole = try preprocessing.modelInput(
            PixelImage(width: width, height: height, bits: 8, samples: samples(width, height, step: 1)))
        let half = ReducedImage(
            PixelImage(width: 500, height: 380, bits: 8, samples: samples(500, 380, step: 2)), width: width, height: height, reduction: 2)
        let reduced = try preprocessing.modelInput(half, histogram: nil)
        #expect(reduced.transform == whole.transform)
        let worst = zip(whole.values, reduced.values).map { abs($0 - $1) }.max() ?? .infinity
        // Two levels of 255, in units of the standard deviation.
        #expect(worst < 4 * 2 / 255, "\(worst)")
        #expect(!Preprocessing(steps: [.medianFilter(radius: 1), .letterbox(width: 8, height: 8, fill: 0)]).allowsReduction)
    }
}
