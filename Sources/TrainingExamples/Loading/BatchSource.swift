import Basics
import Domains
import Findings
import Foundation
import Radiographs

/// Draws and augments the images of any step from the run's seed alone, so that a resumed run sees what the uninterrupted one saw, and
/// each image from its place in the batch alone, so that the parts of a batch are the same whoever makes them.
package struct BatchSource: Sendable {
    package let store: ExampleStore
    package let augmentation: Augmentation
    package let preprocessing: Preprocessing
    package let batchSize: Int
    /// Columns and rows of the network's input.
    package let side: Int
    private let streams: RandomStreams
    private let plan: BatchPlan
    private let composer: PictureComposer
    private let donors: PasteDonors
    /// Whether left and right may change places at all.
    private let canFlip: Bool

    package init(
        store: ExampleStore, sampling: Sampling, augmentation: Augmentation, preprocessing: Preprocessing, batchSize: Int, side: Int,
        mirror: MirrorRule = MirrorRule(sides: .swapped), seed: UInt64
    ) {
        var augmentation = augmentation
        if mirror.sides == .fixed { augmentation.geometry.flipProbability = 0 }
        (self.store, self.augmentation, self.preprocessing) = (store, augmentation, preprocessing)
        (self.batchSize, self.side) = (batchSize, side)
        canFlip = mirror.sides != .fixed
        streams = RandomStreams(seed: seed)
        plan = BatchPlan(store: store, sampling: sampling, batchSize: batchSize, streams: streams)
        donors = PasteDonors(store, findings: augmentation.copyPaste.findings)
        var fill = 0.0
        if case .letterbox(_, _, let grey)? = preprocessing.steps.first(where: \.isLetterbox) { fill = grey }
        composer = PictureComposer(
            augmentation: augmentation, side: side, fill: Float(fill),
            sides: mirror.sides == .free
                ? SidedClasses(withoutSides: store.findings.count) : SidedClasses(names: store.findings, pairs: mirror.pairs),
            channels: store.channels, flipsVertically: mirror.isVerticalAllowed)
    }

    /// Steps that show every image with a box about once.
    package var stepsPerEpoch: Int { plan.stepsPerEpoch }

    /// Which pictures of the store are in a step's batch, in their places.
    package func pictures(step: Int) -> [Int] { plan.pictures(step: step) }

    /// The images of a step, or a part of them: together the parts are the batch, in its order.
    /// - Parameters:
    ///   - step: From 0.
    ///   - part: From 0.
    ///   - parts: How many; as equal as can be.
    /// - Throws: `TrainingError` where no image can be read any more.
    package func batch(step: Int, part: Int = 0, of parts: Int = 1) throws -> Batch {
        let pictures = plan.pictures(step: step)
        let parts = max(1, parts)
        let part = min(max(0, part), parts - 1)
        let places = pictures.count * part / parts..<pictures.count * (part + 1) / parts
        var batch = Batch(values: [], examples: [], imageLabels: [], hasBoxes: [])
        let size = store.channels * side * side
        batch.values = try [Float](unsafeUninitializedCapacity: places.count * size) { values, initialised in
            for (index, place) in places.enumerated() {
                let picture = UnsafeMutableBufferPointer(rebasing: values[index * size..<(index + 1) * size])
                let ingredients = try ingredients(step: step, place: place, pictures: pictures)
                let truth = composer.compose(ingredients, into: picture) { [streams] purpose, part in
                    streams.generator(purpose, step: step, place: place, part: part)
                }
                batch.examples.append(truth.boxes)
                batch.imageLabels += truth.labels
                batch.hasBoxes.append(ingredients.example.hasBoxes)
                batch.background += truth.background
            }
            initialised = places.count * size
        }
        preprocessing.normalise(&batch.values)
        return batch
    }

    /// The pictures that one place of a batch is made of: its own and, by chance, others of the same batch of which as much is known.
    private func ingredients(step: Int, place: Int, pictures: [Int]) throws -> PictureComposer.Ingredients {
        var result = PictureComposer.Ingredients(
            example: pasted(try example(pictures[place], step: step, place: place, part: 0), step: step, place: place))
        let isMosaic = draw(.mosaic, augmentation.mosaic.probability, step, place) && result.example.hasBoxes
        let isMixed = draw(.mixUp, augmentation.mixUp.probability, step, place)
        guard isMosaic || isMixed else { return result }
        let alike = pictures.indices.filter { store.entries[pictures[$0]].hasBoxes == result.example.hasBoxes }
        // A batch of one has only itself to mix with.
        let others = alike.count > 1 ? alike.filter { $0 != place } : alike
        if isMosaic {
            var generator = streams.generator(.mosaic, step: step, place: place, part: 2)
            for part in 1...3 {
                guard let other = others.randomElement(using: &generator) else { continue }
                result.companions.append(try example(pictures[other], step: step, place: other, part: part))
            }
        }
        if isMixed {
            var generator = streams.generator(.mixUp, step: step, place: place, part: 2)
            if let other = others.randomElement(using: &generator) {
                result.partner = try example(pictures[other], step: step, place: other, part: 4)
            }
        }
        return result
    }

    /// A picture on which nothing is found, by chance with a finding of another; any other as it is.
    private func pasted(_ example: Example, step: Int, place: Int) -> Example {
        let settings = augmentation.copyPaste
        guard store.channels == 1, example.hasBoxes, example.boxes.isEmpty, draw(.copyPaste, settings.probability, step, place) else {
            return example
        }
        let paster = FindingPaster(settings: settings)
        var generator = streams.generator(.copyPaste, step: step, place: place, part: 1)
        // Not every chest has a place for every finding.
        for _ in 0..<8 {
            guard let (picture, box) = donors.next(using: &generator) else { return example }
            // A finding whose name has a side stays on it.
            let isFlipped = generator.uniform() < 0.5 && composer.sides.isTrivial && canFlip
            guard let donor = store.example(picture) else { continue }
            if let result = paster.paste(donor, box: box, isFlipped: isFlipped, into: example, using: &generator) { return result }
        }
        return example
    }

    private func draw(_ purpose: RandomStreams.Purpose, _ probability: Double, _ step: Int, _ place: Int) -> Bool {
        guard probability > 0 else { return false }
        var generator = streams.generator(purpose, step: step, place: place)
        return generator.uniform() < probability
    }

    /// A picture, or, where it can no longer be read, another of its kind.
    private func example(_ picture: Int, step: Int, place: Int, part: Int) throws -> Example {
        if let example = store.example(picture) { return example }
        let entry = store.entries[picture]
        let kind = !entry.hasBoxes ? store.labelled : entry.isBoxed ? store.boxed : store.normal
        var generator = streams.generator(.replacement, step: step, place: place, part: part)
        for other in kind.shuffled(using: &generator) {
            if let example = store.example(other) { return example }
        }
        throw TrainingError(.noImages, "no picture of the kind of \(entry.name) can be read any more")
    }
}
