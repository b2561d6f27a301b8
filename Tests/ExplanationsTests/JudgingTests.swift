import Basics
import Explanations
import Foundation
import Geometry
import Models
import Radiographs
import Testing

@Suite struct JudgingTests {
    /// The curves of a linear network, in closed form.
    @Test func insertionAndDeletionOfALinearNetworkAreKnown() throws {
        let (side, rectangle) = (320, Box(x: 80, y: 80, width: 160, height: 160))
        let image = try MaskedImage(inputs: [try DrawnInput.bright(rectangle, side: side)], width: side, height: side, fill: .mean)
        let scorer = try MaskedScorer(
            RectangleNetwork(side: side, rectangle: rectangle), image: image,
            targets: [ExplainedTarget(id: "1", classIndex: 0, box: rectangle)])
        var right = [Float](repeating: 0, count: side * side)
        for y in 80..<240 { for x in 80..<240 { right[y * side + x] = 1 } }
        let maps = [right, right.map { -$0 }].map { ExplanationMap(kind: .occlusion, width: side, height: side, values: $0) }
        let curves = try InsertionDeletion.of(maps, target: 0, scorer: scorer, score: 1)
        // A quarter of the pixels decides; hidden, they have the mean, a quarter.
        let (share, hidden) = (0.25, 0.25)
        #expect(abs(curves[0].difference - (1 - hidden) * (1 - share)) < 1e-4)
        #expect(abs(curves[1].difference + (1 - hidden) * (1 - share)) < 1e-4)
        for (share, value) in zip(curves[0].shares, curves[0].insertion) {
            #expect(abs(value - (hidden + (1 - hidden) * min(1, share / 0.25))) < 1e-4)
        }
        #expect(zip(curves[0].insertion, curves[0].deletion).allSatisfy { abs($0 + $1 - 1 - hidden) < 1e-4 })
    }

    /// A rank is how many are smaller, and half of how many others are equal.
    @Test func spearmanIsThatOfItsDefinition() {
        var generator = SeededGenerator(seed: 5)
        for levels in [3.0, 10, 1e6] {
            let left = (0..<60).map { _ in Float((generator.uniform() * levels).rounded(.down)) }
            let right = left.map { $0 + Float((generator.uniform() * levels).rounded(.down)) }
            func ranks(_ values: [Float]) -> [Double] {
                values.map { value in Double(values.count { $0 < value }) + Double(values.count { $0 == value } - 1) / 2 }
            }
            let (a, b) = (ranks(left), ranks(right))
            let (meanA, meanB) = (a.reduce(0, +) / 60, b.reduce(0, +) / 60)
            let products = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
            let squares = a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } * b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
            #expect(abs(RankCorrelation.spearman(left, right) - products / squares.squareRoot()) < 1e-12)
        }
        #expect(RankCorrelation.spearman([1, 2, 3], [3, 2, 1]) == -1)
        #expect(RankCorrelation.spearman([1, 1, 1], [3, 2, 1]) == 0)
    }

    /// Wang's formula with every window summed up by itself.
    @Test func structuralSimilarityIsThatOfItsDefinition() {
        var generator = SeededGenerator(seed: 9)
        let (width, height) = (20, 16)
        let left = (0..<width * height).map { _ in Float(generator.uniform()) }
        let right = left.map { min(1, max(0, $0 + Float(generator.uniform()) / 2 - 0.25)) }
        let bell = (-5...5).map { exp(-Double($0 * $0) / 4.5) }
        let total = bell.reduce(0, +)
        var sum = 0.0
        for y in 0..<height {
            for x in 0..<width {
                var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for dy in -5...5 {
                    for dx in -5...5 {
                        let weight = bell[dx + 5] * bell[dy + 5] / (total * total)
                        let place = min(height - 1, max(0, y + dy)) * width + min(width - 1, max(0, x + dx))
                        let (l, r) = (Double(left[place]), Double(right[place]))
                        a += weight * l
                        b += weight * r
                        aa += weight * l * l
                        bb += weight * r * r
                        ab += weight * l * r
                    }
                }
                sum +=
                    (2 * a * b + 0.0001) * (2 * (ab - a * b) + 0.0009)
                    / ((a * a + b * b + 0.0001) * (aa - a * a + bb - b * b + 0.0009))
            }
        }
        let similarity = StructuralSimilarity.of(left, right, width: width, height: height)
        #expect(abs(similarity - sum / Double(width * height)) < 1e-3)
        #expect(abs(StructuralSimilarity.of(left, left, width: width, height: height) - 1) < 1e-6)
    }

    private func measured(_ count: Int, gain: Double, similarity: Double = 0.1, halves: Double = 0.8) -> [MapMeasurement] {
        (0..<count).map { number in
            MapMeasurement(
                patient: "\(number)", insertionMinusDeletion: 0.6 + gain + (number % 2 == 0 ? 0.05 : -0.05), control: 0.6,
                repeatability: halves, randomised: number < 8 ? [0.9, similarity] : nil)
        }
    }

    @Test func aMapIsShownOnlyWhereItPassesEveryTest() {
        let rule = VerdictRule()
        func verdict(_ measured: [MapMeasurement], baseline: Double? = 0.5) -> ModelCard.ExplanationVerdict {
            rule.verdict(finding: "Mass", map: .occlusion, measured, baseline: baseline, split: "test")
        }
        let good = verdict(measured(24, gain: 0.1))
        #expect(good.isShown && good.reason == nil && good.detections == 24)
        #expect(abs((good.difference ?? 0) - 0.1) < 1e-9 && (good.pValue ?? 1) < 0.01)
        #expect((good.differenceLow ?? 0) > 0.07 && (good.differenceHigh ?? 1) < 0.13)
        #expect(verdict(measured(19, gain: 0.1)).reason?.contains("20 are needed") == true)
        #expect(verdict(measured(24, gain: 0)).reason?.contains("does not beat") == true)
        #expect(verdict(measured(24, gain: -0.3)).reason?.contains("does not beat") == true)
        #expect(verdict(measured(24, gain: 0.1, similarity: 0.6)).reason?.contains("random weights") == true)
        #expect(verdict(measured(24, gain: 0.1), baseline: nil).isShown == false)
        #expect(verdict(measured(24, gain: 0.1, halves: 0.4)).reason?.contains("two halves") == true)
        #expect(verdict([]).isShown == false)
    }

    /// Images of one patient say less than images of as many patients.
    @Test func patientsAreDrawnNotImages() {
        var (few, many) = ([MapMeasurement](), [MapMeasurement]())
        for number in 0..<40 {
            let value = number % 4 < 2 ? 0.9 : 0.5
            few.append(
                MapMeasurement(patient: "\(number % 4)", insertionMinusDeletion: value, control: 0.6, repeatability: 1, randomised: [0]))
            many.append(
                MapMeasurement(patient: "\(number)", insertionMinusDeletion: value, control: 0.6, repeatability: 1, randomised: [0]))
        }
        let verdicts = [few, many].map {
            VerdictRule().verdict(finding: "Mass", map: .occlusion, $0, baseline: 0.5, split: "test")
        }
        func width(_ verdict: ModelCard.ExplanationVerdict) -> Double { (verdict.differenceHigh ?? 0) - (verdict.differenceLow ?? 0) }
        #expect(width(verdicts[0]) > 2 * width(verdicts[1]))
        #expect(!verdicts[0].isShown && verdicts[1].isShown)
    }

    @Test func theSentenceSaysWhatWasMeasured() {
        #expect(
            Hiding.sentence("the hottest 10 %", from: 0.621, to: 0.2149)
                == "hiding the hottest 10 % lowers the score from .62 to .21")
        #expect(Hiding.sentence("the box", from: 0.5, to: 0.7) == "hiding the box raises the score from .50 to .70")
        #expect(Hiding.sentence("the box", from: 0.5, to: 0.501) == "hiding the box leaves the score at .50")
        #expect(Hiding.sentence("the box", from: 1, to: 0) == "hiding the box lowers the score from 1.00 to .00")
    }
}
