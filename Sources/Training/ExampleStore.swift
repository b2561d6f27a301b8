import Datasets
import Findings
import Foundation
import Radiographs

/// All training pictures, decoded once.
struct ExampleStore: Sendable {
    /// With one box or more.
    private(set) var abnormal: [Example] = []
    /// Without any.
    private(set) var normal: [Example] = []
    /// One line for each picture that could not be read.
    private(set) var failures: [String] = []

    /// - Parameters:
    ///   - images: What to read.
    ///   - side: Longest side of the pictures kept, in pixels.
    init(
        dataset: Dataset, images: [DatasetImage], decoders: DecoderRegistry, preprocessing: Preprocessing, side: Int,
        progress: (Int, Int) throws -> Void
    ) throws {
        let columns = Dictionary(uniqueKeysWithValues: dataset.findingClasses.enumerated().map { ($1.id, $0) })
        let chunk = 32
        for start in stride(from: 0, to: images.count, by: chunk) {
            let part = Array(images[start..<min(start + chunk, images.count)])
            let slots = Slots<Result<Example, any Error>>(count: part.count)
            DispatchQueue.concurrentPerform(iterations: part.count) { index in
                let image = part[index]
                slots.set(
                    index,
                    Result {
                        let radiograph = try decoders.decode(dataset.encodedImage(of: image), path: image.fileName)
                        let boxes = image.boxes.compactMap { annotation in
                            columns[annotation.classID].map {
                                Detection(box: annotation.box, classIndex: $0, score: annotation.agreement ?? 1)
                            }
                        }
                        return Self.example(radiograph.pixels, boxes: boxes, preprocessing: preprocessing, side: side)
                    })
            }
            for (image, slot) in zip(part, slots.values) {
                switch slot {
                case .success(let example)?: example.boxes.isEmpty ? normal.append(example) : abnormal.append(example)
                case .failure(let error)?: failures.append("\(image.fileName): \(error)")
                case nil: failures.append("\(image.fileName): not read")
                }
            }
            try progress(min(start + chunk, images.count), images.count)
        }
        guard !abnormal.isEmpty else { throw TrainingError(.noImages, "none of \(images.count) images could be read and has a box") }
    }

    static func example(_ image: PixelImage, boxes: [Detection], preprocessing: Preprocessing, side: Int) -> Example {
        let enhanced = preprocessing.enhanced(image)
        let longest = max(image.width, image.height)
        guard longest > side else { return Example(pixels: enhanced, width: image.width, height: image.height, boxes: boxes) }
        let width = max(1, image.width * side / longest)
        let height = max(1, image.height * side / longest)
        let whole = Box(x: 0, y: 0, width: Double(image.width), height: Double(image.height))
        let samples = enhanced.resampled(from: whole, width: width, height: height, fill: 0).map {
            UInt16(min(Float(enhanced.maximum), max(0, $0.rounded())))
        }
        let reduced = PixelImage(width: width, height: height, bits: enhanced.bits, samples: samples)
        return Example(pixels: reduced, width: image.width, height: image.height, boxes: boxes)
    }
}

/// Results of a concurrent loop, each written once.
private final class Slots<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var storage: [Value?]

    init(count: Int) { storage = Array(repeating: nil, count: count) }

    func set(_ index: Int, _ value: Value) { lock.withLock { storage[index] = value } }
    var values: [Value?] { lock.withLock { storage } }
}
