import Basics
import Foundation
import Geometry
import Networks
import Tensors
import Testing

/// Findings that an image is labelled with and nobody boxed there: some anchor must see them.
@Suite struct MultipleInstanceTests {
    private static let box = Box(x: 0, y: 0, width: 10, height: 10)
    /// Three images, three findings. Of the first image the last finding is labelled only; the second image is a mixed one; of the third
    /// nothing is known of the second finding.
    private static let labels: [Float] = [1, 0, 1, 0.25, 0, 0, 0, .nan, 1]
    private static let examples = [[TrainingBox(box: box, classIndex: 0)], [], []]
    private static let weights: [Double] = [0, 0, 1, 0.25, 0, 0, 0, 0, 1]

    private static func targets(
        _ images: Range<Int> = 0..<3, labels: [Float] = labels, isLearnt: [Bool] = [true, true, true]
    ) throws -> MultipleInstanceTargets {
        try MultipleInstanceTargets(
            labels: labels.isEmpty ? [] : Array(labels[images.lowerBound * 3..<images.upperBound * 3]), examples: Array(examples[images]),
            isLearnt: isLearnt, device: .cpu)
    }

    private static func logits(_ seed: UInt64 = 3) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<3 * 6 * 3).map { _ in Float(generator.uniform(-4...2)) }
    }

    /// Written out: log of the mean of exp(5 x) over the six anchors, a fifth of it, and the cross-entropy of that against 1.
    private static func expected(_ logits: [Float], weights: [Double]) -> Double {
        var (sum, amount) = (0.0, 0.0)
        for (place, weight) in weights.enumerated() where weight > 0 {
            let (image, finding) = (place / 3, place % 3)
            var mean = 0.0
            for anchor in 0..<6 { mean += exp(5 * Double(logits[(image * 6 + anchor) * 3 + finding])) / 6 }
            sum += weight * log(1 + exp(-log(mean) / 5))
            amount += weight
        }
        return sum / max(1, amount)
    }

    @Test func whatIsBoxedAbsentUnknownOrNotLearntIsLeftOut() throws {
        let targets = try Self.targets()
        #expect(try targets.weights.floats().map(Double.init) == Self.weights && targets.amount == 2.25)
        let some = try Self.targets(isLearnt: [true, true, false])
        #expect(try some.weights.floats() == [0, 0, 0, 0.25, 0, 0, 0, 0, 0] && some.amount == 0.25)
    }

    /// A box of a kind of the finding boxes the finding too; a box of which that is not known does not.
    @Test func boxesOfKindsCountAndUnknownOnesDoNot() throws {
        let kind = TrainingBox(box: Self.box, classIndex: 0, furtherClasses: [1])
        let open = TrainingBox(box: Self.box, classIndex: 2, isUnknown: true)
        let targets = try MultipleInstanceTargets(
            labels: [1, 1, 1], examples: [[kind, open]], isLearnt: [true, true, true], device: .cpu)
        #expect(try targets.weights.floats() == [0, 0, 1])
    }

    @Test func theLossEqualsItsClosedForm() throws {
        for seed in [3, 4] as [UInt64] {
            let logits = Self.logits(seed)
            let targets = try Self.targets()
            let loss = try targets.loss(Tensor(logits, shape: [3, 6, 3]), amount: targets.amount).item()
            #expect(abs(loss - Self.expected(logits, weights: Self.weights)) < 1e-5)
        }
        // Where all anchors say the same, the bag says it too.
        let same = try Self.targets().loss(Tensor([Float](repeating: -3, count: 54), shape: [3, 6, 3]), amount: 2.25).item()
        #expect(abs(same - log(1 + exp(3))) < 1e-5)
    }

    @Test func theGradientEqualsFiniteDifferences() throws {
        let targets = try Self.targets()
        let logits = Self.logits()
        let x = try Tensor(logits, shape: [3, 6, 3])
        try x.setRequiresGradient(true)
        try targets.loss(x, amount: targets.amount).backward()
        let gradient = try #require(x.gradient).floats()
        // The closed form in 64 bits.
        for index in logits.indices {
            var (low, high) = (logits, logits)
            low[index] -= 1e-2
            high[index] += 1e-2
            let step = Double(high[index] - low[index])
            let slope = (Self.expected(high, weights: Self.weights) - Self.expected(low, weights: Self.weights)) / step
            #expect(abs(slope - Double(gradient[index])) < 1e-4, "\(index)")
        }
        // A finding that is left out has none, and of the others the surest anchor has the most.
        #expect((0..<6).allSatisfy { gradient[$0 * 3] == 0 && gradient[$0 * 3 + 1] == 0 })
        let places = (0..<6).map { $0 * 3 + 2 }
        let surest = try #require(places.max { logits[$0] < logits[$1] })
        #expect(places.allSatisfy { gradient[$0] >= gradient[surest] } && gradient[surest] < 0)
    }

    @Test func withoutLabelsThereIsNothing() throws {
        for labels in [[], [Float](repeating: .nan, count: 9), [Float](repeating: 0, count: 9)] {
            let targets = try Self.targets(labels: labels)
            let x = try Tensor(Self.logits(), shape: [3, 6, 3])
            try x.setRequiresGradient(true)
            let loss = try targets.loss(x, amount: targets.amount)
            try loss.backward()
            #expect(try loss.item() == 0 && targets.amount == 0)
            #expect(try #require(x.gradient).floats().allSatisfy { $0 == 0 })
        }
    }

    /// Images in parts, each divided by the amount of all, add up to all at once.
    @Test func partsAddUp() throws {
        let logits = Self.logits()
        let parts = try [0..<1, 1..<3].map { ($0, try Self.targets($0)) }
        let amount = parts.reduce(0) { $0 + $1.1.amount }
        let sum = try parts.reduce(0.0) { sum, part in
            let own = Array(logits[part.0.lowerBound * 18..<part.0.upperBound * 18])
            return try sum + part.1.loss(Tensor(own, shape: [part.0.count, 6, 3]), amount: amount).item()
        }
        #expect(abs(sum - Self.expected(logits, weights: Self.weights)) < 1e-5)
    }
}
