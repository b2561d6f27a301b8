import Basics
import Findings
import Foundation
import Geometry
import Networks
import Radiographs

/// Makes inputs of a network out of examples: views, mosaics, mix-ups, and what is done to the finished picture.
struct PictureComposer: Sendable {
    let augmentation: Augmentation
    /// Columns and rows of the input.
    let side: Int
    /// The grey around a picture, as a share of full scale.
    let fill: Float
    let sides: SidedClasses
    /// Planes of a picture: 1, or 3 for colour.
    var channels = 1
    /// Whether pictures are flipped upside down too, one in two.
    var flipsVertically = false
    /// How far a colour's gain may be from 1, either way: stains and lamps differ.
    private static let tint = 0.1

    /// What the network should say of an input.
    struct Truth: Sendable {
        /// In pixels of the input.
        var boxes: [TrainingBox]
        /// [C]
        var labels: [Float]
        /// [C]: whether places without a box are without the finding; empty where no source says.
        var background: [Bool] = []
    }

    /// Everything that one input is made of.
    struct Ingredients: Sendable {
        var example: Example
        /// Three more where the picture becomes a mosaic.
        var companions: [Example] = []
        /// Another picture to be mixed in.
        var partner: Example?
    }

    /// Makes one input.
    /// - Parameters:
    ///   - picture: [C, side, side], row-major; becomes grey, or each colour, of 0...1.
    ///   - random: The generator of each purpose and part.
    func compose(
        _ ingredients: Ingredients, into picture: UnsafeMutableBufferPointer<Float>,
        random: (RandomStreams.Purpose, Int) -> SeededGenerator
    ) -> Truth {
        var seen = draw([ingredients.example] + ingredients.companions, into: picture, random: random, firstPart: 0)
        var share = 1.0
        if let partner = ingredients.partner {
            var generator = random(.mixUp, 1)
            share = BetaDistribution(alpha: augmentation.mixUp.alpha).next(using: &generator)
            var other = [Float](repeating: 0, count: picture.count)
            other.withUnsafeMutableBufferPointer { other in
                seen += draw([partner], into: other, random: random, firstPart: 4)
                let (mine, theirs) = (Float(share), Float(1 - share))
                for index in picture.indices { picture[index] = mine * picture[index] + theirs * other[index] }
            }
        }
        let hidden = change(picture, random: random)
        var truths = seen.map { example in
            let (boxes, labels) = example.learnt(hidden: hidden, visibleShare: augmentation.geometry.visibleShare)
            return Truth(boxes: boxes, labels: labels, background: example.background)
        }
        guard ingredients.partner != nil, let mixed = truths.popLast() else { return together(truths) }
        return together(truths).mixed(with: mixed, share: share)
    }

    /// One picture over the whole input, or four around a point.
    private func draw(
        _ examples: [Example], into picture: UnsafeMutableBufferPointer<Float>, random: (RandomStreams.Purpose, Int) -> SeededGenerator,
        firstPart: Int
    ) -> [SeenExample] {
        guard examples.count == 4 else {
            return examples.prefix(1).map { example in
                var generator = random(.view, firstPart)
                let view = augmentation.view(width: example.width, height: example.height, using: &generator)
                return show(
                    example, view, in: PixelRectangle(x: 0, y: 0, width: side, height: side), of: picture, random: random,
                    part: firstPart)
            }
        }
        var generator = random(.mosaic, 1)
        let reach = augmentation.mosaic.centre
        func meeting() -> Int { min(side - 1, max(1, Int((Double(side) * (0.5 + generator.uniform(-reach...reach))).rounded()))) }
        let (x, y) = (meeting(), meeting())
        let places = [
            PixelRectangle(x: 0, y: 0, width: x, height: y), PixelRectangle(x: x, y: 0, width: side - x, height: y),
            PixelRectangle(x: 0, y: y, width: x, height: side - y), PixelRectangle(x: x, y: y, width: side - x, height: side - y),
        ]
        return zip(examples, places).enumerated().map { part, pair in
            let (example, place) = pair
            var generator = random(.view, firstPart + part)
            var view = augmentation.view(width: example.width, height: example.height, using: &generator)
            // The longer side of the place shows as much as the whole input would, the shorter one a part of it.
            let longest = Double(max(place.width, place.height))
            let (width, height) = (view.region.width * Double(place.width) / longest, view.region.height * Double(place.height) / longest)
            view.region = Box(
                x: view.region.x + (view.region.width - width) * generator.uniform(),
                y: view.region.y + (view.region.height - height) * generator.uniform(), width: width, height: height)
            return show(example, view, in: place, of: picture, random: random, part: firstPart + part)
        }
    }

    /// Draws a view, flipped only where that leaves every finding with a name.
    private func show(
        _ example: Example, _ view: AugmentedView, in place: PixelRectangle, of picture: UnsafeMutableBufferPointer<Float>,
        random: (RandomStreams.Purpose, Int) -> SeededGenerator, part: Int
    ) -> SeenExample {
        var view = view
        if flipsVertically {
            // Upside down is half a turn and a flip.
            var generator = random(.upsideDown, part)
            if generator.uniform() < 0.5 { (view.rotation, view.isFlipped) = (view.rotation + 180, !view.isFlipped) }
        }
        var (boxes, labels, background) = (example.boxes, example.imageLabels, example.background)
        if view.isFlipped {
            if let mirrored = sides.mirrored(boxes: boxes, labels: labels) {
                (boxes, labels) = mirrored
                background = sides.mirrored(background)
            } else {
                view.isFlipped = false
            }
        }
        var gains: [Float] = []
        if channels == 3 {
            var generator = random(.colour, part)
            gains = (0..<3).map { _ in Float(1 + generator.uniform(-Self.tint...Self.tint)) }
        }
        example.draw(view, in: place, of: picture, side: side, fill: fill, gains: gains)
        return SeenExample(boxes: boxes, labels: labels, background: background, view: view, target: place)
    }

    /// Blur, noise and cut-out.
    /// - Returns: What was cut out.
    private func change(
        _ picture: UnsafeMutableBufferPointer<Float>, random: (RandomStreams.Purpose, Int) -> SeededGenerator
    ) -> [PixelRectangle] {
        if augmentation.blur.probability > 0 {
            var generator = random(.blur, 0)
            let (isDone, deviation) = (generator.uniform() < augmentation.blur.probability, generator.uniform())
            // Less than a quarter of a pixel cannot be seen.
            if isDone, deviation * augmentation.blur.deviation > 0.25 {
                let blur = GaussianBlur(side: side, deviation: deviation * augmentation.blur.deviation)
                for plane in planes(picture) { blur.apply(to: plane) }
            }
        }
        if augmentation.noise.probability > 0 {
            var generator = random(.noise, 0)
            let (isDone, electronic, quantum) = (
                generator.uniform() < augmentation.noise.probability, generator.uniform(), generator.uniform()
            )
            if isDone {
                PixelNoise(electronic: electronic * augmentation.noise.electronic, quantum: quantum * augmentation.noise.quantum)
                    .apply(to: picture, using: &generator)
            }
        }
        guard augmentation.cutOut.probability > 0 else { return [] }
        var generator = random(.cutOut, 0)
        let hidden = cutOuts(using: &generator)
        for (plane, rectangle) in planes(picture).flatMap({ plane in hidden.map { (plane, $0) } }) {
            for row in rectangle.y..<rectangle.y + rectangle.height {
                let first = row * side + rectangle.x
                UnsafeMutableBufferPointer(rebasing: plane[first..<first + rectangle.width])
                    .update(repeating: Float(augmentation.cutOut.fill))
            }
        }
        return hidden
    }

    private func planes(_ picture: UnsafeMutableBufferPointer<Float>) -> [UnsafeMutableBufferPointer<Float>] {
        (0..<channels).map { UnsafeMutableBufferPointer(rebasing: picture[$0 * side * side..<($0 + 1) * side * side]) }
    }

    private func cutOuts(using generator: inout SeededGenerator) -> [PixelRectangle] {
        let settings = augmentation.cutOut
        return (0..<settings.count).compactMap { _ in
            let isDone = generator.uniform() < settings.probability
            func length() -> Int { min(side, Int((Double(side) * generator.uniform(settings.sideLow...settings.sideHigh)).rounded())) }
            let (width, height) = (length(), length())
            let (x, y) = (generator.uniform(), generator.uniform())
            guard isDone, width > 0, height > 0 else { return nil }
            return PixelRectangle(
                x: Int(x * Double(side - width + 1)), y: Int(y * Double(side - height + 1)), width: width, height: height)
        }
    }

    /// Pictures beside each other: a finding is present where any of them has it, absent where all are without.
    private func together(_ truths: [Truth]) -> Truth {
        guard let first = truths.first else { return Truth(boxes: [], labels: []) }
        return truths.dropFirst().reduce(first) { all, next in
            Truth(
                boxes: all.boxes + next.boxes,
                labels: zip(all.labels, next.labels).map { $0 == 1 || $1 == 1 ? 1 : $0.isNaN || $1.isNaN ? .nan : max($0, $1) },
                background: zip(all.background, next.background).map { $0 && $1 })
        }
    }
}

extension PictureComposer.Truth {
    /// Two pictures through each other: boxes with the weights of their pictures, labels averaged with them.
    fileprivate func mixed(with other: Self, share: Double) -> Self {
        func weighted(_ boxes: [TrainingBox], _ weight: Double) -> [TrainingBox] {
            // Where one picture is without a finding, the other may have it.
            boxes.filter { !$0.isAbsent }.map { box in
                var box = box
                box.weight *= weight
                return box
            }
        }
        return Self(
            boxes: weighted(boxes, share) + weighted(other.boxes, 1 - share),
            labels: zip(labels, other.labels).map { Float(share) * $0 + Float(1 - share) * $1 },
            background: zip(background, other.background).map { $0 && $1 })
    }
}
