import Basics
import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import TrainingExamples

/// A directory of small pictures whose every grey is known, for tests of loading.
struct SmallDataset {
    let folder: TemporaryFolder
    var dataset: Dataset

    static let preprocessing = Preprocessing(steps: [.letterbox(width: 64, height: 64, fill: 0)])

    init(classes: [String] = ["Mass", "Nodule", "Effusion"]) throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("images"), withIntermediateDirectories: true)
        dataset = Dataset(
            directory: folder.url, findingClasses: classes.enumerated().map { FindingClass(id: $0 + 1, name: $1) }, images: [], folds: [:])
    }

    /// Adds a picture of noise about a grey of its own, so that any two differ.
    /// - Parameter boxes: Columns of the findings and where they are.
    mutating func add(width: Int = 48, height: Int = 40, bits: Int = 16, boxes: [(Int, Box)] = [], labels: [String]? = nil) throws {
        let index = dataset.images.count
        var generator = SeededGenerator(seed: 100, stream: UInt64(index))
        let top = (1 << bits) - 1
        let middle = generator.uniform(0.3...0.7)
        let samples = (0..<width * height).map { _ in UInt16(Double(top) * generator.uniform(middle - 0.2...middle + 0.2)) }
        let name = "picture\(index).png"
        try PixelImage(width: width, height: height, bits: bits, samples: samples).png()
            .write(to: folder.file("images").appendingPathComponent(name))
        dataset.images.append(
            DatasetImage(
                id: index + 1, fileName: name, width: width, height: height, patient: "p\(index)", labels: labels,
                boxes: boxes.map { Annotation(classID: $0.0 + 1, box: $0.1) }))
    }

    /// - Parameter names: For each image the sources that speak of it.
    mutating func say(sources: [DataSource], of names: [[String]]) {
        dataset.sources = sources
        for (index, names) in names.enumerated() { dataset.images[index].sources = names }
    }

    /// Adds an image whose file is no image.
    mutating func addBroken(boxes: [(Int, Box)] = []) throws {
        try add(boxes: boxes)
        guard let name = dataset.images.last?.fileName else { return }
        try Data("no picture".utf8).write(to: folder.file("images").appendingPathComponent(name))
    }

    /// A picture as it was added.
    func pixels(_ index: Int) throws -> PixelImage {
        let image = dataset.images[index]
        return try DrawnPictures.decoded(dataset.encodedImage(of: image))
    }

    static let box = Box(x: 10, y: 8, width: 20, height: 16)

    /// `count` with one box each of the findings in turn, then `normal` without.
    static func usual(count: Int, normal: Int) throws -> SmallDataset {
        var result = try SmallDataset()
        for index in 0..<count {
            var box = Self.box
            box.x = Double(index % 20)
            try result.add(boxes: [(index % 3, box)])
        }
        for _ in 0..<normal { try result.add(labels: []) }
        return result
    }

    func store(side: Int = 64, budget: Int = 1 << 30, needsBoxes: Bool = true) throws -> ExampleStore {
        try ExampleStore(
            dataset: dataset, images: dataset.images, decoders: DecoderRegistry(decoders: [PNGDecoder()]),
            preprocessing: Self.preprocessing, side: side, budget: budget, scratchFolder: folder.url, needsBoxes: needsBoxes
        ) { _, _ in }
    }

    static func source(
        _ store: ExampleStore, sampling: Sampling = Sampling(), augmentation: Augmentation = Augmentation(), batchSize: Int = 8,
        side: Int = 32, seed: UInt64 = 1
    ) -> BatchSource {
        BatchSource(
            store: store, sampling: sampling, augmentation: augmentation, preprocessing: preprocessing, batchSize: batchSize, side: side,
            seed: seed)
    }

    /// Everything on, so that a test sees every path.
    static var everything: Augmentation {
        var result = Augmentation()
        (result.geometry.rotationProbability, result.geometry.shift, result.grey.exposure) = (0.5, 0.05, 0.3)
        (result.blur.probability, result.noise.probability, result.cutOut.probability) = (0.5, 0.5, 0.5)
        (result.mosaic.probability, result.mixUp.probability) = (0.5, 0.5)
        result.cutOut.count = 3
        // Any two pictures of noise are alike enough.
        (result.copyPaste.probability, result.copyPaste.likeness) = (0.5, -1)
        return result
    }
}

extension Batch {
    /// Equal in every bit; NaN equals itself.
    func isIdentical(to other: Batch) -> Bool {
        values.map(\.bitPattern) == other.values.map(\.bitPattern) && examples == other.examples
            && imageLabels.map(\.bitPattern) == other.imageLabels.map(\.bitPattern) && hasBoxes == other.hasBoxes
    }
}
