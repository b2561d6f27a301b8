import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

/// What batches carry of a dataset whose images come from several sources.
@Suite struct SourcedExamplesTests {
    /// Opacity, pneumonia and nodule; a source that boxes nodules and pneumonia, one that boxes opacity, one that labels.
    private func sourced() throws -> SmallDataset {
        var small = try SmallDataset(classes: ["Lung opacity", "Pneumonia", "Nodule"])
        try small.add(boxes: [(1, SmallDataset.box)], labels: [])
        try small.add(boxes: [(0, SmallDataset.box)])
        try small.add(boxes: [], labels: ["Pneumonia"])
        try small.add(boxes: [], labels: [])
        try small.add(boxes: [(2, SmallDataset.box)], labels: ["Pneumonia"])
        small.say(
            sources: [
                DataSource(name: "boxes", boxed: ["Nodule", "Pneumonia"], complete: ["Nodule", "Pneumonia"]),
                DataSource(name: "opacities", boxed: ["Opacity"], complete: ["Opacity"]),
                DataSource(name: "labels", labelled: ["Pneumonia"], complete: []),
            ], of: [["boxes"], ["opacities"], ["labels"], ["labels"], ["boxes", "labels"]])
        return small
    }

    @Test func everyPictureTeachesWhatItsSourcesSay() throws {
        let small = try sourced()
        let store = try small.store()
        #expect(store.boxed == [0, 1, 4] && store.labelled == [2] && store.normal == [3])
        let expected: [(background: [Bool], labels: [Float])] = [
            // Pneumonia is an opacity, of which there may be more.
            ([false, true, true], [1, 1, 0]),
            ([true, false, false], [1, .nan, .nan]),
            ([false, false, false], [1, 1, .nan]),
            ([false, true, false], [.nan, 0, .nan]),
            // Labelled, and not boxed though the source boxes all.
            ([false, false, true], [1, 1, 1]),
        ]
        for (index, (background, labels)) in expected.enumerated() {
            let example = try #require(store.example(index))
            #expect(example.background == background, "picture \(index)")
            #expect(
                zip(example.imageLabels, labels).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
                "picture \(index): \(example.imageLabels)")
        }
        let pneumonia = try #require(store.example(0)?.boxes.first)
        #expect(store.example(0)?.boxes.count == 1 && pneumonia.classIndex == 1 && pneumonia.furtherClasses == [0])
        let opacity = try #require(store.example(1)?.boxes)
        #expect(opacity.map(\.classIndex) == [0, 1] && opacity.map(\.isUnknown) == [false, true])
    }

    /// Flips, mosaics and mixtures know no more than the least that their pictures know.
    @Test func batchesKnowWhatAllTheirPicturesKnow() throws {
        let small = try sourced()
        let store = try small.store()
        var augmentation = Augmentation()
        (augmentation.mosaic.probability, augmentation.mixUp.probability) = (0.5, 0.5)
        let source = SmallDataset.source(
            store, sampling: Sampling(normalShare: 0.2, labelledShare: 0.2), augmentation: augmentation, batchSize: 8)
        var seen: Set<[Bool]> = []
        for step in 0..<10 {
            let batch = try source.batch(step: step)
            #expect(batch.background.count == 8 * 3)
            for (place, picture) in source.pictures(step: step).enumerated() {
                let background = Array(batch.background[place * 3..<place * 3 + 3])
                let own = try #require(store.example(picture)?.background)
                #expect(zip(background, own).allSatisfy { !$0 || $1 }, "a mixture knows more than its picture")
                seen.insert(background)
            }
        }
        #expect(seen.contains([false, true, true]) && seen.contains([false, false, false]))
        // Without sources nothing is said.
        #expect(try SmallDataset.source(SmallDataset.usual(count: 3, normal: 1).store()).batch(step: 0).background.isEmpty)
    }

    /// Sources of 1, 4 and 16 pictures are drawn as 1 : 2 : 4.
    @Test func sourcesAreDrawnByTheRootsOfTheirSizes() throws {
        var small = try SmallDataset()
        for index in 0..<21 { try small.add(boxes: [(index % 3, SmallDataset.box)]) }
        let names = (0..<21).map { $0 < 1 ? "a" : $0 < 5 ? "b" : "c" }
        small.say(
            sources: ["a", "b", "c"].map { DataSource(name: $0, boxed: ["Mass"], complete: ["Mass"]) }, of: names.map { [$0] })
        var sampling = Sampling(normalShare: 0)
        sampling.bySource = true
        let source = SmallDataset.source(try small.store(), sampling: sampling, batchSize: 21)
        var counts: [String: Int] = [:]
        for step in 0..<200 { for picture in source.pictures(step: step) { counts[names[picture], default: 0] += 1 } }
        let all = Double(counts.values.reduce(0, +))
        for (name, share) in [("a", 1.0 / 7), ("b", 2.0 / 7), ("c", 4.0 / 7)] {
            #expect(abs(Double(counts[name] ?? 0) / all - share) < 0.005, "\(counts)")
        }
        sampling.sourceBalance = 1
        let even = SmallDataset.source(try small.store(), sampling: sampling, batchSize: 21)
        counts = [:]
        for step in 0..<200 { for picture in even.pictures(step: step) { counts[names[picture], default: 0] += 1 } }
        for name in ["a", "b", "c"] { #expect(abs(Double(counts[name] ?? 0) / all - 1.0 / 3) < 0.005, "\(counts)") }
        let plain = SmallDataset.source(try small.store(), sampling: Sampling(normalShare: 0), batchSize: 21)
        #expect(Set(plain.pictures(step: 0)).count == 21)
    }

    /// A place that a reader says is without a finding is carried as such, moves with the picture, and is neither a box nor an image's label.
    @Test func placesWithoutAFindingAreCarried() throws {
        var small = try SmallDataset()
        try small.add(boxes: [(0, SmallDataset.box)])
        try small.add(boxes: [])
        small.say(
            sources: [DataSource(name: "own", boxed: ["Mass"], complete: [])], of: [["own"], ["own"]])
        small.dataset.images[1].absent = [Annotation(classID: small.dataset.findingClasses[0].id, box: SmallDataset.box)]
        let store = try small.store()
        #expect(store.boxed == [0] && store.normal == [1])
        let boxes = try #require(store.example(1)?.boxes)
        #expect(boxes.map(\.isAbsent) == [true] && boxes.map(\.isPresent) == [false])
        #expect(store.example(1)?.background.contains(true) == false)
        let batch = try SmallDataset.source(store, sampling: Sampling(normalShare: 0.5), batchSize: 4).batch(step: 0)
        #expect(batch.examples.joined().contains { $0.isAbsent } && batch.examples.joined().contains { $0.isPresent })
    }
}
