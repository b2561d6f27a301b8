import Datasets
import Foundation
import Networks
import Radiographs
import RunRecords
import Tensors
import TrainingExamples

/// Runs a segmenter over images as its bundle will be run.
struct SegmentationPredictor {
    let reader: ImageReader
    let device: Device
    let usesBFloat16: Bool
    var batchSize = 8

    /// Masks and those of the dataset, `AnatomyBits` in pixels of each image; an image that cannot be read is left out, and told. As in a
    /// bundle's use, a mask is the mean of what is said of the image and of its mirror image.
    func pairs(
        of images: [DatasetImage], by segmenter: Segmenter, report: (String) throws -> Void
    ) throws -> [(image: DatasetImage, said: [UInt8], read: [UInt8])] {
        var result: [(image: DatasetImage, said: [UInt8], read: [UInt8])] = []
        let side = segmenter.inputSide
        let executor = TorchExecutor(isTraining: false, device: device)
        for start in stride(from: 0, to: images.count, by: batchSize) {
            let part = Array(images[start..<min(start + batchSize, images.count)])
            var (values, kept) = ([Float](), [(DatasetImage, ModelInput)]())
            for (image, input) in zip(part, reader.inputs(of: part)) {
                switch input {
                case .success(let input) where input.values.count == side * side:
                    values += input.values
                    kept.append((image, input))
                case .success: try report("\(image.fileName): it is in colour; a segmenter takes grey")
                case .failure(let error): try report(error.reason)
                }
            }
            guard !kept.isEmpty else { continue }
            func said(_ values: [Float]) throws -> [Float] {
                try Engine.withoutGradients {
                    let input = try Tensor(values, shape: [kept.count, 1, side, side]).moved(to: device)
                    return try Engine.withAutocast(usesBFloat16, device: device) {
                        try segmenter(input, executor).asFloat().sigmoid().floats()
                    }
                }
            }
            let (upright, mirrored) = (try said(values), try said(Self.mirrored(values, side: side)))
            let size = segmenter.classCount * side * side
            for (index, (image, input)) in kept.enumerated() {
                func maps(_ said: [Float]) -> StructureMaps? {
                    StructureMaps(side: side, values: Array(said[index * size..<(index + 1) * size]), transform: input.transform)
                }
                guard let own = maps(upright), let turned = maps(mirrored)?.mirrored(),
                    let bytes = try? Data(contentsOf: reader.dataset.maskURL(of: image)),
                    let mask = try? AnatomyBits.read(png: bytes), (mask.width, mask.height) == (image.width, image.height)
                else {
                    try report("\(image.fileName): its mask cannot be read")
                    continue
                }
                let both = own.averaged(with: turned)
                result.append(
                    (image, both.bits(width: image.width, height: image.height, originalWidth: image.width), mask.bits))
            }
        }
        return result
    }

    /// Each row from right to left.
    private static func mirrored(_ values: [Float], side: Int) -> [Float] {
        stride(from: 0, to: values.count, by: side).flatMap { values[$0..<$0 + side].reversed() }
    }
}

/// Dice of masks, the mean over structures and of each.
struct SegmentationValidator: Validator {
    let predictor: SegmentationPredictor
    let images: [DatasetImage]

    private var structures: [String] { ["Lungs"] + AnatomyBits.names }
    var figureNames: [String] { ["metrics/Dice"] + structures.map { "metrics/Dice/\($0)" } }

    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [ValidationReport.Figure] {
        guard let segmenter = task.network as? Segmenter else { return [] }
        let overlap = MaskOverlap(
            split: "validation", pairs: try predictor.pairs(of: images, by: segmenter, report: report).map { ($0.said, $0.read) })
        let values = [overlap.meanDice] + structures.map { overlap.structures[$0]?.dice }
        return zip(figureNames, values).map { ValidationReport.Figure(name: $0, value: $1) }
    }
}
