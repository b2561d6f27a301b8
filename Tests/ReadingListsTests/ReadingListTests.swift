import Basics
import Foundation
import ReadingLists
import Testing

@Suite struct ReadingListTests {
    private static func candidate(_ index: Int, score: Double = 0.5, patient: String? = nil, features: [Double]? = nil) -> ListCandidate {
        ListCandidate(
            id: "i\(index)", patient: patient ?? "p\(index)",
            boxes: [.init(label: "Mass", score: score, margin: score, areaShare: 0.01)],
            features: features ?? [Double(index % 7), Double(index % 11)])
    }

    /// Boxes above 0.5 are right, below wrong, with some noise: unsure is what lies between.
    private static func judge() -> BoxJudge {
        var generator = SeededGenerator(seed: 2)
        return BoxJudge(
            (0..<400).map { _ in
                let score = Double.random(in: 0.02..<0.98, using: &generator)
                let isRight = Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-10 * (score - 0.5)))
                return .init(box: .init(label: "Mass", score: score, margin: score, areaShare: 0.01), isRight: isRight)
            })
    }

    @Test func theJudgeLearnsWhatIsRight() {
        let judge = Self.judge()
        func probability(_ score: Double) -> Double {
            judge.probability(.init(label: "Mass", score: score, margin: score, areaShare: 0.01))
        }
        #expect(probability(0.1) < 0.1 && probability(0.9) > 0.9 && abs(probability(0.5) - 0.5) < 0.15)
        // A finding that was never seen goes by the others.
        #expect(judge.probability(.init(label: "Other", score: 0.9, margin: 0.9, areaShare: 0.01)) > 0.9)
        #expect(judge.uncertainty(of: Self.candidate(1, score: 0.5)) > judge.uncertainty(of: Self.candidate(1, score: 0.95)))
    }

    @Test func sharesAreThoseAskedForAndNoPatientComesTwice() {
        let candidates = (0..<300).map { Self.candidate($0, score: Double($0) / 300, patient: "p\($0 / 3)") }
        let list = ReadingList(strategy: .mixed)
        let picks = list.picks(from: candidates, read: 300, known: [[0, 0]], judge: Self.judge())
        let counts = picks.reduce(into: [ReadingList.Reason: Int]()) { $0[$1.reason, default: 0] += 1 }
        #expect(counts == [.random: 6, .uncertain: 8, .different: 6])
        let patients = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0.patient) })
        #expect(Set(picks.compactMap { patients[$0.id] }).count == 20)
        let scores = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0.boxes[0].score) })
        #expect(picks.filter { $0.reason == .uncertain }.allSatisfy { abs((scores[$0.id] ?? 0) - 0.5) < 0.2 })
        #expect(picks == list.picks(from: candidates.reversed(), read: 300, known: [[0, 0]], judge: Self.judge()), "the same list again")
    }

    /// Few read: half by lot, half spread, and what the model is unsure of is not asked.
    @Test func underTwoHundredUncertaintyIsNotAsked() {
        // Three kinds of images, one of them rare.
        let candidates = (0..<200).map { Self.candidate($0, features: $0 < 190 ? [Double($0 % 2) * 10, 0] : [0, 50]) }
        let picks = ReadingList(strategy: .mixed).picks(from: candidates, read: 40, known: [], judge: Self.judge())
        #expect(picks.count == 20 && picks.count { $0.reason == .random } == 10 && picks.count { $0.reason == .spread } == 10)
        #expect(picks.contains { $0.reason == .spread && Int($0.id.dropFirst()) ?? 0 >= 190 })
    }

    @Test func aListByLotIsByLot() {
        let picks = ReadingList(strategy: .random).picks(
            from: (0..<50).map { Self.candidate($0) }, read: 500, known: [], judge: Self.judge())
        #expect(picks.count == 20 && picks.allSatisfy { $0.reason == .random })
        #expect(ReadingList(strategy: .mixed).picks(from: [], read: 500, known: [], judge: Self.judge()).isEmpty)
    }

    /// The list is used only where the interval of its gain over three seeds is above nothing.
    @Test func onlyEvidenceTurnsTheListOn() {
        func evidence(_ gains: [Double]) -> ReplayEvidence {
            ReplayEvidence(
                dataset: "d",
                runs: gains.enumerated().flatMap { seed, gain in
                    [(ReadingList.Strategy.random, 0.0), (.mixed, gain)].map { strategy, gain in
                        ReplayEvidence.Run(
                            strategy: strategy, seed: UInt64(seed), images: [100, 150, 200], boxes: [110, 165, 220],
                            map50: [0.2, 0.25 + gain, 0.3 + gain])
                    }
                })
        }
        #expect(evidence([0.05, 0.052, 0.048]).showsThatTheListIsBetter)
        #expect(!evidence([0.05, -0.02, 0.06]).showsThatTheListIsBetter && !evidence([0.05]).showsThatTheListIsBetter)
        // By trapezoids: (0.5 gain + gain) / 2 over two equal stretches.
        let gain = evidence([0.04, 0.04]).gain
        #expect(abs((gain?.mean ?? 0) - 0.03) < 1e-12 && abs((gain?.low ?? 0) - 0.03) < 1e-9)
        let more = evidence([0.04, 0.04]).gain(from: 137.5, more: 55, by: .random)
        #expect(abs((more ?? 0) - 0.05) < 1e-9)
        #expect(evidence([0.04]).gain(from: 500, more: 10, by: .random) == nil)
    }
}
