import Datasets
import Findings
import Foundation
import Geometry
import Models
import Networks
import Radiographs
import Tensors
import TrainingExamples

/// Runs a network that is being trained over images, as `detect` will run its bundle.
struct Predictor {
    let reader: ImageReader
    let device: Device
    let usesBFloat16: Bool
    var batchSize = 8
    /// Lowest score kept: low, for figures are computed over all scores. `Detector.scoreFloor`, by which a finished detector is measured, is
    /// 0.001; this one stays higher, for with another floor the validations of a training could not be compared with those of earlier
    /// trainings.
    private static let scoreFloor = 0.005
    var suppression = ModelCard.SuppressionSettings()

    /// Detections of each image in its own pixels; an image that cannot be read has none, and is told.
    func detections(
        of images: [DatasetImage], by network: any DetectionNetwork, report: (String) throws -> Void
    ) throws -> [[Detection]] {
        var result: [[Detection]] = []
        let rule = suppression.rule(scoreThreshold: Self.scoreFloor)
        try inBatches(images, side: network.inputSide, channels: network.inputChannels, report: report) { input, executor, part in
            let (boxes, scores, _) = try network.detect(input, executor)
            let (allBoxes, allScores) = (try boxes.asFloat().floats(), try scores.asFloat().floats())
            let (boxCount, scoreCount) = (network.anchors.count * 4, network.anchors.count * network.classCount)
            for (index, (image, transform)) in part.enumerated() {
                guard let transform else {
                    result.append([])
                    continue
                }
                let output = NetworkOutput(
                    boxes: Array(allBoxes[index * boxCount..<(index + 1) * boxCount]),
                    scores: Array(allScores[index * scoreCount..<(index + 1) * scoreCount]))
                result.append(
                    rule(
                        try output.detections(
                            classCount: network.classCount, threshold: Self.scoreFloor, transform: transform, imageWidth: image.width,
                            imageHeight: image.height)))
            }
        }
        return result
    }

    /// Probabilities [C] of findings of each whole image; empty for an image that cannot be read.
    func imageScores(
        of images: [DatasetImage], by classifier: ImageClassifier, report: (String) throws -> Void
    ) throws -> [[Float]] {
        var result: [[Float]] = []
        try inBatches(images, side: classifier.inputSide, channels: classifier.inputChannels, report: report) { input, executor, part in
            let scores = try classifier(input, executor).asFloat().sigmoid().floats()
            let count = classifier.classCount
            for (index, (_, transform)) in part.enumerated() {
                result.append(transform == nil ? [] : Array(scores[index * count..<(index + 1) * count]))
            }
        }
        return result
    }

    private func inBatches(
        _ images: [DatasetImage], side: Int, channels: Int, report: (String) throws -> Void,
        _ body: (Tensor, TorchExecutor, [(image: DatasetImage, transform: LetterboxTransform?)]) throws -> Void
    ) throws {
        let executor = TorchExecutor(isTraining: false, device: device)
        for start in stride(from: 0, to: images.count, by: batchSize) {
            let part = Array(images[start..<min(start + batchSize, images.count)])
            var values: [Float] = []
            values.reserveCapacity(part.count * channels * side * side)
            var places: [(DatasetImage, LetterboxTransform?)] = []
            for (image, input) in zip(part, reader.inputs(of: part)) {
                switch input {
                case .success(let input) where input.values.count != channels * side * side:
                    values += [Float](repeating: 0, count: channels * side * side)
                    places.append((image, nil))
                    try report("\(image.fileName): it is grey; images of the domain are in colour")
                case .success(let input):
                    values += input.values
                    places.append((image, input.transform))
                case .failure(let error):
                    values += [Float](repeating: 0, count: channels * side * side)
                    places.append((image, nil))
                    try report(error.reason)
                }
            }
            try Engine.withoutGradients {
                let input = try Tensor(values, shape: [part.count, channels, side, side]).moved(to: device)
                try Engine.withAutocast(usesBFloat16, device: device) { try body(input, executor, places) }
            }
        }
    }
}
