import Basics
import Datasets
import Domains
import Findings
import Foundation
import Geometry
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

@Suite struct ColourBatchTests {
    /// Pictures of a green ground with one orange rectangle, which is the box.
    private static func dataset(_ folder: TemporaryFolder, count: Int = 6) throws -> Dataset {
        try FileManager.default.createDirectory(at: folder.file("images"), withIntermediateDirectories: true)
        var dataset = Dataset(directory: folder.url, findingClasses: [FindingClass(id: 1, name: "Left")], images: [], folds: [:])
        for index in 0..<count {
            let box = Box(x: Double(4 + 3 * index), y: Double(30 - 4 * index), width: 14, height: 10)
            let picture = ColourPicture(width: 48, height: 48) { x, y in
                Double(x) >= box.x && Double(x) < box.maxX && Double(y) >= box.y && Double(y) < box.maxY ? (250, 120, 10) : (10, 90, 40)
            }
            try picture.png.write(to: folder.file("images/\(index).png"))
            dataset.images.append(
                DatasetImage(
                    id: index + 1, fileName: "\(index).png", width: 48, height: 48, patient: "p\(index)",
                    boxes: [Annotation(classID: 1, box: box)]))
        }
        return dataset
    }

    private static func store(_ dataset: Dataset, shortestSide: Int = 0, budget: Int = 1 << 30) throws -> ExampleStore {
        var decoders = DecoderRegistry(decoders: [PNGDecoder()])
        decoders.limits.keepsColour = true
        return try ExampleStore(
            dataset: dataset, images: dataset.images, decoders: decoders, preprocessing: SmallDataset.preprocessing, side: 64,
            budget: budget, scratchFolder: dataset.directory, channels: 3, shortestSide: shortestSide
        ) { _, _ in }
    }

    private static func source(_ store: ExampleStore, _ augmentation: Augmentation, mirror: MirrorRule) -> BatchSource {
        BatchSource(
            store: store, sampling: Sampling(normalShare: 0), augmentation: augmentation, preprocessing: SmallDataset.preprocessing,
            batchSize: 6, side: 32, mirror: mirror, seed: 3)
    }

    /// Without augmentation each channel is the plane's letterbox but for a gain of its own, from memory and from disk.
    @Test(arguments: [1 << 30, 0]) func channelsAreTheColoursWithAGainEach(_ budget: Int) throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        let source = Self.source(try Self.store(dataset, budget: budget), .none, mirror: MirrorRule(sides: .fixed))
        let batch = try source.batch(step: 0)
        #expect(batch.values.count == 6 * 3 * 32 * 32)
        var decoders = DecoderRegistry(decoders: [PNGDecoder()])
        decoders.limits.keepsColour = true
        for (place, picture) in source.pictures(step: 0).enumerated() {
            let colour = try #require(try decoders.decode(dataset.encodedImage(of: dataset.images[picture])).colour)
            for (channel, plane) in colour.planes.enumerated() {
                let wanted = try Preprocessing(steps: [.letterbox(width: 32, height: 32, fill: 0)]).modelInput(plane).values
                let first = (place * 3 + channel) * 1_024
                let seen = Array(batch.values[first..<first + 1_024])
                let gain = seen[0] / wanted[0]
                #expect((0.9...1.1).contains(gain))
                for index in wanted.indices { #expect(abs(seen[index] - min(1, wanted[index] * gain)) < 2e-3) }
            }
        }
    }

    /// However a picture is turned, its box lies on the orange rectangle.
    @Test func boxesFollowEveryFlip() throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(Self.dataset(folder))
        var augmentation = Augmentation.none
        augmentation.geometry.flipProbability = 0.5
        let source = Self.source(store, augmentation, mirror: MirrorRule(sides: .free, isVerticalAllowed: true))
        var places: Set<Bool> = []
        for step in 0..<8 {
            let batch = try source.batch(step: step)
            for (place, boxes) in batch.examples.enumerated() {
                let box = try #require(boxes.first?.box)
                for row in 0..<32 {
                    for column in 0..<32 {
                        let red = batch.values[(place * 3) * 1_024 + row * 32 + column]
                        let inner =
                            Double(column) > box.x + 0.5 && Double(column) + 1 < box.maxX - 0.5 && Double(row) > box.y + 0.5
                            && Double(row) + 1 < box.maxY - 0.5
                        let outer =
                            Double(column) + 1 < box.x - 1 || Double(column) > box.maxX + 1 || Double(row) + 1 < box.y - 1
                            || Double(row) > box.maxY + 1
                        if inner { #expect(red > 0.6) }
                        if outer { #expect(red < 0.3) }
                    }
                }
                places.insert(box.centerY > 16)
            }
        }
        #expect(places.count == 2)
    }

    /// The chest's mirror rule is what was always done.
    @Test func theChestsDomainGivesTheSameBatches() throws {
        let set = try SmallDataset.usual(count: 6, normal: 3)
        let store = try set.store()
        func batch(_ mirror: MirrorRule?) throws -> Batch {
            let (sampling, augmentation) = (Sampling(), SmallDataset.everything)
            guard let mirror else { return try SmallDataset.source(store, sampling: sampling, augmentation: augmentation).batch(step: 5) }
            return try BatchSource(
                store: store, sampling: sampling, augmentation: augmentation, preprocessing: SmallDataset.preprocessing, batchSize: 8,
                side: 32, mirror: mirror, seed: 1
            ).batch(step: 5)
        }
        let (usual, chest) = try (batch(nil), batch(Domain.chestRadiograph.mirror))
        #expect(usual.values == chest.values && usual.examples == chest.examples)
    }

    @Test func aGreyOrTinyPictureIsLeftOutWithItsReason() throws {
        let folder = try TemporaryFolder()
        var dataset = try Self.dataset(folder)
        try DrawnPictures.cell(column: 1, row: 1).png().write(to: folder.file("images/0.png"))
        (dataset.images[0].width, dataset.images[0].height) = (64, 64)
        try ColourPicture(width: 2, height: 1) { _, _ in (1, 2, 3) }.png.write(to: folder.file("images/1.png"))
        (dataset.images[1].width, dataset.images[1].height, dataset.images[1].boxes) = (2, 1, [])
        let store = try Self.store(dataset, shortestSide: 32)
        #expect(store.failures.count == 2 && store.count == 4)
        #expect(store.failures.contains { $0.contains("it is grey; images of the domain are in colour") })
        #expect(store.failures.contains { $0.contains("it has 2 x 1 pixels; an image of the domain has 32 at least on a side") })
    }
}
