import Findings

/// A detector that has not looked at the image, to stand beside a figure: what a model does not beat, it has not learnt.
public protocol Control: Sendable {
    /// As a report names it.
    var name: String { get }

    /// What it says of an image: boxes in pixels of the original image. It must not use the image's truth.
    func detections(on image: EvaluatedImage) -> [Detection]
}

extension Control {
    /// The images with the control's detections in place of the model's.
    public func applied(to images: [EvaluatedImage]) -> [EvaluatedImage] {
        images.map { image in
            var image = image
            image.detections = detections(on: image)
            return image
        }
    }
}
