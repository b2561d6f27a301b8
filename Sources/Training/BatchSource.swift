import Findings
import Foundation
import Radiographs

/// The inputs of one step.
struct Batch: Sendable {
    /// [N, 1, side, side], row-major.
    var values: [Float]
    /// A list an image, in pixels of the input.
    var examples: [[Detection]]
    var hasBoxes: [Bool]
    var imageLabels: [[Float]]
}

/// Draws and augments the images of any step from the run's seed alone, so that a resumed run sees what the uninterrupted one saw.
struct BatchSource: Sendable {
    let store: ExampleStore
    let configuration: TrainingConfiguration
    let side: Int

    private var abnormalPerBatch: Int {
        store.normal.isEmpty ? configuration.loop.batchSize : configuration.loop.batchSize - Int(Double(configuration.loop.batchSize) * configuration.sampling.normalShare)
    }

    /// Steps that show every abnormal image about once.
    var stepsPerEpoch: Int { max(1, (store.abnormal.count + abnormalPerBatch - 1) / abnormalPerBatch) }

    func batch(step: Int) -> Batch {
        var generator = SeededGenerator(seed: configuration.loop.seed, stream: UInt64(step) * 2 + 1)
        var chosen = (0..<abnormalPerBatch).map { store.abnormal[position(step * abnormalPerBatch + $0)] }
        while chosen.count < configuration.loop.batchSize, let normal = store.normal.randomElement(using: &generator) { chosen.append(normal) }
        var batch = Batch(values: [], examples: [], hasBoxes: [], imageLabels: [])
        batch.values.reserveCapacity(chosen.count * side * side)
        for example in chosen {
            let view = configuration.augmentation.view(width: example.width, height: example.height, using: &generator)
            let (values, boxes) = example.input(
                view: view, augmentation: configuration.augmentation, side: side, preprocessing: configuration.wholePreprocessing)
            batch.values += values
            batch.examples.append(boxes)
            batch.hasBoxes.append(true)
            batch.imageLabels.append([])
        }
        return batch
    }

    /// Which abnormal image comes at place `index` of the endless row of shuffled epochs.
    private func position(_ index: Int) -> Int {
        let count = store.abnormal.count
        var generator = SeededGenerator(seed: configuration.loop.seed, stream: UInt64(index / count) * 2)
        return Array(0..<count).shuffled(using: &generator)[index % count]
    }
}

/// Makes the next batch on another thread while the network works on this one.
final class BatchPrefetcher: @unchecked Sendable {
    private let source: BatchSource
    private let queue = DispatchQueue(label: "pleura.batches")
    private let ready = DispatchSemaphore(value: 0)
    // Written by the queue before `ready` is signalled, read after waiting for it.
    private var next: Batch?

    init(source: BatchSource, firstStep: Int, parts: Int) {
        self.source = source
        request(firstStep)
    }

    /// The batch of `step`; the caller asks for steps one after another from the first.
    func take(step: Int) -> [Batch] {
        ready.wait()
        let batch = next
        request(step + 1)
        return [batch ?? source.batch(step: step)]
    }

    private func request(_ step: Int) {
        queue.async { [self] in
            next = source.batch(step: step)
            ready.signal()
        }
    }
}
