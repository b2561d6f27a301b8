import Basics
import Datasets
import Foundation
import Radiographs
import TrainingExamples

/// Reads images of a dataset as a network takes them, a few at once.
struct ImageReader: Sendable {
    let dataset: Dataset
    let decoders: DecoderRegistry
    let preprocessing: Preprocessing

    /// - Returns: For each image its input and its size in pixels, or one line that says why it cannot be read.
    func inputs(of images: [DatasetImage]) -> [Result<ModelInput, TrainingError>] {
        Concurrent.map(images.count) { index in
            let image = images[index]
            do {
                let radiograph = try decoders.decode(dataset.encodedImage(of: image))
                // Colours are kept where the domain looks at them.
                guard let colour = radiograph.colour else { return .success(try preprocessing.modelInput(radiograph.pixels)) }
                return .success(try preprocessing.modelInput(colour, of: ReducedImage(radiograph.pixels)))
            } catch {
                return .failure(TrainingError(.noImages, "\(image.fileName): \(error)"))
            }
        }
    }
}
