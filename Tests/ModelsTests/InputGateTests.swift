import Findings
import Foundation
import Models
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
        #expect(!gate.accepts(PixelImage(width: 30, height: 30, bits: 8, samples: Array(repeating: 90, count: 900))))
    }

    /// Normalised correlation by definition, on images that are already as small as the template.
    @Test func correlationIsPearsons() throws {
        let images = (0..<6).map { seed in
            var random = SeededGenerator(seed: seed)
            return PixelImage(width: 16, height: 16, bits: 16, samples: (0..<256).map { _ in UInt16(random.next() % 60_000) })
        }
        let gate = try InputGate.fit(images: images, quantile: 0)
        for image in images {
            let values = image.percentileWindowed(low: 1, high: 99).samples.map(Double.init)
            let template = gate.template.map(Double.init)
            let (a, b) = (values.reduce(0, +) / 256, template.reduce(0, +) / 256)
            let product = zip(values, template).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
            let norms = values.reduce(0) { $0 + ($1 - a) * ($1 - a) } * template.reduce(0) { $0 + ($1 - b) * ($1 - b) }
            #expect(abs((gate.correlation(with: image) ?? 9) - product / norms.squareRoot()) < 1e-3)
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
        let flat = PixelImage(width: 4, height: 4, bits: 8, samples: Array(repeating: 7, count: 16))
        #expect(throws: ModelError.self) { try InputGate.fit(images: [flat], quantile: 0) }
        #expect(throws: ModelError.self) { try InputGate.fit(images: [], quantile: 0) }
    }
}
