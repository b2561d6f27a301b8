import Basics
import Findings
import Foundation
import Geometry
import Networks
import Testing
import TrainingExamples

@Suite struct PictureChangeTests {
    /// Deviation as the settings say, and as many within one and two deviations as of a normal distribution.
    @Test(arguments: [(0.02, 0.0), (0, 0.03), (0.02, 0.03)]) func noiseIsNormal(electronic: Double, quantum: Double) {
        var generator = SeededGenerator(seed: 6)
        for grey in [0.25, 0.64] {
            var picture = [Float](repeating: Float(grey), count: 200_000)
            picture.withUnsafeMutableBufferPointer {
                PixelNoise(electronic: electronic, quantum: quantum).apply(to: $0, using: &generator)
            }
            let deviation = (electronic * electronic + quantum * quantum * grey).squareRoot()
            let scaled = picture.map { (Double($0) - grey) / deviation }
            let mean = scaled.reduce(0, +) / Double(scaled.count)
            let variance = scaled.reduce(0) { $0 + $1 * $1 } / Double(scaled.count)
            #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.015)
            for (limit, share) in [(1.0, 0.6827), (2.0, 0.9545), (3.0, 0.9973)] {
                let inside = Double(scaled.filter { abs($0) < limit }.count) / Double(scaled.count)
                #expect(abs(inside - share) < 0.005)
            }
            // Neighbours have nothing in common.
            let product = zip(scaled, scaled.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(scaled.count)
            #expect(abs(product) < 0.01)
        }
    }

    /// Against the sum over all pixels of a bell in two dimensions.
    @Test(arguments: [0.5, 1.3]) func blurIsAGaussian(deviation: Double) {
        let side = 21
        var generator = SeededGenerator(seed: 9)
        let source = (0..<side * side).map { _ in Float(generator.uniform()) }
        var picture = source
        picture.withUnsafeMutableBufferPointer { GaussianBlur(side: side, deviation: deviation).apply(to: $0) }
        let reach = Int((3 * deviation).rounded(.up))
        for row in 0..<side {
            for column in 0..<side {
                var (sum, all) = (0.0, 0.0)
                for dy in -reach...reach {
                    for dx in -reach...reach {
                        let weight = exp(-0.5 * Double(dx * dx + dy * dy) / (deviation * deviation))
                        let (y, x) = (min(side - 1, max(0, row + dy)), min(side - 1, max(0, column + dx)))
                        sum += weight * Double(source[y * side + x])
                        all += weight
                    }
                }
                #expect(abs(Double(picture[row * side + column]) - sum / all) < 1e-5)
            }
        }
    }

    /// Mean 1/2 and variance 1 / (4 (2 alpha + 1)).
    @Test(arguments: [0.3, 1.5, 32]) func sharesOfMixesAreBetaDistributed(alpha: Double) {
        var generator = SeededGenerator(seed: 12)
        let shares = (0..<40_000).map { _ in BetaDistribution(alpha: alpha).next(using: &generator) }
        #expect(shares.allSatisfy { (0...1).contains($0) })
        let mean = shares.reduce(0, +) / Double(shares.count)
        let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
        let expected = 1 / (4 * (2 * alpha + 1))
        #expect(abs(mean - 0.5) < 4.5 * (expected / Double(shares.count)).squareRoot())
        #expect(abs(variance / expected - 1) < 0.03)
    }

    private static let view = AugmentedView(region: Box(x: 0, y: 0, width: 100, height: 100))
    private static let target = PixelRectangle(x: 0, y: 0, width: 100, height: 100)

    private static func seen(_ boxes: [Box], _ view: AugmentedView = view) -> SeenExample {
        SeenExample(
            boxes: boxes.map { TrainingBox(box: $0, classIndex: 0) }, labels: [1, 0, 1], view: view, target: target)
    }

    @Test func aBoxHardlySeenIsLeftOutAndItsFindingNotKnown() {
        var view = Self.view
        view.region.x = 40
        let hardly = Self.seen([Box(x: 0, y: 0, width: 50, height: 50)], view).learnt(hidden: [], visibleShare: 0.4)
        #expect(hardly.boxes.isEmpty && hardly.labels[0].isNaN && hardly.labels[1...] == [0, 1])
        // Out of sight it is absent, whatever the whole picture has.
        view.region.x = 60
        #expect(Self.seen([Box(x: 0, y: 0, width: 50, height: 50)], view).learnt(hidden: [], visibleShare: 0.4).labels == [0, 0, 1])
        // Seen once is present.
        let both = [Box(x: 0, y: 0, width: 65, height: 50), Box(x: 70, y: 70, width: 20, height: 20)]
        let learnt = Self.seen(both, view).learnt(hidden: [], visibleShare: 0.4)
        #expect(learnt.boxes.map(\.box) == [Box(x: 10, y: 70, width: 20, height: 20)] && learnt.labels == [1, 0, 1])
    }

    /// Two rectangles that overlap hide their union.
    @Test func whatIsCutOutCountsOnce() {
        let box = Box(x: 10, y: 10, width: 40, height: 40)
        let hidden = [PixelRectangle(x: 0, y: 0, width: 30, height: 60), PixelRectangle(x: 20, y: 0, width: 20, height: 60)]
        // 10 of 40 columns are left.
        #expect(Self.seen([box]).learnt(hidden: hidden, visibleShare: 0.25).boxes.count == 1)
        let gone = Self.seen([box]).learnt(hidden: hidden, visibleShare: 0.26)
        #expect(gone.boxes.isEmpty && gone.labels[0].isNaN)
        let all = [PixelRectangle(x: 0, y: 0, width: 100, height: 30), PixelRectangle(x: 0, y: 30, width: 100, height: 30)]
        #expect(Self.seen([box]).learnt(hidden: all, visibleShare: 0).labels == [0, 0, 1])
    }
}
