import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

@Suite struct ExampleStoreTests {
    @Test func imagesThatCannotBeReadAreNamedAndLeftOut() throws {
        var dataset = try SmallDataset.usual(count: 2, normal: 1)
        try dataset.addBroken(boxes: [(0, SmallDataset.box)])
        try dataset.add(boxes: [(0, Box(x: 3, y: 3, width: 0, height: 5))])
        try dataset.add(boxes: [(7, SmallDataset.box)])
        let store = try dataset.store()
        #expect(store.count == 3 && store.boxed == [0, 1] && store.normal == [2])
        #expect(store.failures.map { $0.prefix { $0 != ":" } } == ["picture3.png", "picture4.png", "picture5.png"])
    }

    @Test func aDatasetWithoutBoxesIsRefused() throws {
        let error = #expect(throws: TrainingError.self) { try SmallDataset.usual(count: 0, normal: 3).store() }
        #expect(error == TrainingError(.noImages, "none of the 3 images that could be read has a box; a detector learns from boxes"))
        var broken = try SmallDataset()
        try broken.addBroken()
        #expect(throws: TrainingError.self) { try broken.store() }
        let none = #expect(throws: TrainingError.self) { try SmallDataset().store() }
        #expect(none?.reason == "there is no image to learn from")
    }

    @Test func aFindingWithoutABoxIsAWarning() throws {
        #expect(
            try SmallDataset.usual(count: 2, normal: 0).store().warnings == [
                "no image has a box of Effusion: the detector will not learn it"
            ])
        #expect(try SmallDataset.usual(count: 3, normal: 0).store().warnings.isEmpty)
    }

    /// A row an image: from boxes and whole-image labels where there are boxes, from labels alone where there are none, and unknown for
    /// what no label ever names.
    @Test func whatIsKnownOfWholeImagesIsARow() throws {
        var dataset = try SmallDataset()
        try dataset.add(boxes: [(0, SmallDataset.box)])
        try dataset.add(boxes: [(0, SmallDataset.box)], labels: ["Mass", "Nodule"])
        try dataset.add(labels: [])
        try dataset.add()
        try dataset.add(labels: ["Nodule", "Hernia"])
        try dataset.add(labels: ["Hernia"])
        let store = try dataset.store()
        let examples = (0..<6).compactMap { store.example($0) }
        let rows = examples.map { $0.imageLabels.map { $0.isNaN ? -1 : $0 } }
        #expect(rows == [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 1, -1], [0, 0, -1]])
        #expect(examples.map(\.hasBoxes) == [true, true, true, true, false, false])
        #expect(store.normal == [2, 3] && store.labelled == [4, 5])
    }

    /// A reduced picture of 8 bits has grey between its 256 steps.
    @Test func reducingKeepsTheDepthItGains() throws {
        var dataset = try SmallDataset()
        try dataset.add(width: 90, height: 60, bits: 8, boxes: [(0, SmallDataset.box)])
        let example = try #require(try dataset.store(side: 45).example(0))
        #expect(example.pixels.width == 45 && example.pixels.height == 30 && example.pixels.bits == 16)
        #expect(example.width == 90 && example.height == 60)
        let original = try dataset.pixels(0)
        let expected = original.resampled(from: Box(x: 0, y: 0, width: 90, height: 60), width: 45, height: 30, fill: 0)
        #expect(zip(example.pixels.samples, expected).allSatisfy { abs(Float($0) - $1 * 257) <= 0.51 })
        #expect(Set(example.pixels.samples.map { $0 % 257 }).count > 20)
    }

    @Test func progressCanEndTheReading() throws {
        struct Stop: Error {}
        let dataset = try SmallDataset.usual(count: 2, normal: 0)
        #expect(throws: Stop.self) {
            try ExampleStore(
                dataset: dataset.dataset, images: dataset.dataset.images, decoders: DecoderRegistry(decoders: [PNGDecoder()]),
                preprocessing: SmallDataset.preprocessing, side: 64, budget: 0, scratchFolder: dataset.folder.url
            ) { _, _ in throw Stop() }
        }
    }

    @Test func aDiskWithoutRoomIsToldBeforeAnythingIsRead() throws {
        let small = try SmallDataset.usual(count: 1, normal: 0)
        var dataset = small.dataset
        (dataset.images[0].width, dataset.images[0].height) = (1 << 30, 1 << 30)
        let error = #expect(throws: TrainingError.self) {
            try ExampleStore(
                dataset: dataset, images: dataset.images, decoders: DecoderRegistry(decoders: [PNGDecoder()]),
                preprocessing: SmallDataset.preprocessing, side: 1 << 30, budget: 1_000_000, scratchFolder: small.folder.url
            ) { _, _ in Issue.record("something was read") }
        }
        #expect(error?.code == .scratch)
        #expect(error?.reason.contains("1 MB go into memory") == true)
    }

    @Test func aFolderThatTakesNoScratchFileIsNamed() throws {
        let small = try SmallDataset.usual(count: 1, normal: 0)
        let nowhere = small.folder.file("nowhere")
        let error = #expect(throws: TrainingError.self) {
            try ExampleStore(
                dataset: small.dataset, images: small.dataset.images, decoders: DecoderRegistry(decoders: [PNGDecoder()]),
                preprocessing: SmallDataset.preprocessing, side: 64, budget: 0, scratchFolder: nowhere
            ) { _, _ in }
        }
        #expect(error?.code == .scratch)
        #expect(error?.reason.contains(nowhere.path) == true)
    }
}
