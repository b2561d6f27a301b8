import Basics
import Evaluation
import Foundation
import Testing

/// LUNA16's figures against a second, slow writing-down of its published definition.
@Suite struct NoduleEvaluationTests {
    private static func drawn(_ seed: UInt64, scans: Int) -> [NoduleScan] {
        var random = SeededGenerator(seed: seed)
        func place() -> SIMD3<Double> { SIMD3(random.uniform(0...60), random.uniform(0...60), random.uniform(0...60)) }
        return (0..<scans).map { number in
            let nodules = (0..<Int(random.uniform(0...4))).map { _ in NoduleScan.Finding(centre: place(), diameter: random.uniform(4...20))
            }
            let irrelevant = (0..<Int(random.uniform(0...4))).map { _ in
                NoduleScan.Finding(centre: place(), diameter: random.uniform(3...15))
            }
            // Scores repeat, and some marks lie on the nodules.
            var marks = (0..<Int(random.uniform(0...30))).map { _ in
                NoduleScan.Mark(place: place(), score: (random.uniform() * 20).rounded() / 20)
            }
            for finding in nodules + irrelevant where random.uniform() < 0.8 {
                for _ in 0..<Int(random.uniform(1...4)) {
                    let off = SIMD3(random.uniform(-0.4...0.4), random.uniform(-0.4...0.4), random.uniform(-0.4...0.4)) * finding.diameter
                    marks.append(.init(place: finding.centre + off, score: (random.uniform() * 20).rounded() / 20 + 0.2))
                }
            }
            return NoduleScan(name: "scan \(number)", nodules: nodules, irrelevant: irrelevant, marks: marks)
        }
    }

    /// The definition, threshold by threshold: nothing is sorted or kept from one to the next.
    private static func curve(_ scans: [NoduleScan]) -> [(falseMarks: Double, sensitivity: Double)] {
        let thresholds = Set(scans.flatMap { $0.marks.map(\.score) }).sorted(by: >)
        let nodules = scans.reduce(0) { $0 + $1.nodules.count }
        return [(0, 0)]
            + thresholds.map { threshold in
                var (hits, misses) = (0, 0)
                for scan in scans {
                    let taken = scan.marks.filter { $0.score >= threshold }
                    func isOn(_ mark: NoduleScan.Mark, _ finding: NoduleScan.Finding) -> Bool {
                        let off = mark.place - finding.centre
                        return (off * off).sum() < finding.diameter * finding.diameter / 4
                    }
                    hits += scan.nodules.filter { nodule in taken.contains { isOn($0, nodule) } }.count
                    misses += taken.filter { mark in !(scan.nodules + scan.irrelevant).contains { isOn(mark, $0) } }.count
                }
                return (Double(misses) / Double(scans.count), Double(hits) / Double(max(1, nodules)))
            }
    }

    private static func sensitivity(_ curve: [(falseMarks: Double, sensitivity: Double)], at rate: Double) -> Double {
        // The highest point at or left of the rate, then along the line to the next.
        var left = curve[0], right: (falseMarks: Double, sensitivity: Double)?
        for point in curve {
            if point.falseMarks <= rate {
                left = point
            } else if right == nil {
                right = point
            }
        }
        guard let right else { return left.sensitivity }
        return left.sensitivity + (right.sensitivity - left.sensitivity) * (rate - left.falseMarks) / (right.falseMarks - left.falseMarks)
    }

    @Test(arguments: 1...60) func curvesAndScoresEqualTheDefinition(seed: UInt64) throws {
        let scans = Self.drawn(seed, scans: 1 + Int(seed % 9))
        let evaluation = try NoduleEvaluation(scans, mostMarks: nil)
        let curve = Self.curve(scans)
        guard scans.contains(where: { !$0.nodules.isEmpty }) else { return }
        let wanted = FROC.luna16Rates.map { Self.sensitivity(curve, at: $0) }
        for (found, wanted) in zip(evaluation.sensitivities(), wanted) { #expect(abs(found - wanted) < 1e-12) }
        #expect(abs(evaluation.score - wanted.reduce(0, +) / 7) < 1e-12)
    }

    @Test func everyRuleCounts() throws {
        let nodule = NoduleScan.Finding(centre: .zero, diameter: 10)
        let other = NoduleScan.Finding(centre: SIMD3(30, 0, 0), diameter: 6)
        let scan = NoduleScan(
            name: "a", nodules: [nodule], irrelevant: [other],
            marks: [
                .init(place: SIMD3(1, 0, 0), score: 0.9), .init(place: SIMD3(0, 2, 0), score: 0.8),  // The same nodule twice.
                .init(place: SIMD3(31, 0, 0), score: 0.95),  // Irrelevant.
                .init(place: SIMD3(5, 0, 0), score: 0.7),  // On the radius is outside.
                .init(place: SIMD3(60, 0, 0), score: 0.1),
            ])
        let evaluation = try NoduleEvaluation([scan])
        #expect(evaluation.found == 1 && evaluation.falseMarks == 2 && evaluation.ignoredMarks == 2 && evaluation.nodules == 1)
        #expect(evaluation.points.map(\.falseMarks) == [0, 0, 1, 2] && evaluation.points.map(\.sensitivity) == [0, 1, 1, 1])
        #expect(evaluation.score == 1)
    }

    /// One mark in two nodules finds both (LUNA16's program says "strange", and counts both).
    @Test func aMarkInTwoNodulesFindsBoth() throws {
        let scan = NoduleScan(
            name: "a", nodules: [.init(centre: .zero, diameter: 10), .init(centre: SIMD3(4, 0, 0), diameter: 10)],
            marks: [.init(place: SIMD3(2, 0, 0), score: 1)])
        let evaluation = try NoduleEvaluation([scan])
        #expect(evaluation.found == 2 && evaluation.falseMarks == 0 && evaluation.ignoredMarks == 0)
    }

    @Test func onlyTheHundredHighestMarksCount() throws {
        let marks = (0..<150).map { NoduleScan.Mark(place: SIMD3(Double(100 + $0), 0, 0), score: Double($0)) }
        let scan = NoduleScan(name: "a", nodules: [.init(centre: .zero, diameter: 5)], marks: marks)
        #expect(try NoduleEvaluation([scan]).falseMarks == 100)
        #expect(try NoduleEvaluation([scan], mostMarks: nil).falseMarks == 150)
        // Marks of the score at which there are too many are left out, all of them.
        let equal = NoduleScan(name: "a", nodules: [], marks: Array(repeating: .init(place: .zero, score: 0.5), count: 150))
        #expect(try NoduleEvaluation([equal]).falseMarks == 0)
    }

    @Test func intervalsHoldTheFigureAndAreTheSameEachTime() throws {
        let evaluation = try NoduleEvaluation(Self.drawn(5, scans: 30))
        let intervals = evaluation.intervals(draws: 300)
        let score = try #require(intervals.score)
        #expect(score.value == evaluation.score)
        #expect(try #require(score.low) < score.value && score.value < #require(score.high))
        #expect(intervals == evaluation.intervals(draws: 300))
        #expect(intervals.sensitivities.count == 7)
    }

    @Test func nothingFoundAndNothingThereAreNoTrap() throws {
        #expect(try NoduleEvaluation([]).score == 0)
        #expect(try NoduleEvaluation([NoduleScan(name: "a", nodules: [], marks: [])]).score == 0)
        #expect(throws: EvaluationError.self) {
            try NoduleEvaluation([NoduleScan(name: "a", nodules: [], marks: [.init(place: .zero, score: .nan)])])
        }
    }
}
