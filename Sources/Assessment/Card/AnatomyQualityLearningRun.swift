import Anatomy
import Basics
import Datasets
import Detection
import Findings
import Foundation
import Models
import Radiographs

/// Learns the limits of what masks say of an image's quality for a finished segmentation model, and writes them into its card: no training, and its
/// network stays.
public struct AnatomyQualityLearningRun: Sendable {
    public var model: String
    /// Datasets of frontal films, most of them of ordinary quality.
    public var datasets: [String]
    /// Of the images, that each limit may tell of, 0...0.5.
    public var share: Double
    public var runner: ModelRunner

    public init(of model: String, from datasets: [String], share: Double = 0.01, by runner: ModelRunner) {
        (self.model, self.datasets, self.share, self.runner) = (model, datasets, share, runner)
    }

    /// What was written.
    public struct Report: Codable, Hashable, Sendable {
        public var model: String
        /// The bundle's digest now.
        public var digest: String
        /// Images whose masks passed their checks, those whose masks did not, and those that could not be read.
        public var images: Int
        public var withoutMasks: Int
        public var failed: Int
        public var limits: AnatomyQuality

        private enum CodingKeys: String, CodingKey {
            case model, digest, images, failed, limits
            case withoutMasks = "without_masks"
        }

        /// A table for a terminal.
        public var text: String {
            """
            rotation: at most \(limits.mostRotation)
            width of one lung over the other: at most \(limits.mostWidthRatio)
            height of the lungs over their width: at least \(limits.leastInspiration)
            share of the edge in a lung: at most \(limits.mostCutOff)
            learnt from \(images) images (\(withoutMasks) more whose masks are not to be trusted); the model's digest is now \(digest)

            """
        }
    }

    /// - Throws: `AssessmentError` where there are too few images with masks, the model is of another kind, or its bundle cannot be written.
    public func run() throws -> Report {
        let bundle = try runner.bundle(model)
        let paths = try datasets.flatMap { directory in
            let assessed = try AssessedImages(directory: directory)
            return assessed.images.map { assessed.dataset.url(of: $0).path }
        }
        let segmenter = try runner.anatomy(model, images: paths.count)
        var (failed, withoutMasks) = (0, 0)
        var measures: [AnatomyQuality.Measures] = []
        runner.observer.begin(paths.count)
        defer { runner.observer.end() }
        for path in paths {
            defer { runner.observer.advance() }
            do {
                try InputFile.requireRegular(path)
                let reduced = try runner.decoders.decode(runner.decoders.bytes(of: path), covering: bundle.card.inputSide)
                let input = try segmenter.prepare(reduced.image, histogram: reduced.image.pixels.histogram())
                if let chest = try segmenter.read(input, view: reduced.radiograph.header.view).measures {
                    measures.append(AnatomyQuality.Measures(chest))
                } else {
                    withoutMasks += 1
                }
            } catch {
                runner.observer.failed(path, ImageFailure(error).description)
                failed += 1
            }
        }
        guard let limits = AnatomyQuality.fit(measures, share: share) else {
            throw AssessmentError(
                .unusable, about: datasets.joined(separator: ", "),
                "limits of quality need \(AnatomyQuality.leastImages) images whose masks pass their checks, and \(measures.count) do")
        }
        var card = bundle.card
        card.anatomyQuality = limits
        let written = try AssessmentError.about(model, status: .somethingMissing) { [card] in try bundle.replacing(card: card) }
        return Report(
            model: card.name, digest: written.digest, images: measures.count, withoutMasks: withoutMasks, failed: failed, limits: limits)
    }
}
