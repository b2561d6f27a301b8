import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Radiographs

extension EvaluationPage {
    /// One of the report's examples, drawn.
    public struct Picture: Sendable {
        public let example: EvaluationReport.Example
        let jpeg: Data
        let width: Int
        let height: Int

        /// Longer side in pixels.
        static let side = 640

        /// - Parameters:
        ///   - detections: All of the image, as the report had them; those of at least `scoreThreshold` are drawn on a missed box's picture, on a false box's only
        ///     itself.
        /// - Throws: `RadiographError` where it cannot be drawn.
        public init(
            _ example: EvaluationReport.Example, radiograph: Radiograph, image: DatasetImage, detections: [Detection],
            findingClasses: [FindingClass], scoreThreshold: Double
        ) throws {
            self.example = example
            let drawn: [Detection] =
                switch example.kind {
                case .missed: detections.filter { $0.score >= scoreThreshold }
                case .falseBox: example.detection.flatMap { detections.indices.contains($0) ? [detections[$0]] : nil } ?? []
                }
            let shown = drawn.filter { findingClasses.indices.contains($0.classIndex) }.sorted { $0.score > $1.score }
            let findings = shown.enumerated().map { number, detection in
                Finding(
                    id: "\(number + 1)", findingClass: findingClasses[detection.classIndex], score: detection.score,
                    geometry: .box(detection.box))
            }
            let classes = Dictionary(findingClasses.map { ($0.id, $0) }) { first, _ in first }
            let truth = image.boxes.compactMap { annotation in
                classes[annotation.classID].map { AnnotatedPicture.Truth(box: annotation.box, findingClass: $0) }
            }
            jpeg = try AnnotatedPicture(
                radiograph: radiograph, findings: findings, maximumSide: Self.side, truth: truth
            ).jpeg(quality: 82)
            (width, height) = (radiograph.pixels.width, radiograph.pixels.height)
        }
    }

    /// The report's examples, drawn; one whose image cannot be read or drawn is left without a picture.
    /// - Parameters:
    ///   - input: What the report was made of.
    ///   - dataset: Where the images lie.
    public static func pictures(
        of report: EvaluationReport, input: EvaluationInput, in dataset: Dataset, decoders: DecoderRegistry
    ) -> [Picture] {
        let positions = Dictionary(input.images.enumerated().map { ($1.stem, $0) }) { first, _ in first }
        return report.examples.compactMap { example in
            guard let position = positions[example.image] else { return nil }
            let image = input.images[position]
            guard let radiograph = try? decoders.decode(path: dataset.url(of: image).path) else { return nil }
            return try? Picture(
                example, radiograph: radiograph, image: image, detections: input.detections[position],
                findingClasses: input.findingClasses, scoreThreshold: report.scoreThreshold)
        }
    }
}
