import Findings
import Foundation
import Geometry
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

@Suite struct BatchSourceTests {
    @Test(arguments: [1, 2, 3, 4, 8, 11]) func thePartsOfABatchAreTheBatch(_ parts: Int) throws {
        let source = SmallDataset.source(try SmallDataset.usual(count: 7, normal: 3).store(), augmentation: SmallDataset.everything)
        for step in [0, 3] {
            let whole = try source.batch(step: step)
            #expect(whole.values.count == 8 * 32 * 32 && whole.imageLabels.count == 8 * 3)
            let pieces = try (0..<parts).map { try source.batch(step: step, part: $0, of: parts) }
            let counts = pieces.map(\.examples.count)
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
            let union = Batch(
                values: pieces.flatMap(\.values), examples: pieces.flatMap(\.examples), imageLabels: pieces.flatMap(\.imageLabels),
                hasBoxes: pieces.flatMap(\.hasBoxes))
            #expect(union.isIdentical(to: whole))
        }
    }

    @Test func aBatchDependsOnSeedAndStepAlone() throws {
        let dataset = try SmallDataset.usual(count: 7, normal: 3)
        let (first, again) = (
            SmallDataset.source(try dataset.store(), augmentation: SmallDataset.everything),
            SmallDataset.source(try dataset.store(), augmentation: SmallDataset.everything)
        )
        let steps = [5, 0, 2, 5].map { step in Result { try first.batch(step: step) } }
        let batches = try steps.map { try $0.get() }
        #expect(try again.batch(step: 5).isIdentical(to: batches[0]) && batches[3].isIdentical(to: batches[0]))
        #expect(!batches[1].isIdentical(to: batches[2]))
        let other = SmallDataset.source(try dataset.store(), augmentation: SmallDataset.everything, seed: 2)
        #expect(try !other.batch(step: 5).isIdentical(to: batches[0]))
    }

    /// The same picture is seen anew in every place of every batch.
    @Test func everyPlaceHasAViewOfItsOwn() throws {
        let source = SmallDataset.source(try SmallDataset.usual(count: 1, normal: 0).store(), batchSize: 40, side: 32)
        var views: Set<[Float]> = []
        for step in 0..<3 {
            let values = try source.batch(step: step).values
            for place in 0..<40 { views.insert(Array(values[place * 1024..<(place + 1) * 1024])) }
        }
        #expect(views.count == 120)
    }

    /// What lies on disk is what would lie in memory.
    @Test(arguments: [0, 3, 1 << 30]) func theCacheOnDiskGivesTheSameBatches(picturesInMemory: Int) throws {
        var dataset = try SmallDataset.usual(count: 5, normal: 2)
        try dataset.add(width: 30, height: 20, bits: 8, boxes: [(0, SmallDataset.box)])
        let store = try dataset.store(side: 40, budget: picturesInMemory > 3 ? 1 << 30 : picturesInMemory * 40 * 33 * 2)
        #expect((store.keeper.scratch == nil) == (picturesInMemory > 3))
        let memory = SmallDataset.source(try dataset.store(side: 40), augmentation: SmallDataset.everything)
        let disk = SmallDataset.source(store, augmentation: SmallDataset.everything)
        for step in 0..<4 { #expect(try disk.batch(step: step).isIdentical(to: memory.batch(step: step))) }
        #expect(store.keeper.bytesInMemory <= max(picturesInMemory, 1) * 40 * 40 * 2 || picturesInMemory > 3)
        // The scratch file has no name.
        #expect(try Files.names(in: dataset.folder.url) == ["images"])
    }

    /// Without augmentation the network sees what it will see in use.
    @Test(arguments: [(60, 60), (60, 100), (100, 60)]) func withoutAugmentationTheViewIsTheLetterbox(width: Int, height: Int) throws {
        var dataset = try SmallDataset()
        try dataset.add(width: width, height: height, boxes: [(1, SmallDataset.box)])
        // Kept whole, so that it is reduced once here as there.
        let source = SmallDataset.source(try dataset.store(side: 100), augmentation: .none, batchSize: 1, side: 64)
        let pixels = try dataset.pixels(0)
        let input = try SmallDataset.preprocessing.modelInput(pixels)
        let batch = try source.batch(step: 0)
        #expect(zip(batch.values, input.values).allSatisfy { abs($0 - $1) < 1e-5 })
        let box = try #require(batch.examples.first?.first?.box)
        let expected = input.transform.boxInInput(SmallDataset.box)
        for (edge, wanted) in [
            (box.x, expected.x), (box.y, expected.y), (box.maxX, expected.maxX), (box.maxY, expected.maxY),
        ] { #expect(abs(edge - wanted) < 1e-9) }
        #expect(batch.imageLabels == [0, 1, 0])
    }

    /// Somebody truncates or overwrites what is kept on disk while the training runs.
    @Test(arguments: [true, false]) func aPictureThatBreaksIsNamedOnceAndReplaced(isTruncated: Bool) throws {
        let dataset = try SmallDataset.usual(count: 4, normal: 2)
        let store = try dataset.store(budget: 4 * 48 * 40 * 2)
        let source = SmallDataset.source(store, augmentation: SmallDataset.everything)
        _ = try source.batch(step: 0)
        #expect(store.takeNewFailures().isEmpty)
        let scratch = try #require(store.keeper.scratch)
        // The last of the two normal pictures on disk.
        let damage =
            isTruncated
            ? ftruncate(scratch.descriptor, 48 * 40 * 3)
            : off_t(pwrite(scratch.descriptor, "damage", 6, 48 * 40 * 3)).signum() == 1 ? 0 : -1
        #expect(damage == 0)
        var told: [String] = []
        for step in 1..<12 {
            let batch = try source.batch(step: step)
            #expect(batch.examples.count == 8 && batch.values.allSatisfy(\.isFinite))
            told += store.takeNewFailures()
        }
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("picture5.png: ") == true)
    }

    @Test func whenNothingCanBeReadAnyMoreTheTrainingEnds() throws {
        let store = try SmallDataset.usual(count: 3, normal: 0).store(budget: 0)
        #expect(try ftruncate(#require(store.keeper.scratch).descriptor, 0) == 0)
        let error = #expect(throws: TrainingError.self) { try SmallDataset.source(store).batch(step: 0) }
        #expect(error?.code == .noImages)
        #expect(store.takeNewFailures().count == 3)
    }

    @Test func oneImageIsEnough() throws {
        let store = try SmallDataset.usual(count: 1, normal: 0).store()
        let source = SmallDataset.source(store, augmentation: SmallDataset.everything, batchSize: 4)
        #expect(source.stepsPerEpoch == 1)
        #expect(try source.batch(step: 7).hasBoxes == [true, true, true, true])
    }

    /// Batches made on several threads come in order and are those made one by one.
    @Test(arguments: [(1, 1, 1), (3, 2, 1), (2, 3, 2), (6, 4, 4)])
    func thePrefetcherChangesNothing(ahead: Int, threads: Int, parts: Int) throws {
        let source = SmallDataset.source(try SmallDataset.usual(count: 5, normal: 2).store(), augmentation: SmallDataset.everything)
        // Of six parts in all this rank makes the second and those after it.
        let (steps, mine) = (2..<9, 1..<1 + parts)
        let prefetcher = BatchPrefetcher(source: source, steps: steps, parts: mine, of: 6, ahead: ahead, threads: threads)
        for step in steps where step != 5 {
            for part in mine {
                #expect(try prefetcher.take(step: step, part: part).isIdentical(to: source.batch(step: step, part: part, of: 6)))
            }
        }
        // Out of order and out of range too.
        #expect(try prefetcher.take(step: 3, part: 1).isIdentical(to: source.batch(step: 3, part: 1, of: 6)))
        #expect(try prefetcher.take(step: 40, part: 0).isIdentical(to: source.batch(step: 40, part: 0, of: 6)))
    }

    @Test func thePrefetcherHandsOnWhatWentWrong() throws {
        let store = try SmallDataset.usual(count: 3, normal: 0).store(budget: 0)
        let source = SmallDataset.source(store)
        #expect(try ftruncate(#require(store.keeper.scratch).descriptor, 0) == 0)
        let prefetcher = BatchPrefetcher(source: source, steps: 0..<5, ahead: 3, threads: 2)
        #expect(throws: TrainingError.self) { try prefetcher.take(step: 0) }
        #expect(throws: TrainingError.self) { try prefetcher.take(step: 1) }
        #expect(prefetcher.takeNewFailures().count == 3)
    }
}
