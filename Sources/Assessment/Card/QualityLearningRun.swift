import Basics
import Datasets
import Detection
import Domains
import Findings
import Foundation
import Models
import Radiographs

/// Learns the limits of image quality for a model that is finished, and writes them into its card: no training, and its network stays.
public struct QualityLearningRun: Sendable {
    public var model: String
    /// Datasets whose images the model has learnt from, or images of the same kind.
    public var datasets: [String]
    /// Of the images, that each limit may turn away, 0...0.5.
    public var share: Double
    /// Written into the card with a gate learnt from the images, so that the model refuses other kinds; `nil` leaves both as they are.
    public var domain: Domain?
    public var runner: ModelRunner

    /// Images that a gate is learnt from at most.
    private static let gateImages = 512

    public init(of model: String, from datasets: [String], share: Double = 0.01, domain: Domain? = nil, by runner: ModelRunner) {
        (self.model, self.datasets, self.share, self.domain, self.runner) = (model, datasets, share, domain, runner)
    }

    /// What was written.
    public struct Report: Codable, Hashable, Sendable {
        public var model: String
        /// The bundle's digest now.
        public var digest: String
        /// Images that limits were learnt from, and those that could not be read.
        public var images: Int
        public var failed: Int
        /// Whether ages of enough children were known.
        public var tellsChildren: Bool
        /// Name of the domain that the card has now.
        public var domain: String?
        public var limits: [QualityLimits.Measure: QualityLimits.Limits]

        private enum CodingKeys: String, CodingKey {
            case model, digest, images, failed, limits, domain
            case tellsChildren = "tells_children"
        }

        /// A table for a terminal.
        public var text: String {
            let lines = QualityLimits.Measure.allCases.compactMap { measure in
                limits[measure].map { range in
                    let ends = [("at least", range.low), ("at most", range.high), ("refused above", range.refusal)]
                    let words = ends.compactMap { word, value in value.map { "\(word) \($0)" } }.joined(separator: ", ")
                    return "\(measure.rawValue): \(words)\n"
                }
            }
            return lines.joined() + "learnt from \(images) images; the model's digest is now \(digest)\n"
        }
    }

    /// - Throws: `AssessmentError` where there are too few images, the model is of colours, or its bundle cannot be written.
    public func run() throws -> Report {
        let bundle = try runner.bundle(model)
        guard bundle.card.inputChannels == 1, domain?.isColour != true else {
            throw AssessmentError(.unusable, about: model, "limits of quality are learnt for grey images alone")
        }
        let side = bundle.card.inputSide
        var all: [(path: String, age: Double?, patient: String)] = []
        for directory in datasets {
            let assessed = try AssessedImages(directory: directory)
            let dataset = assessed.dataset
            all += assessed.images.map { image in
                (
                    path: dataset.url(of: image).path, age: image.attributes["age"].flatMap(DatasetStatistics.years), patient: image.patient
                )
            }
        }
        // Limits are learnt from images that the learnt part has not seen: a patient's stay together.
        let ordered = all.sorted { ($0.patient, $0.path) < ($1.patient, $1.path) }
        var failed = 0
        var looks: [[PixelImage]] = []
        let stride = max(1, (ordered.count + Self.gateImages - 1) / Self.gateImages)
        runner.observer.begin(ordered.count)
        defer { runner.observer.end() }
        let limits = QualityLimits.fit(count: ordered.count, ages: ordered.map { $0.age }, share: share) { index in
            defer { runner.observer.advance() }
            do {
                try InputFile.requireRegular(ordered[index].path)
                let bytes = try runner.decoders.bytes(of: ordered[index].path)
                let pixels = try runner.decoders.decode(bytes, covering: side).image.pixels
                if domain != nil, index % stride == 0 { looks.append([bundle.card.preprocessing.enhanced(pixels)]) }
                return pixels
            } catch {
                runner.observer.failed(ordered[index].path, ImageFailure(error).description)
                failed += 1
                return nil
            }
        }
        guard let limits else {
            throw AssessmentError(
                .unusable, about: datasets.joined(separator: ", "),
                "limits of quality need \(QualityLimits.leastImages) images that show something")
        }
        var card = bundle.card
        card.quality = limits
        if let domain {
            card.domain = domain
            card.appearance = try AssessmentError.about(model, status: .somethingMissing) { [looks] in
                try AppearanceGate.fit(for: domain, images: looks)
            }
        }
        let written = try AssessmentError.about(model, status: .somethingMissing) { [card] in try bundle.replacing(card: card) }
        return Report(
            model: card.name, digest: written.digest, images: limits.images, failed: failed,
            tellsChildren: limits.limits[.child] != nil, domain: card.domain?.name, limits: limits.limits)
    }
}
