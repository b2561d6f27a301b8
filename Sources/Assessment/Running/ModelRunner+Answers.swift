import Basics
import Datasets
import Detection
import Findings
import Foundation
import Radiographs

extension ModelRunner {
    /// What a model says of one image of a dataset.
    public struct Answer: Sendable {
        public let image: DatasetImage
        /// Boxes in pixels of the image down to `Detector.scoreFloor`, their classes by column of the dataset's findings.
        public let detections: [Detection]
        /// One score, 0 to 1, for each finding of the dataset; `nil` where the model does not say them of all.
        public let imageScores: [Double]?
    }

    /// Runs a model over images. One that cannot be read, or has another size than the annotations say, is told to the observer and left out.
    /// - Parameter images: Some or all of the dataset's.
    /// - Returns: The answers in the order of the images, and how many images could not be read.
    /// - Throws: `CancellationError` where the task is cancelled.
    public func answers(
        of detector: Detector, on images: [DatasetImage], of dataset: Dataset
    ) async throws -> (answers: [Answer], failed: Int) {
        let columns = FindingColumns(dataset.findingClasses)
        var (answers, failed) = ([Answer](), 0)
        let pipeline = DetectionPipeline(detector: detector, decoders: decoders, threshold: Detector.scoreFloor, keepsPixels: false)
        observer.begin(images.count)
        defer { observer.end() }
        try await pipeline.run(
            images.map { dataset.url(of: $0).path }, finish: { $0.findings },
            deliver: { index, findings in
                let image = images[index]
                if let reason = findings.error?.description ?? Self.otherSize(findings, than: image) {
                    observer.failed(findings.reference.name, reason)
                    failed += 1
                } else {
                    answers.append(
                        Answer(
                            image: image, detections: columns.detections(findings.findings),
                            imageScores: columns.row(findings.imageScores)))
                }
                observer.advance()
            })
        return (answers, failed)
    }

    private static func otherSize(_ findings: ImageFindings, than image: DatasetImage) -> String? {
        guard findings.width != image.width || findings.height != image.height else { return nil }
        return "it has \(findings.width) x \(findings.height) pixels, the annotations say \(image.width) x \(image.height)"
    }
}
