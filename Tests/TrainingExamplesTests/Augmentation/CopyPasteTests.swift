import Basics
import Findings
import Foundation
import Geometry
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

/// Findings put into other pictures, by greys that are known everywhere.
@Suite struct CopyPasteTests {
    private static let size = 256
    private static let finding = Box(x: 60, y: 100, width: 40, height: 32)

    /// An anatomy in which every place looks different, moved by some pixels.
    private static func anatomy(_ x: Double, _ y: Double) -> Double {
        0.4 + 0.12 * sin(x / 17) + 0.1 * cos(y / 13) + 0.06 * sin((x + 2 * y) / 23) + 0.05 * cos((3 * x - y) / 41)
    }

    private static func example(
        moved: (x: Double, y: Double) = (0, 0), boxes: [TrainingBox] = [], width: Int = size, height: Int = size, bits: Int = 16,
        grey: (Double) -> Double = { $0 }, over: (Double, Double) -> Double = { _, _ in 0 }
    ) -> Example {
        let top = Double((1 << bits) - 1)
        let samples = (0..<width * height).map { place -> UInt16 in
            let (x, y) = (Double(place % width) + 0.5, Double(place / width) + 0.5)
            return UInt16((grey(anatomy(x - moved.x, y - moved.y) + over(x, y)) * top).rounded())
        }
        return Example(
            pixels: PixelImage(width: width, height: height, bits: bits, samples: samples), width: width, height: height, boxes: boxes,
            imageLabels: [0, 0, 0])
    }

    /// A bright ball in the middle of `finding`.
    private static func ball(_ x: Double, _ y: Double) -> Double {
        let (u, v) = ((x - finding.centerX) / 18, (y - finding.centerY) / 14)
        return 0.25 * max(0, 1 - u * u - v * v)
    }

    private static func donor(others: [TrainingBox] = [], bits: Int = 16) -> Example {
        example(boxes: [TrainingBox(box: finding, classIndex: 1, weight: 0.8)] + others, bits: bits, over: ball)
    }

    private static func paste(
        _ donor: Example, isFlipped: Bool = false, into target: Example, reach: Double = 0.1, likeness: Double = 0.6, drawn: Double = 0,
        seed: UInt64 = 4
    ) -> Example? {
        var settings = Augmentation.CopyPaste()
        (settings.reach, settings.likeness, settings.drawnShare) = (reach, likeness, drawn)
        var generator = SeededGenerator(seed: seed)
        return FindingPaster(settings: settings).paste(donor, box: 0, isFlipped: isFlipped, into: target, using: &generator)
    }

    private static func grey(_ example: Example, _ x: Int, _ y: Int) -> Double {
        Double(example.pixels.samples[y * example.pixels.width + x]) / Double(example.pixels.maximum)
    }

    /// The same chest without the finding: it comes back where it was, and nothing changes elsewhere.
    @Test func onTheSameAnatomyAFindingKeepsItsPlace() throws {
        let (donor, target) = (Self.donor(), Self.example())
        let result = try #require(Self.paste(donor, into: target))
        let box = try #require(result.boxes.first)
        #expect(result.boxes.count == 1 && box.classIndex == 1 && box.weight == 0.8)
        #expect(abs(box.box.x - 60) < 1e-9 && abs(box.box.maxY - 132) < 1e-9)
        #expect(result.imageLabels == [0, 1, 0] && result.hasBoxes)
        var largest = 0.0
        for y in 0..<Self.size {
            for x in 0..<Self.size {
                let (old, new) = (Self.grey(target, x, y), Self.grey(result, x, y))
                let isNear = abs(Double(x) + 0.5 - 80) < 20 * 1.16 * 1.4 && abs(Double(y) + 0.5 - 116) < 16 * 1.16 * 1.4
                if isNear { largest = max(largest, abs(new - Self.grey(donor, x, y))) } else { #expect(new == old) }
            }
        }
        // At most 15% of the ball is lost, and what was there under it comes through.
        #expect(largest < 0.15 * 0.25 + 0.01)
        #expect(Self.grey(result, 80, 116) > Self.grey(target, 80, 116) + 0.85 * 0.25 - 0.01)
    }

    /// A chest that lies otherwise takes the finding along; brighter and flatter, it makes it brighter and flatter.
    @Test func aFindingFollowsTheAnatomy() throws {
        let target = Self.example(moved: (16, -12), width: 288, height: 256, bits: 8) { 0.3 + 0.7 * $0 }
        // Another size of picture: laid over each other by their longer sides, 256 pixels of the one are 288 of the other.
        #expect(Self.paste(Self.donor(), into: Self.example(width: 64, height: 64), likeness: 0.9) == nil)
        let donor = Self.example(
            boxes: [TrainingBox(box: Self.finding, classIndex: 2)], width: 288, height: 288, over: Self.ball)
        let result = try #require(Self.paste(donor, into: target, likeness: 0.9))
        let box = try #require(result.boxes.first?.box)
        #expect(abs(box.x - 76) < 4.6 && abs(box.y - 88) < 4.6 && abs(box.width - 40) < 1e-9 && abs(box.height - 32) < 1e-9)
        // The same without the ball, so that what differs is the ball alone.
        let empty = Self.example(boxes: donor.boxes, width: 288, height: 288)
        let without = try #require(Self.paste(empty, into: target, likeness: 0.9))
        let (x, y) = (Int(box.centerX), Int(box.centerY))
        let gained = Self.grey(result, x, y) - Self.grey(without, x, y)
        #expect(gained > 0.7 * 0.25 * 0.85 - 0.015 && gained < 0.7 * 0.25 + 0.015)
        // In the middle of the finding lies what lay there before: brightness and contrast are those of the new surroundings.
        #expect(abs(Self.grey(without, x, y) - Self.grey(target, x, y)) < 0.03)
    }

    /// On the mirrored chest a flipped finding is where its mirror image was.
    @Test func aFlippedFindingIsItsMirrorImage() throws {
        let target = Self.example()
        let mirrored = Example(
            pixels: PixelImage(
                width: Self.size, height: Self.size, bits: 16,
                samples: (0..<Self.size).flatMap { row in target.pixels.samples[row * Self.size..<(row + 1) * Self.size].reversed() }),
            width: Self.size, height: Self.size, boxes: [], imageLabels: [0, 0, 0])
        let result = try #require(Self.paste(Self.donor(), isFlipped: true, into: mirrored, likeness: 0.95))
        let box = try #require(result.boxes.first?.box)
        #expect(abs(box.x - (256 - 100)) < 1e-9 && abs(box.y - 100) < 1e-9)
        #expect(Self.grey(result, 176, 116) > Self.grey(mirrored, 176, 116) + 0.85 * 0.25 - 0.02)
        // Not flipped it fits nowhere.
        #expect(Self.paste(Self.donor(), into: mirrored, likeness: 0.95) == nil)
    }

    @Test func whereTheAnatomyDiffersNothingIsPasted() {
        let flat = Example(
            pixels: DrawnPictures.flat(width: 128, height: 128, grey: 90), width: 128, height: 128, boxes: [], imageLabels: [0, 0, 0])
        #expect(Self.paste(Self.donor(), into: flat, likeness: 0.1) == nil)
        #expect(Self.paste(Self.donor(), into: Self.example(moved: (80, 60)), reach: 0.02, likeness: 0.95) == nil)
    }

    /// What lies in the part that is taken comes along, what would be cut through forbids it, what is elsewhere stays.
    @Test func otherFindingsOfTheDonor() throws {
        let inside = TrainingBox(box: Box(x: 70, y: 108, width: 10, height: 10), classIndex: 0)
        let across = TrainingBox(box: Box(x: 85, y: 105, width: 60, height: 20), classIndex: 0)
        let elsewhere = TrainingBox(box: Box(x: 170, y: 40, width: 40, height: 40), classIndex: 0)
        let target = Self.example()
        let both = try #require(Self.paste(Self.donor(others: [inside, elsewhere]), into: target))
        #expect(both.boxes.map(\.classIndex) == [1, 0] && both.imageLabels == [1, 1, 0])
        #expect(abs((both.boxes.last?.box.x ?? 0) - 70) < 1e-9)
        #expect(Self.paste(Self.donor(others: [across]), into: target) == nil)
    }

    /// A drawn one lies in the box, is brighter than what was there and at most as bright as soft tissue, and differs from draw to draw.
    @Test func aDrawnFindingIsABallInItsBox() throws {
        // Of the same place, so that it would be taken along.
        let inside = TrainingBox(box: Self.finding, classIndex: 0)
        let (donor, target) = (Self.donor(others: [inside]), Self.example())
        var seen: Set<[UInt16]> = []
        for seed in 1...8 {
            let result = try #require(Self.paste(donor, into: target, drawn: 1, seed: UInt64(seed)))
            #expect(result.boxes.map(\.classIndex) == [1] && result.imageLabels == [0, 1, 0])
            let box = try #require(result.boxes.first?.box)
            var (changed, most) = (Box?.none, 0.0)
            for y in 0..<Self.size {
                for x in 0..<Self.size where Self.grey(result, x, y) != Self.grey(target, x, y) {
                    most = max(most, Self.grey(result, x, y) - Self.grey(target, x, y))
                    #expect(Self.grey(result, x, y) > Self.grey(target, x, y))
                    let pixel = Box(x: Double(x), y: Double(y), width: 1, height: 1)
                    changed =
                        changed.map {
                            Box(x0: min($0.x, pixel.x), y0: min($0.y, pixel.y), x1: max($0.maxX, pixel.maxX), y1: max($0.maxY, pixel.maxY))
                        } ?? pixel
                }
            }
            let extent = try #require(changed)
            #expect(extent.intersectionOverUnion(box) > 0.35 && most > 0.005 && most < 0.4)
            #expect(abs(extent.centerX - box.centerX) < 4 && abs(extent.centerY - box.centerY) < 4)
            seen.insert(result.pixels.samples)
        }
        #expect(seen.count == 8)
    }

    /// Edges of the picture, boxes past them, single pixels: nothing breaks.
    @Test func oddPicturesAndBoxesBreakNothing() {
        let boxes = [
            Box(x: -20, y: 100, width: 60, height: 50), Box(x: 0, y: 0, width: 256, height: 256), Box(x: 255, y: 255, width: 1, height: 1),
            Box(x: 400, y: 400, width: 20, height: 20), Box(x: -1e30, y: 3, width: 2e30, height: 1e300),
            Box(x: 1e25, y: 0, width: 1e25, height: 9),
            Box(x: 250, y: 0, width: 6, height: 256),
        ]
        for box in boxes {
            let donor = Self.example(boxes: [TrainingBox(box: box, classIndex: 1)], over: Self.ball)
            for (width, height) in [(1, 1), (2, 300), (300, 2), (256, 256)] {
                let target = Self.example(width: width, height: height)
                for isFlipped in [false, true] {
                    for drawn in [0.0, 1] {
                        guard let result = Self.paste(donor, isFlipped: isFlipped, into: target, likeness: -1, drawn: drawn) else {
                            continue
                        }
                        #expect(result.pixels.samples.count == width * height)
                    }
                }
            }
        }
    }

    /// In a batch: pictures without findings get one, each of the named findings as often; all others stay as they are.
    @Test func onlyPicturesWithoutFindingsGetOne() throws {
        var dataset = try SmallDataset.usual(count: 9, normal: 4)
        try dataset.add(labels: ["Mass"])
        var augmentation = Augmentation.none
        (augmentation.copyPaste.probability, augmentation.copyPaste.likeness) = (1, -1)
        augmentation.copyPaste.findings = ["Nodule", "Mass", "no such finding"]
        let sampling = Sampling(normalShare: 0.5, labelledShare: 0.25)
        let store = try dataset.store()
        let source = SmallDataset.source(store, sampling: sampling, augmentation: augmentation, batchSize: 40)
        let plain = SmallDataset.source(store, sampling: sampling, augmentation: .none, batchSize: 40)
        var counts = [0, 0, 0]
        for step in 0..<6 {
            let (batch, before) = (try source.batch(step: step), try plain.batch(step: step))
            #expect(batch.hasBoxes == before.hasBoxes)
            for place in 0..<40 {
                let values = place * 1024..<(place + 1) * 1024
                guard before.hasBoxes[place], before.examples[place].isEmpty else {
                    #expect(batch.examples[place] == before.examples[place] && batch.values[values] == before.values[values])
                    continue
                }
                #expect(batch.examples[place].count == 1 && batch.values[values] != before.values[values])
                for box in batch.examples[place] {
                    counts[box.classIndex] += 1
                    #expect(batch.imageLabels[place * 3 + box.classIndex] == 1)
                }
            }
        }
        #expect(counts[2] == 0 && counts[0] > 40 && counts[1] > 40)
    }
}
