import Findings
import Radiographs
import Testing
import Training

@Suite struct AugmentationTests {
    /// A dark picture with one bright rectangle: wherever the picture goes, its box must go too.
    private static func picture(_ box: Box) -> Example {
        let (width, height) = (200, 160)
        let samples = (0..<width * height).map { index -> UInt16 in
            let (x, y) = (Double(index % width) + 0.5, Double(index / width) + 0.5)
            return x > box.x && x < box.maxX && y > box.y && y < box.maxY ? 255 : 0
        }
        return Example(
            pixels: PixelImage(width: width, height: height, bits: 8, samples: samples), width: width, height: height,
            boxes: [Detection(box: box, classIndex: 0, score: 1)])
    }

    private static let preprocessing = Preprocessing(steps: [.letterbox(width: 128, height: 128, fill: 0)])

    @Test func boxesFollowThePixels() throws {
        var augmentation = Augmentation()
        augmentation.gamma = 0
        augmentation.contrast = 0
        augmentation.brightness = 0
        let side = 128
        var generator = SeededGenerator(seed: 11)
        var seen = 0
        for _ in 0..<60 {
            let box = Box(
                x: generator.uniform(10...120).rounded(), y: generator.uniform(10...90).rounded(), width: 60, height: 50)
            let example = Self.picture(box)
            let view = augmentation.view(width: example.width, height: example.height, using: &generator)
            let (values, boxes) = example.input(view: view, augmentation: augmentation, side: side, preprocessing: Self.preprocessing)
            guard let moved = boxes.first?.box else { continue }
            seen += 1
            let bright = (0..<side * side).filter { values[$0] > 0.5 }
            let (xs, ys) = (bright.map { $0 % side }, bright.map { $0 / side })
            let expected = [moved.x, moved.maxX, moved.y, moved.maxY]
            let found = [xs.min(), xs.max().map { $0 + 1 }, ys.min(), ys.max().map { $0 + 1 }].map { Double($0 ?? -99) }
            for (a, b) in zip(expected, found) { #expect(abs(a - b) <= 1.01, "\(expected) against \(found)") }
        }
        #expect(seen > 30)
    }

    @Test func aFlipTurnsLeftIntoRight() {
        let example = Self.picture(Box(x: 0, y: 40, width: 50, height: 50))
        let whole = Augmentation.View(
            region: Box(x: 0, y: 0, width: 200, height: 200), isFlipped: true, gamma: 1, contrast: 1, brightness: 0)
        let boxes = Augmentation().boxes(example.boxes, in: whole, side: 100)
        #expect(boxes.map(\.box) == [Box(x: 75, y: 20, width: 25, height: 25)])
    }

    @Test func aBoxHardlySeenIsLeftOut() {
        let view = Augmentation.View(
            region: Box(x: 40, y: 0, width: 100, height: 100), isFlipped: false, gamma: 1, contrast: 1, brightness: 0)
        let detection = Detection(box: Box(x: 0, y: 0, width: 50, height: 50), classIndex: 0, score: 1)
        #expect(Augmentation().boxes([detection], in: view, side: 100).isEmpty)
    }

    @Test func theRateRisesThenFallsToNothing() {
        let schedule = Schedule(peak: 0.01, warmUpSteps: 10, steps: 110)
        #expect(abs(schedule.rate(step: 0) - 0.001) < 1e-12)
        #expect(abs(schedule.rate(step: 10) - 0.01) < 1e-12)
        #expect(abs(schedule.rate(step: 60) - 0.005) < 1e-12)
        #expect(schedule.rate(step: 110) < 1e-12)
    }
}
