import Basics
import Findings
import Foundation
import Geometry
import Networks
import Tensors
import Testing

@Suite struct DetectionLossTests {
    private static let anchors = Anchors(levels: [(2, 2), (1, 1)], inputWidth: 64, inputHeight: 64)
    private static let examples = [
        [TrainingBox(box: Box(x: 5, y: 8, width: 30, height: 22), classIndex: 1)], [],
        [
            TrainingBox(box: Box(x: 20, y: 20, width: 40, height: 40), classIndex: 0),
            // A box that half of its readers have.
            TrainingBox(box: Box(x: 2, y: 30, width: 12, height: 20), classIndex: 2, weight: 0.5),
        ],
    ]

    private static func random(_ count: Int, seed: UInt64, scale: Double) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float(generator.uniform(-scale...scale)) }
    }

    private static func loss(
        encodings: Tensor, logits: Tensor, target: DetectionLoss.Target = .one
    ) throws -> DetectionLoss.Parts {
        let targets = try DetectionTargets(examples: examples, classCount: 3, anchors: anchors, assigner: AnchorMatcher(), device: .cpu)
        return try DetectionLoss(target: target)(DetectionOutput(encodings: encodings, logits: logits), targets: targets)
    }

    /// Focal loss, quality focal loss and GIoU written out in double precision from the papers' formulas.
    @Test(arguments: DetectionLoss.Target.allCases) func theLossEqualsItsFormula(_ target: DetectionLoss.Target) throws {
        let count = Self.anchors.count
        let encodings = Self.random(3 * count * 4, seed: 1, scale: 2)
        let logits = Self.random(3 * count * 3, seed: 2, scale: 3)
        let parts = try Self.loss(
            encodings: Tensor(encodings, shape: [3, count, 4]), logits: Tensor(logits, shape: [3, count, 3]), target: target)
        var (scoreSum, boxSum, positives, weights) = (0.0, 0.0, 0, 0.0)
        for (image, example) in Self.examples.enumerated() {
            let assignments = AnchorMatcher().assign(anchors: Self.anchors, boxes: example.map(\.box))
            for (anchor, assignment) in assignments.enumerated() where assignment != .ignored {
                let row = image * count + anchor
                var weight = 1.0
                var (answered, overlap, giou) = (nil as Int?, 0.0, 0.0)
                if case .box(let index) = assignment {
                    answered = index
                    weight = example[index].weight
                    let a = Self.anchors.boxes[anchor]
                    let e = encodings[row * 4..<row * 4 + 4].map(Double.init)
                    let (cx, cy) = (Double(a.centerX) + e[0] / 10 * Double(a.width), Double(a.centerY) + e[1] / 10 * Double(a.height))
                    let (w, h) = (exp(e[2] / 5) * Double(a.width), exp(e[3] / 5) * Double(a.height))
                    let (found, truth) = (Box(x: cx - w / 2, y: cy - h / 2, width: w, height: h), example[index].box)
                    let common = found.intersection(truth).area
                    let union = found.area + truth.area - common
                    let hull = (max(found.maxX, truth.maxX) - min(found.x, truth.x)) * (max(found.maxY, truth.maxY) - min(found.y, truth.y))
                    (overlap, giou) = (common / union, common / union - (hull - union) / hull)
                }
                for column in 0..<3 {
                    let p = 1 / (1 + exp(-Double(logits[row * 3 + column])))
                    let isTarget = answered.map { example[$0].classIndex == column } ?? false
                    let t = !isTarget ? 0 : target == .one ? 1 : overlap
                    let entropy = -t * log(p) - (1 - t) * log(1 - p)
                    scoreSum += weight * (isTarget ? 0.25 : 0.75) * pow(abs(t - p), 2) * entropy
                }
                guard answered != nil else { continue }
                positives += 1
                weights += weight
                boxSum += weight * (1 - giou)
            }
        }
        #expect(positives >= 3 && weights < Double(positives))
        #expect(abs(try parts.score.item() - scoreSum / weights) < 1e-4)
        #expect(abs(try parts.box.item() - boxSum / weights) < 1e-4)
        #expect(abs(try parts.total.item() - (scoreSum + boxSum) / weights) < 2e-4)
    }

    @Test func gradientsEqualFiniteDifferences() throws {
        let count = Self.anchors.count
        let sizes = [3 * count * 4, 3 * count * 3]
        let numbers = [Self.random(sizes[0], seed: 5, scale: 1), Self.random(sizes[1], seed: 6, scale: 2)]
        func total(_ numbers: [[Float]]) throws -> Double {
            try Self.loss(encodings: Tensor(numbers[0], shape: [3, count, 4]), logits: Tensor(numbers[1], shape: [3, count, 3])).total
                .item()
        }
        let encodings = try Tensor(numbers[0], shape: [3, count, 4])
        let logits = try Tensor(numbers[1], shape: [3, count, 3])
        for tensor in [encodings, logits] { try tensor.setRequiresGradient(true) }
        try Self.loss(encodings: encodings, logits: logits).total.backward()
        let gradients = [try #require(encodings.gradient).floats(), try #require(logits.gradient).floats()]
        // A step in the direction of the gradient itself: one number that every element takes part in. A short one, because GIoU bends
        // where an edge of the box crosses an edge of the truth.
        for part in 0..<2 {
            let length = gradients[part].reduce(0) { $0 + Double($1) * Double($1) }
            let step = 0.001 / length.squareRoot()
            var (low, high) = (numbers, numbers)
            for index in numbers[part].indices {
                low[part][index] -= Float(step) * gradients[part][index]
                high[part][index] += Float(step) * gradients[part][index]
            }
            let slope = try (total(high) - total(low)) / (2 * step)
            #expect(abs(slope - length) < 0.02 * length, "\(slope) against \(length)")
        }
    }

    @Test func aBatchWithoutAnyBoxHasALossAndAGradient() throws {
        let count = Self.anchors.count
        let targets = try DetectionTargets(examples: [[]], classCount: 3, anchors: Self.anchors, assigner: AnchorMatcher(), device: .cpu)
        let logits = try Tensor.zeros([1, count, 3])
        try logits.setRequiresGradient(true)
        let parts = try DetectionLoss()(
            DetectionOutput(encodings: Tensor.zeros([1, count, 4]), logits: logits), targets: targets)
        try parts.total.backward()
        #expect(try parts.total.item() > 0)
        #expect(try #require(logits.gradient).floats().allSatisfy { $0 > 0 })
    }

    // MARK: A head that says how well its boxes fit

    private static let points = Anchors(pyramid: [(8, 8, 8), (4, 4, 16), (2, 2, 32)], scales: [1], aspects: [1])

    private static func pointLoss(
        _ numbers: [[Float]], quality: DetectionLoss.Quality, gradients: Bool = false
    ) throws -> (parts: DetectionLoss.Parts, inputs: [Tensor]) {
        let count = points.count
        let targets = try DetectionTargets(examples: examples, classCount: 3, anchors: points, assigner: AdaptiveSelection(), device: .cpu)
        let inputs = try zip(numbers, [4, 3, 1]).map { try Tensor($0, shape: [3, count, $1]) }
        for input in inputs where gradients { try input.setRequiresGradient(true) }
        let output = DetectionOutput(encodings: inputs[0], logits: inputs[1], quality: inputs[2])
        return (try DetectionLoss(quality: quality)(output, targets: targets, coding: .distances), inputs)
    }

    private static func pointNumbers() -> [[Float]] {
        let count = points.count
        return [
            random(3 * count * 4, seed: 11, scale: 1), random(3 * count * 3, seed: 12, scale: 2), random(3 * count, seed: 13, scale: 2),
        ]
    }

    /// Written out from the papers' formulas.
    @Test(arguments: [DetectionLoss.Quality.centreness, .overlap])
    func theQualitysLossEqualsItsFormula(_ quality: DetectionLoss.Quality) throws {
        let numbers = Self.pointNumbers()
        let parts = try Self.pointLoss(numbers, quality: quality).parts
        var (qualitySum, boxSum, fitSum, weights) = (0.0, 0.0, 0.0, 0.0)
        for (image, example) in Self.examples.enumerated() {
            let assignments = AdaptiveSelection().assign(anchors: Self.points, boxes: example.map(\.box))
            for (anchor, assignment) in assignments.enumerated() {
                guard case .box(let index) = assignment else { continue }
                let row = image * Self.points.count + anchor
                let point = Self.points.boxes[anchor]
                let (x, y, stride) = (Double(point.centerX), Double(point.centerY), Double(point.width))
                let e = numbers[0][row * 4..<row * 4 + 4].map { exp(Double($0)) * stride }
                let found = Box(x0: x - e[0], y0: y - e[1], x1: x + e[2], y1: y + e[3])
                let truth = example[index].box
                let d = [x - truth.x, truth.maxX - x, y - truth.y, truth.maxY - y].map { max(1e-3, $0) }
                let centreness = (min(d[0], d[1]) / max(d[0], d[1]) * min(d[2], d[3]) / max(d[2], d[3])).squareRoot()
                let overlap = found.intersectionOverUnion(truth)
                let fit = quality == .centreness ? centreness : overlap
                let p = 1 / (1 + exp(-Double(numbers[2][row])))
                let weight = example[index].weight
                weights += weight
                qualitySum -= weight * (fit * log(p) + (1 - fit) * log(1 - p))
                let union = found.area + truth.area - found.intersection(truth).area
                let hull = (max(found.maxX, truth.maxX) - min(found.x, truth.x)) * (max(found.maxY, truth.maxY) - min(found.y, truth.y))
                let boxWeight = quality == .centreness ? weight * fit : weight
                fitSum += boxWeight
                boxSum += boxWeight * (1 - (overlap - (hull - union) / hull))
            }
        }
        #expect(abs(try #require(parts.quality).item() - qualitySum / weights) < 1e-4)
        #expect(abs(try parts.box.item() - boxSum / fitSum) < 1e-4)
        #expect(abs(try parts.total.item() - (parts.score.item() + parts.box.item() + qualitySum / weights)) < 2e-4)
    }

    @Test func theQualitysGradientsEqualFiniteDifferences() throws {
        let numbers = Self.pointNumbers()
        let (parts, inputs) = try Self.pointLoss(numbers, quality: .centreness, gradients: true)
        try parts.total.backward()
        for (part, input) in inputs.enumerated() {
            let gradient = try #require(input.gradient).floats()
            let length = gradient.reduce(0) { $0 + Double($1) * Double($1) }
            let step = 0.001 / length.squareRoot()
            var (low, high) = (numbers, numbers)
            for index in gradient.indices {
                low[part][index] -= Float(step) * gradient[index]
                high[part][index] += Float(step) * gradient[index]
            }
            let slope =
                try
                (Self.pointLoss(high, quality: .centreness).parts.total.item()
                - Self.pointLoss(low, quality: .centreness).parts.total.item()) / (2 * step)
            #expect(abs(slope - length) < 0.02 * length, "\(slope) against \(length)")
        }
    }

    /// A finding that is not labelled counts for nothing: the loss is that of the anchors and findings that are, by brute force over single ones.
    @Test func findingsThatAreNotLabelledTeachNothing() throws {
        let count = Self.anchors.count
        let encodings = try Tensor(Self.random(3 * count * 4, seed: 3, scale: 2), shape: [3, count, 4])
        let numbers = Self.random(3 * count * 3, seed: 4, scale: 3)
        // Of the first image all, of the second nothing, of the third the first and the last finding, which have boxes there.
        let isLabelled = [true, true, true, false, false, false, true, false, true]
        let targets = try DetectionTargets(
            examples: Self.examples, isLabelled: isLabelled, classCount: 3, anchors: Self.anchors, assigner: AnchorMatcher(), device: .cpu)
        let whole = try DetectionTargets(
            examples: Self.examples, classCount: 3, anchors: Self.anchors, assigner: AnchorMatcher(), device: .cpu)
        func score(_ targets: DetectionTargets, _ logits: [Float]) throws -> Double {
            try DetectionLoss()(
                DetectionOutput(encodings: encodings, logits: Tensor(logits, shape: [3, count, 3])), targets: targets
            ).score.item()
        }
        // A logit of -30 at a place without a target costs nothing, so the whole loss of such logits is that of the others.
        let silenced = numbers.enumerated().map { index, logit in isLabelled[index / (count * 3) * 3 + index % 3] ? logit : -30 }
        #expect(abs(try score(targets, numbers) - score(whole, silenced)) < 1e-4)
        #expect(abs(try score(targets, numbers) - score(targets, silenced)) < 1e-6)
        #expect(abs(try score(whole, numbers) - score(targets, numbers)) > 0.1)
    }

    /// A box that shows a kind of another finding is positive for both; a finding that is not labelled teaches at its positive anchors
    /// alone; anchors in a place that is not known teach nothing of its findings. By brute force over anchors and findings.
    @Test func whatIsNotKnownTeachesNothingAndAPositiveAlways() throws {
        let count = Self.anchors.count
        let examples = [
            [
                TrainingBox(box: Box(x: 5, y: 8, width: 30, height: 22), classIndex: 1, furtherClasses: [0]),
                TrainingBox(box: Box(x: 0, y: 30, width: 40, height: 34), classIndex: 0, furtherClasses: [2], isUnknown: true),
            ],
            [TrainingBox(box: Box(x: 20, y: 20, width: 40, height: 40), classIndex: 2)],
        ]
        let isLabelled = [true, false, true, true, true, false]
        let numbers = Self.random(2 * count * 3, seed: 21, scale: 3)
        let targets = try DetectionTargets(
            examples: examples, isLabelled: isLabelled, classCount: 3, anchors: Self.anchors, assigner: AnchorMatcher(), device: .cpu)
        let score = try DetectionLoss()(
            DetectionOutput(encodings: Tensor.zeros([2, count, 4]), logits: Tensor(numbers, shape: [2, count, 3])), targets: targets
        ).score.item()
        var (sum, positives, silent) = (0.0, 0.0, 0)
        for (image, example) in examples.enumerated() {
            let drawn = example.filter { !$0.isUnknown }
            for (anchor, assignment) in AnchorMatcher().assign(anchors: Self.anchors, boxes: drawn.map(\.box)).enumerated()
            where assignment != .ignored {
                var shown: [Int] = []
                if case .box(let index) = assignment {
                    shown = [drawn[index].classIndex] + drawn[index].furtherClasses
                    positives += 1
                }
                let place = Self.anchors.boxes[anchor]
                let (x, y) = (Double(place.centerX), Double(place.centerY))
                let open = example.filter { $0.isUnknown && $0.box.x <= x && x < $0.box.maxX && $0.box.y <= y && y < $0.box.maxY }
                    .flatMap { [$0.classIndex] + $0.furtherClasses }
                for column in 0..<3 {
                    let isPositive = shown.contains(column)
                    guard isPositive || (isLabelled[image * 3 + column] && !open.contains(column)) else {
                        silent += 1
                        continue
                    }
                    let p = 1 / (1 + exp(-Double(numbers[(image * count + anchor) * 3 + column])))
                    sum += isPositive ? -0.25 * pow(1 - p, 2) * log(p) : -0.75 * p * p * log(1 - p)
                }
            }
        }
        #expect(positives >= 2 && silent > 2 * count / 2)
        #expect(abs(score - sum / positives) < 1e-4)
    }

    /// Of an image of which nothing else is known, a place that a reader says is without a finding teaches that, at the anchors that would be
    /// matched to it and of that finding alone. By brute force.
    @Test func aPlaceWithoutAFindingTeachesThat() throws {
        let count = Self.anchors.count
        let place = TrainingBox(box: Box(x: 5, y: 8, width: 30, height: 22), classIndex: 1, isAbsent: true)
        let numbers = Self.random(count * 3, seed: 22, scale: 3)
        func score(_ example: [TrainingBox], _ labelled: [Bool]) throws -> Float {
            let targets = try DetectionTargets(
                examples: [example], isLabelled: labelled, classCount: 3, anchors: Self.anchors, assigner: AnchorMatcher(), device: .cpu)
            #expect(targets.positiveCount == 0)
            return Float(
                try DetectionLoss()(
                    DetectionOutput(encodings: Tensor.zeros([1, count, 4]), logits: Tensor(numbers, shape: [1, count, 3])), targets: targets
                ).score.item())
        }
        func background(_ column: Int, _ anchor: Int) -> Double {
            let p = 1 / (1 + exp(-Double(numbers[anchor * 3 + column])))
            return -0.75 * p * p * log(1 - p)
        }
        let matched = AnchorMatcher().assign(anchors: Self.anchors, boxes: [place.box]).enumerated().compactMap { anchor, assignment in
            if case .box = assignment { anchor } else { nil }
        }
        #expect(!matched.isEmpty && matched.count < count / 4)
        let expected = matched.reduce(0) { $0 + background(1, $1) }
        #expect(abs(Double(try score([place], [false, false, false])) - expected) < 1e-4 * max(1, expected))
        #expect(try score([], [false, false, false]) == 0)
        // Where all boxes are labelled it says nothing new.
        let (with, without) = (try score([place], [true, true, true]), try score([], [true, true, true]))
        #expect(abs(with - without) < 1e-4 * without)
    }
}
