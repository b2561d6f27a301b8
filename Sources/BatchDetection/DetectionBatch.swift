import Anatomy
import Basics
import Detection
import Findings
import Inference
import Models
import Pages
import Radiographs
import Reports

/// Many files through one model: their findings in the order of the files, and a folder of pictures with a page where one is wanted.
///
/// An image that cannot be read fails alone. Nothing but the gallery is written.
public struct DetectionBatch {
    /// What was done.
    public struct Outcome: Sendable {
        /// Findings or failure of each file, in order; of an interrupted batch only of those that were begun.
        public let images: [ImageFindings]
        /// How many files could be tried, begun or not: all but those that an `InputSearch` refused.
        public let tried: Int
        /// Whether some files were not begun.
        public let isIncomplete: Bool
        /// Where the time went.
        public let times: PipelineTimes
    }

    public var detector: Detector
    /// What was asked for, such as `auto`, in the words of `--precision`; `nil` where it is not known.
    public var precisionRequested: String?
    public var decoders: DecoderRegistry
    /// From 1.
    public var frame = 1
    /// Lowest score of a finding; `nil` for the card's.
    public var threshold: Double?
    /// Thresholds finding by finding, in place of one for all.
    public var operatingPoints: OperatingThresholds?
    /// An image that takes longer to read and decode is given up.
    public var decodingLimit = Duration.seconds(60)
    /// Asked before an image is begun; once it is true, what has been begun is finished, and nothing more is begun.
    public var isInterrupted: @Sendable () -> Bool = { false }
    public var observer: any WorkObserver = SilentObserver()
    /// Gets each image when it is done, with its place among the files: first those that could not be tried, then the others in order. What it throws
    /// ends the run.
    public var done: (_ index: Int, _ image: ImageFindings) throws -> Void = { _, _ in }

    public init(detector: Detector, decoders: DecoderRegistry) {
        (self.detector, self.decoders) = (detector, decoders)
    }

    /// The model, as reports name it.
    public var identity: ModelIdentity {
        ModelIdentity(
            name: detector.bundle.card.name, version: detector.bundle.card.version, digest: detector.bundle.digest,
            precision: detector.settings.precision.rawValue, precisionRequested: precisionRequested)
    }

    /// Scores below it are not among the findings.
    public var lowestScore: Double { operatingPoints?.lowest ?? threshold ?? detector.bundle.card.scoreThreshold }

    /// - Parameter gallery: Gets every image, with pictures of those that could be read; it is not finished here. `nil` for none.
    /// - Throws: `ReportError` where the gallery cannot be written; `CancellationError`.
    public func run(_ inputs: [InputSearch.Input], into gallery: inout FindingsGallery?) async throws -> Outcome {
        var images = inputs.map { ImageFindings(reference: ImageReference(.file($0.path)), error: $0.failure) }
        observer.begin(images.count)
        defer { observer.end() }
        for (index, image) in images.enumerated() {
            guard let failure = image.error else { continue }
            observer.failed(image.reference.name, failure.description)
            observer.advance()
            try gallery?.append(image)
            try done(index, image)
        }
        let tried = images.indices.filter { images[$0].error == nil }
        let wantsPictures = gallery != nil
        let pipeline = DetectionPipeline(
            detector: detector, decoders: decoders, frame: frame, threshold: operatingPoints == nil ? threshold : Detector.scoreFloor,
            keepsPixels: wantsPictures, decodingLimit: decodingLimit, isInterrupted: isInterrupted)
        let operatingPoints = self.operatingPoints
        let times = try await pipeline.run(
            tried.map { images[$0].reference.name },
            finish: { Finished($0, operatingPoints: operatingPoints, wantsPictures: wantsPictures) },
            deliver: { index, finished in
                images[tried[index]] = finished.findings
                if let failure = finished.findings.error { observer.failed(finished.findings.reference.name, failure.description) }
                try gallery?.append(finished.findings, pictures: finished.pictures)
                try done(tried[index], finished.findings)
                observer.advance()
            })
        // Interrupted: what was not begun is in no report, as if it had not been asked for.
        let undone = Set(tried.dropFirst(times.images))
        return Outcome(
            images: images.indices.filter { !undone.contains($0) }.map { images[$0] }, tried: tried.count,
            isIncomplete: !undone.isEmpty, times: times)
    }
}

/// One image with what is to be shown of it.
private struct Finished: Sendable {
    var findings: ImageFindings
    /// `nil` where none are wanted or possible.
    var pictures: FindingsGallery.Pictures?

    init(_ item: DetectionPipeline.Item, operatingPoints: OperatingThresholds?, wantsPictures: Bool) {
        findings = AnatomyReading.warned(operatingPoints?.applied(to: item.findings) ?? item.findings)
        guard wantsPictures, let radiograph = item.radiograph else { return }
        do {
            pictures = try FindingsGallery.Pictures(
                of: radiograph, findings: findings.findings, anatomy: findings.anatomy)
        } catch {
            findings.error = ImageFailure(error)
        }
    }
}
