import Basics
import Findings
import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct InputGateTests {
    /// A bright middle and two dark fields, as a chest has; or a bright shaft on black, as a shin has.
    private func picture(chest: Bool, seed: UInt64, bits: Int = 12) -> PixelImage {
        var random = SeededGenerator(seed: seed)
        let (width, height) = (Int(random.uniform(120...200)), Int(random.uniform(120...200)))
        let (shift, lung) = (random.uniform(-0.03...0.03), random.uniform(0.14...0.2))
        let peak = Double((1 << bits) - 1)
        var samples: [UInt16] = []
        for row in 0..<height {
            for column in 0..<width {
                let (x, y) = (Double(column) / Double(width) - 0.5 + shift, Double(row) / Double(height) - 0.5)
                let grey: Double
                if chest {
                    let inLung = pow((abs(x) - 0.23) / lung, 2) + pow(y / 0.33, 2) < 1
                    grey = inLung ? 0.2 : 0.75
                } else {
                    grey = abs(x + 0.2 * y) < 0.1 ? 0.9 : 0.02
                }
                samples.append(UInt16(min(max(grey + random.uniform(-0.05...0.05), 0), 1) * peak))
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: samples)
    }

    @Test func acceptsItsKindAndTurnsAwayAnother() throws {
        let gate = try InputGate.fit(images: (0..<40).map { picture(chest: true, seed: $0) }, quantile: 0.001)
        for seed in 100..<120 as Range<UInt64> {
            #expect(gate.accepts(picture(chest: true, seed: seed, bits: 8)))
            #expect(!gate.accepts(picture(chest: false, seed: seed)))
        }
        #expect(!gate.accepts(DrawnPictures.flat(width: 30, height: 30, grey: 90)))
    }

    private func pearson(_ a: [Double], _ b: [Double]) -> Double {
        let meanA: Double = a.reduce(0, +) / Double(a.count)
        let meanB: Double = b.reduce(0, +) / Double(b.count)
        var (product, squareA, squareB) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += (x - meanA) * (y - meanB)
            squareA += (x - meanA) * (x - meanA)
            squareB += (y - meanB) * (y - meanB)
        }
        return product / (squareA * squareB).squareRoot()
    }

    /// Normalised correlation by definition, on images that are already as small as the template.
    @Test func correlationIsPearsons() throws {
        let images = (0..<6).map { (seed: UInt64) in
            var random = SeededGenerator(seed: seed)
            return PixelImage(width: 16, height: 16, bits: 16, samples: (0..<256).map { _ in UInt16(random.next() % 60_000) })
        }
        let gate = try InputGate.fit(images: images, quantile: 0)
        for image in images {
            let values = image.percentileWindowed(low: 1, high: 99).samples.map { Double($0) }
            let expected = pearson(values, gate.template.map { Double($0) })
            #expect(abs((gate.correlation(with: image) ?? 9) - expected) < 1e-3)
            #expect(gate.accepts(image))
        }
    }

    @Test func theQuantileIsTheShareTurnedAway() throws {
        let images = (0..<101).map { picture(chest: true, seed: $0) }
        let gate = try InputGate.fit(images: images, quantile: 0.2)
        #expect((19...21).contains(images.count { !gate.accepts($0) }))
    }

    @Test func readsBackAsItWas() throws {
        let gate = try InputGate.fit(images: (0..<5).map { picture(chest: true, seed: $0) }, quantile: 0.001)
        #expect(try JSONDecoder().decode(InputGate.self, from: JSONEncoder().encode(gate)) == gate)
    }

    @Test func imagesWithoutContrastFitNoGate() {
        let flat = DrawnPictures.flat(width: 4, height: 4, grey: 7)
        #expect(throws: ModelError.self) { try InputGate.fit(images: [flat], quantile: 0) }
        #expect(throws: ModelError.self) { try InputGate.fit(images: [], quantile: 0) }
    }

    /// Sizes that no chest has, whatever the pixels look like once they are squeezed into the template.
    @Test(
        arguments: [
            (3, 3, "not a chest image: 3 x 3 pixels are too few to show one"),
            (1, 4_000, "not a chest image: 1 x 4000 pixels are too few to show one"),
            (31, 31, "not a chest image: 31 x 31 pixels are too few to show one"), (32, 32, nil),
            (2_000, 600, "not a chest image: 2000 x 600 pixels are too narrow to show one"),
            (500, 2_000, "not a chest image: 500 x 2000 pixels are too narrow to show one"), (3_000, 2_400, nil), (300, 900, nil),
        ] as [(Int, Int, String?)]) func sizesThatNoChestHas(_ width: Int, _ height: Int, _ objection: String?) throws
    {
        let chest = picture(chest: true, seed: 7)
        var card = ModelFixtures.card()
        card.inputGate = try InputGate.fit(images: [chest], quantile: 0)
        #expect(card.objection(toWidth: width, height: height, image: chest)?.description == objection)
        // A model of other images has other sizes.
        (card.inputGate, card.intendedUse) = (nil, "Finds fractures of hands.")
        #expect(card.objection(toWidth: width, height: height, image: chest) == nil)
    }
}
