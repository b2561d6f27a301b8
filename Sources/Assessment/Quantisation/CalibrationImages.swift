import Basics
import Datasets
import Detection
import Findings
import Foundation
import Quantisation
import Radiographs

/// The images that ranges of a network's activations are measured on.
enum CalibrationImages {
    /// Draws images of the tested ones' dataset: any of them, or, where a fold is tested, those of the other folds.
    /// - Throws: `AssessmentError` where there is none.
    static func draw(_ count: Int, beside tested: AssessedImages) throws(AssessmentError) -> [DatasetImage] {
        let dataset = tested.dataset
        guard !dataset.images.isEmpty else { throw AssessmentError(.unusable, about: tested.name, "it has no images") }
        let allowed = dataset.images.filter { tested.fold == nil || dataset.fold(of: $0) != tested.fold }
        guard !allowed.isEmpty else {
            throw AssessmentError(
                .unusable, about: tested.name, "it has no images outside fold \(tested.fold ?? 0) to measure ranges on")
        }
        // Drawn, since images of a kind often follow each other; the same ones every time.
        var generator = SeededGenerator(seed: 1)
        return Array(allowed.shuffled(using: &generator).prefix(count))
    }

    /// Shows images to a quantiser. One that cannot be read is told to the observer.
    /// - Returns: How many could be read.
    /// - Throws: `InferenceError`, `ImageFailure`.
    static func show(
        _ images: [DatasetImage], of dataset: Dataset, to quantiser: NetworkQuantiser, as detector: Detector, _ runner: ModelRunner
    ) throws -> Int {
        var count = 0
        runner.observer.begin(images.count)
        defer { runner.observer.end() }
        for image in images {
            let path = dataset.url(of: image).path
            do {
                try quantiser.observe(input(path, detector, runner.decoders))
                count += 1
            } catch let error as RadiographError {
                runner.observer.failed(path, error.description)
            }
            runner.observer.advance()
        }
        return count
    }

    /// What the network gets of an image, as in a detection: [C * side * side].
    private static func input(_ path: String, _ detector: Detector, _ decoders: DecoderRegistry) throws -> [Float] {
        try InputFile.requireRegular(path)
        let decoders = detector.decoders(decoders)
        let bytes = try decoders.bytes(of: path)
        guard let side = detector.inputSide else {
            return try detector.prepare(try decoders.decode(bytes), from: .file(path)).inputs[0].values
        }
        return try detector.prepare(try decoders.decode(bytes, covering: side), from: .file(path)).inputs[0].values
    }
}
