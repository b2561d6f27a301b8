import Basics
import Findings
import Foundation
import Geometry
import Radiographs
import Testing
import TrainingExamples

/// Where pixels and boxes go through a view, against what a picture of known places shows.
@Suite struct ViewTests {
    private static let side = 128
    private static let whole = PixelRectangle(x: 0, y: 0, width: side, height: side)

    /// Greys of a picture of `width` x `height` originals, kept at a factor of their size.
    private static func example(width: Int = 200, height: Int = 160, kept: Double = 1, grey: (_ x: Double, _ y: Double) -> Double)
        -> Example
    {
        let (keptWidth, keptHeight) = (Int(Double(width) * kept), Int(Double(height) * kept))
        let samples = (0..<keptWidth * keptHeight).map { index -> UInt16 in
            let (x, y) = ((Double(index % keptWidth) + 0.5) / kept, (Double(index / keptWidth) + 0.5) / kept)
            return UInt16(65_535 * min(1, max(0, grey(x, y))))
        }
        return Example(
            pixels: PixelImage(width: keptWidth, height: keptHeight, bits: 16, samples: samples), width: width, height: height, boxes: [])
    }

    private static func drawn(_ example: Example, _ view: AugmentedView, fill: Float = 0) -> [Float] {
        var picture = [Float](repeating: -1, count: side * side)
        picture.withUnsafeMutableBufferPointer { example.draw(view, in: whole, of: $0, side: side, fill: fill) }
        return picture
    }

    private static func views(rotated: Bool, count: Int) -> [AugmentedView] {
        var augmentation = Augmentation()
        augmentation.grey = Augmentation.none.grey
        augmentation.geometry.shift = 0.1
        augmentation.geometry.rotationProbability = rotated ? 1 : 0
        augmentation.geometry.rotation = 40
        var generator = SeededGenerator(seed: 11)
        return (0..<count).map { _ in augmentation.view(width: 200, height: 160, using: &generator) }
    }

    /// The smallest box around what is brighter than half.
    private static func brightBox(_ picture: [Float]) -> Box? {
        let bright = picture.indices.filter { picture[$0] > 0.5 }
        let (xs, ys) = (bright.map { $0 % side }, bright.map { $0 / side })
        guard let x0 = xs.min(), let x1 = xs.max(), let y0 = ys.min(), let y1 = ys.max() else { return nil }
        return Box(x: Double(x0), y: Double(y0), width: Double(x1 - x0 + 1), height: Double(y1 - y0 + 1))
    }

    private static func isClose(_ a: Box, _ b: Box, _ tolerance: Double) -> Bool {
        abs(a.x - b.x) <= tolerance && abs(a.maxX - b.maxX) <= tolerance && abs(a.y - b.y) <= tolerance && abs(a.maxY - b.maxY) <= tolerance
    }

    /// A small round spot is seen where the map says, whatever is kept of the picture.
    @Test(arguments: [(false, 1.0), (true, 1), (true, 0.5)])
    func pointsGoWhereTheMapSays(rotated: Bool, kept: Double) throws {
        var generator = SeededGenerator(seed: 5)
        var seen = 0
        for view in Self.views(rotated: rotated, count: 40) {
            let (x, y) = (generator.uniform(20...180), generator.uniform(20...140))
            let example = Self.example(kept: kept) { exp(-(pow($0 - x, 2) + pow($1 - y, 2)) / 18) }
            let picture = Self.drawn(example, view)
            let forward = try #require(view.map(from: Self.whole.box).inverse)
            let place = forward(x: x, y: y)
            guard place.x > 12, place.x < 116, place.y > 12, place.y < 116 else { continue }
            seen += 1
            // The centre of gravity of the spot.
            var (sum, sumX, sumY) = (0.0, 0.0, 0.0)
            for index in picture.indices where picture[index] > 0.02 {
                let weight = Double(picture[index])
                sum += weight
                sumX += weight * (Double(index % Self.side) + 0.5)
                sumY += weight * (Double(index / Self.side) + 0.5)
            }
            #expect(abs(sumX / sum - place.x) < 0.15 && abs(sumY / sum - place.y) < 0.15, "\(view)")
        }
        #expect(seen > 15)
    }

    @Test func boxesFollowThePixels() {
        var generator = SeededGenerator(seed: 7)
        var seen = 0
        for view in Self.views(rotated: false, count: 60) {
            let box = Box(x: generator.uniform(10...120).rounded(), y: generator.uniform(10...90).rounded(), width: 60, height: 50)
            let example = Self.example { $0 > box.x && $0 < box.maxX && $1 > box.y && $1 < box.maxY ? 1 : 0 }
            guard let moved = Self.box(box, view) else { continue }
            seen += 1
            #expect(Self.brightBox(Self.drawn(example, view)).map { Self.isClose($0, moved, 1.01) } == true)
        }
        #expect(seen > 30)
    }

    private static func box(_ box: Box, _ view: AugmentedView) -> Box? {
        guard let moved = view.map(from: whole.box).inverse?(box).clipped(toWidth: Double(side), height: Double(side)), moved.area > 100
        else { return nil }
        return moved
    }

    /// A turned box fits a round finding as tightly as the upright one did.
    @Test func aTurnedBoxIsThatOfTheEllipse() {
        var generator = SeededGenerator(seed: 8)
        var seen = 0
        for view in Self.views(rotated: true, count: 200) {
            let box = Box(x: generator.uniform(10...110), y: generator.uniform(10...90), width: 70, height: 36)
            let example = Self.example { pow(($0 - box.centerX) / 35, 2) + pow(($1 - box.centerY) / 18, 2) < 1 ? 1 : 0 }
            let inside = Self.whole.box
            guard let moved = view.map(from: inside).inverse?(box), moved.intersection(inside) == moved else { continue }
            seen += 1
            #expect(Self.brightBox(Self.drawn(example, view)).map { Self.isClose($0, moved, 1.3) } == true)
        }
        #expect(seen > 15)
    }

    @Test func aFlipTurnsLeftIntoRight() throws {
        var view = AugmentedView(region: Box(x: 0, y: 0, width: 200, height: 200))
        view.isFlipped = true
        let map = try #require(view.map(from: Box(x: 0, y: 0, width: 100, height: 100)).inverse)
        #expect(map(Box(x: 0, y: 40, width: 50, height: 50)) == Box(x: 75, y: 20, width: 25, height: 25))
    }

    /// A quarter turn moves every pixel to one place exactly.
    @Test func aQuarterTurnIsExact() {
        var generator = SeededGenerator(seed: 2)
        let greys = (0..<Self.side * Self.side).map { _ in UInt16(truncatingIfNeeded: generator.next()) }
        let example = Example(
            pixels: PixelImage(width: Self.side, height: Self.side, bits: 16, samples: greys), width: Self.side, height: Self.side,
            boxes: [])
        var view = AugmentedView(region: Self.whole.box)
        view.rotation = 90
        let picture = Self.drawn(example, view)
        for row in 0..<Self.side {
            for column in 0..<Self.side {
                // The region is turned clockwise: the input's top row is the picture's last column.
                let expected = Float(greys[column * Self.side + Self.side - 1 - row]) / 65_535
                #expect(abs(picture[row * Self.side + column] - expected) < 1e-5)
            }
        }
    }

    /// A whole turn goes through the sampler of turned views and shows what the upright view shows.
    @Test func bothSamplersAgree() {
        var generator = SeededGenerator(seed: 3)
        let (a, b) = (generator.uniform(), generator.uniform())
        let example = Self.example(kept: 1.7) { 0.5 + 0.3 * sin($0 / 3 + a) * cos($1 / 4 + b) + ($0 < 60 ? 0.2 : 0) }
        for (index, view) in Self.views(rotated: false, count: 20).enumerated() {
            var turned = view
            turned.rotation = index % 2 == 0 ? 360 : -360
            let (expected, found) = (Self.drawn(example, view, fill: 0.25), Self.drawn(example, turned, fill: 0.25))
            let worst = zip(expected, found).map { abs($0 - $1) }.max() ?? 1
            #expect(worst < 0.002, "\(view)")
        }
    }

    /// Every grey of a turned view is the weighted mean of the pixels around its place, counted one by one.
    @Test(arguments: [0.8, 1.5, 2.4])
    func aTurnedViewIsTheTriangleFilter(scale: Double) {
        var generator = SeededGenerator(seed: 4)
        let (width, height) = (150, 110)
        let greys = (0..<width * height).map { _ in UInt16(truncatingIfNeeded: generator.next()) }
        let example = Example(
            pixels: PixelImage(width: width, height: height, bits: 16, samples: greys), width: width, height: height, boxes: [])
        let extent = Double(Self.side) * scale
        var view = AugmentedView(region: Box(x: 75 - extent / 2, y: 50 - extent / 2, width: extent, height: extent * 0.9))
        view.rotation = 25
        let picture = Self.drawn(example, view, fill: 0.5)
        let map = view.map(from: Self.whole.box)
        let (supportX, supportY) = (max(1, hypot(map.xx, map.xy)), max(1, hypot(map.yx, map.yy)))
        func weights(_ centre: Double, _ support: Double, _ size: Int) -> (weights: [(Int, Double)], inside: Double) {
            let all = (Int(centre - support) - 2...Int(centre + support) + 2).map {
                ($0, max(0, 1 - abs(Double($0) + 0.5 - centre) / support))
            }
            let inside = all.filter { $0.0 >= 0 && $0.0 < size }
            let isPast = centre < 0 || centre > Double(size)
            let sum = (isPast ? all : inside).reduce(0) { $0 + $1.1 }
            return (inside.map { ($0.0, $0.1 / sum) }, inside.reduce(0) { $0 + $1.1 } / sum)
        }
        var worst = 0.0
        for index in stride(from: 0, to: picture.count, by: 7) {
            let place = map(x: Double(index % Self.side) + 0.5, y: Double(index / Self.side) + 0.5)
            let (across, down) = (weights(place.x, supportX, width), weights(place.y, supportY, height))
            var expected = 0.5 * (1 - across.inside * down.inside)
            for (row, weight) in down.weights {
                for (column, share) in across.weights { expected += weight * share * Double(greys[row * width + column]) / 65_535 }
            }
            worst = max(worst, abs(expected - Double(picture[index])))
        }
        // Neighbouring greys differ by up to 1, and places are rounded to 1/512 of a pixel.
        #expect(worst < 0.003)
    }

    /// Switching an option on changes no random number of the others.
    @Test func optionsDoNotMoveEachOther() {
        var (first, second) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1))
        let plain = Augmentation()
        var turned = plain
        turned.geometry.rotationProbability = 1
        turned.grey.exposure = 0.5
        for _ in 0..<20 {
            let a = plain.view(width: 300, height: 200, using: &first)
            var b = turned.view(width: 300, height: 200, using: &second)
            #expect(b.rotation != 0 && b.exposure != 0)
            (b.rotation, b.exposure) = (0, a.exposure)
            #expect(a == b)
        }
    }
}
