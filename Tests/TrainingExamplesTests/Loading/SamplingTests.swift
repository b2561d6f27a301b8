import Findings
import Foundation
import Testing
import TrainingExamples

@Suite struct SamplingTests {
    private static func counts(_ source: BatchSource, pictures: Int, steps: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: pictures)
        for step in 0..<steps { for picture in source.pictures(step: step) { counts[picture] += 1 } }
        return counts
    }

    /// Every batch has its share of normal images, and each kind is shown evenly, epoch by epoch.
    @Test func everyPictureComesOnceAnEpoch() throws {
        let store = try SmallDataset.usual(count: 26, normal: 5).store()
        let source = SmallDataset.source(store, sampling: Sampling(normalShare: 3.0 / 16), batchSize: 16)
        #expect(source.stepsPerEpoch == 2)
        for epoch in 0..<3 {
            var seen: [Int] = []
            for step in 2 * epoch..<2 * epoch + 2 {
                let pictures = source.pictures(step: step)
                #expect(pictures.count == 16)
                #expect(pictures.filter { store.normal.contains($0) }.count == 3)
                // Normal pictures lie spread over the batch, so that each half has one or two.
                #expect((1...2).contains(pictures.prefix(8).filter { store.normal.contains($0) }.count))
                seen += pictures.filter { store.boxed.contains($0) }
            }
            #expect(seen.sorted() == store.boxed)
        }
        let normal = Self.counts(source, pictures: 31, steps: 5).suffix(5)
        #expect(normal.allSatisfy { $0 == 3 })
        // Another epoch, another order.
        #expect(source.pictures(step: 0) != source.pictures(step: 2))
    }

    /// Shares that give no whole number of a batch come true over several.
    @Test func sharesAreExactInTheLongRun() throws {
        var dataset = try SmallDataset.usual(count: 9, normal: 4)
        for _ in 0..<6 { try dataset.add(labels: ["Nodule"]) }
        let store = try dataset.store()
        let source = SmallDataset.source(store, sampling: Sampling(normalShare: 0.13, labelledShare: 0.29), batchSize: 5)
        let steps = 200
        let counts = Self.counts(source, pictures: store.count, steps: steps)
        func sum(_ kind: [Int]) -> Int { kind.reduce(0) { $0 + counts[$1] } }
        #expect(abs(sum(store.normal) - 130) <= 1 && abs(sum(store.labelled) - 290) <= 1 && abs(sum(store.boxed) - 580) <= 2)
        for kind in [store.normal, store.labelled, store.boxed] {
            let shown = kind.map { counts[$0] }
            #expect((shown.max() ?? 0) - (shown.min() ?? 0) <= 1)
        }
    }

    /// 40, 8 and 2 pictures of three findings: the expected count of each is its weight's share.
    @Test(arguments: [0, 0.5, 1]) func rareFindingsComeAsOftenAsAskedFor(balance: Double) throws {
        var dataset = try SmallDataset()
        for index in 0..<50 { try dataset.add(boxes: [(index < 40 ? 0 : index < 48 ? 1 : 2, SmallDataset.box)]) }
        let source = SmallDataset.source(
            try dataset.store(), sampling: Sampling(normalShare: 0, classBalance: balance), batchSize: 10)
        let epochs = 60
        let counts = Self.counts(source, pictures: 50, steps: 5 * epochs)
        let weights = [40.0, 8, 2].flatMap { count in [Double](repeating: pow(count, -balance), count: Int(count)) }
        let all = weights.reduce(0, +)
        for (count, weight) in zip(counts, weights) {
            // In every epoch the expected count, rounded up or down by a coin.
            let expected = 50 * weight / all
            let share = expected - expected.rounded(.down)
            let deviation = (Double(epochs) * share * (1 - share)).squareRoot()
            #expect(abs(Double(count) - expected * Double(epochs)) <= 4.5 * deviation + 1e-9)
        }
        if balance == 1 {
            for range in [0..<40, 40..<48, 48..<50] { #expect(abs(counts[range].reduce(0, +) - 1000) <= epochs) }
        }
    }

    /// A picture with a rare finding besides a common one is as rare as the rare one.
    @Test func theRarestFindingOfAPictureDecides() {
        let findings: [Set<Int>] = [[0], [0], [0], [0, 1]]
        #expect(Sampling(normalShare: 0, classBalance: 1).weights(findings) == [0.25, 0.25, 0.25, 1])
        #expect(Sampling(normalShare: 0, classBalance: 0).weights(findings) == nil)
        #expect(Sampling(normalShare: 0, classBalance: 1).weights([[0], [1]]) == nil)
    }

    /// Where a kind is missing others take its place.
    @Test func missingKindsAreMadeUpFor() throws {
        let store = try SmallDataset.usual(count: 3, normal: 0).store()
        let source = SmallDataset.source(store, sampling: Sampling(normalShare: 0.5, labelledShare: 0.5))
        #expect(source.pictures(step: 0).count == 8)
        var labelled = try SmallDataset()
        for _ in 0..<3 { try labelled.add(labels: ["Mass"]) }
        try labelled.add(labels: [])
        let pretraining = SmallDataset.source(try labelled.store(needsBoxes: false), sampling: Sampling(normalShare: 0.25))
        #expect(pretraining.stepsPerEpoch == 1)
        let batch = try pretraining.batch(step: 0)
        #expect(batch.hasBoxes.filter { $0 }.count == 2 && batch.examples.allSatisfy(\.isEmpty))
    }

    @Test func settingsOutOfRangeAreNamed() {
        #expect(Sampling().fault == nil)
        for sampling in [
            Sampling(normalShare: -0.1), Sampling(normalShare: .nan), Sampling(normalShare: 0.6, labelledShare: 0.6),
            Sampling(normalShare: 0, classBalance: -1),
        ] { #expect(sampling.fault != nil) }
    }
}
