import Datasets
import Domains
import Findings
import Foundation
import Networks
import RunRecords
import TrainingExamples
import TrainingSettings
import Weights

extension TrainingRun {
    /// What the finished run in `folder` says of images, by LibTorch.
    /// - Returns: Detections of each image in its own pixels, of all scores worth keeping, in the order of `images`.
    /// - Throws: `TrainingError`, `ModelGraphError`, `TensorError`.
    package func predictions(ofRunIn folder: URL, on images: [DatasetImage], of dataset: Dataset) throws -> [[Detection]] {
        let run = try RunFolder(existing: folder)
        let settings = try run.configuration()
        let domain = try Self.domain(of: run)
        let network = try settings.model.makeDetector(
            classCount: dataset.findingClasses.count, seed: settings.loop.seed, inputChannels: domain.channels)
        try network.load(WeightFile(contentsOf: run.bestFile).arrays)
        try network.move(to: device)
        let predictor = Predictor(
            reader: ImageReader(dataset: dataset, decoders: domain.decoders(decoders), preprocessing: settings.wholePreprocessing),
            device: device,
            usesBFloat16: settings.loop.usesBFloat16)
        return try predictor.detections(of: images, by: network) { throw TrainingError(.noImages, $0) }
    }
}
