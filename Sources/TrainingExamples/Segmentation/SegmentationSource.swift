import Basics
import Datasets
import Foundation
import Geometry
import Phantoms
import Radiographs

/// Batches of pictures and masks, of a dataset's images, drawn chests, and images whose masks were proposed.
package struct SegmentationSource: BatchMaking {
    /// Pictures that are seen in an order of their own, each once before the first comes again.
    private struct Pool {
        let pictures: [SegmentationPicture]
        let order: EpochOrder
        /// Of the places that the pools before it leave.
        let share: Double

        init(_ pictures: [SegmentationPicture], share: Double, streams: RandomStreams, number: UInt64) {
            (self.pictures, self.share) = (pictures, pictures.isEmpty ? 0 : share)
            order = EpochOrder(count: pictures.count, weights: nil, streams: streams, pool: number)
        }

        func picture(_ place: Int) -> SegmentationPicture? { order.picture(at: place).map { pictures[$0] } }
    }

    private let pictures: Pool
    private let others: [Pool]
    private let settings: SegmentationSettings
    private let augmentation: Augmentation
    private let preprocessing: Preprocessing
    private let batchSize: Int
    /// Columns and rows of the network's input.
    private let side: Int
    private let streams: RandomStreams

    /// - Parameter proposed: Images beside the dataset's.
    /// - Throws: `TrainingError` where there is nothing to learn from.
    package init(
        pictures: [SegmentationPicture], drawn: [SegmentationPicture], proposed: [SegmentationPicture] = [], settings: SegmentationSettings,
        augmentation: Augmentation,
        preprocessing: Preprocessing, batchSize: Int, side: Int, seed: UInt64
    ) throws {
        guard !pictures.isEmpty else { throw TrainingError(.noImages, "no image of the dataset has a mask to learn from") }
        (self.settings, self.augmentation) = (settings, augmentation)
        (self.preprocessing, self.batchSize, self.side) = (preprocessing, batchSize, side)
        streams = RandomStreams(seed: seed)
        self.pictures = Pool(pictures, share: 1, streams: streams, number: 0)
        let first = Pool(drawn, share: settings.phantomShare, streams: streams, number: 1)
        others = [first, Pool(proposed, share: settings.proposedShare / (1 - first.share), streams: streams, number: 2)]
    }

    /// Drawn chests with their masks, on all processors.
    /// - Throws: `RadiographError`.
    package static func phantoms(
        _ count: Int, seed: UInt64, preprocessing: Preprocessing, side: Int
    ) throws -> [SegmentationPicture] {
        let generator = PhantomGenerator(seed: seed, side: 512)
        return try Concurrent.map(count, stretch: 1) { index in
            Result {
                let phantom = generator.phantom(index, hasAnatomy: true)
                return try SegmentationPicture(phantom.pixels, bits: phantom.anatomy, preprocessing: preprocessing, side: side)
            }
        }.map { try $0.get() }
    }

    package var stepsPerEpoch: Int {
        let own = others.reduce(Double(batchSize)) { $0 * (1 - $1.share) }
        return max(1, Int((Double(pictures.pictures.count) / own).rounded(.up)))
    }

    package func takeNewFailures() -> [String] { [] }

    package func batch(step: Int, part: Int, of parts: Int) throws -> Batch {
        let parts = max(1, parts)
        let places = batchSize * part / parts..<batchSize * (part + 1) / parts
        let plane = side * side
        let structures = AnatomyBits.all.count
        var batch = Batch(values: [], examples: places.map { _ in [] })
        var values = [Float](repeating: 0, count: places.count * plane)
        var masks = [Float](repeating: 0, count: places.count * structures * plane)
        let disturbance = Disturbance(settings: settings, side: side)
        for (index, place) in places.enumerated() {
            let picture = try picture(at: step * batchSize + place)
            var generator = streams.generator(.view, step: step, place: place)
            let view = augmentation.view(width: picture.width, height: picture.height, using: &generator)
            values.withUnsafeMutableBufferPointer { values in
                masks.withUnsafeMutableBufferPointer { masks in
                    let grey = UnsafeMutableBufferPointer(rebasing: values[index * plane..<(index + 1) * plane])
                    let own = UnsafeMutableBufferPointer(
                        rebasing: masks[index * structures * plane..<(index + 1) * structures * plane])
                    picture.draw(view, side: side, grey: grey, masks: own)
                    disturbance.apply(grey: grey, masks: own, &generator)
                    PhotometricCurve(view, maximum: 1).apply(to: grey)
                    noise(grey, step: step, place: place)
                }
            }
        }
        preprocessing.normalise(&values)
        (batch.values, batch.masks) = (values, masks)
        return batch
    }

    /// The other pools' pictures are spread evenly over the places of all batches.
    /// - Throws: `TrainingError`, never in practice: there is a picture at every place.
    private func picture(at place: Int) throws -> SegmentationPicture {
        var place = place
        for pool in others where pool.share > 0 {
            let before = Int((Double(place) * pool.share + 1e-6).rounded(.down))
            if Int((Double(place + 1) * pool.share + 1e-6).rounded(.down)) > before, let picture = pool.picture(before) {
                return picture
            }
            place -= before
        }
        guard let picture = pictures.picture(place) else { throw TrainingError(.noImages, "no image has a mask to learn from") }
        return picture
    }

    private func noise(_ grey: UnsafeMutableBufferPointer<Float>, step: Int, place: Int) {
        var generator = streams.generator(.noise, step: step, place: place)
        guard generator.uniform() < augmentation.noise.probability else { return }
        let deviation = Float(generator.uniform() * augmentation.noise.electronic)
        for index in grey.indices {
            // Four uniform numbers are close enough to a normal one.
            let drawn = generator.next()
            let sum = (0..<4).reduce(Float(0)) { $0 + Float(drawn >> (16 * UInt64($1)) & 0xFFFF) / 65_536 }
            grey[index] = min(1, max(0, grey[index] + deviation * (sum - 2) * 1.73))
        }
    }
}
