import Basics
import Detection
import Inference
import Models
import Radiographs

/// How models are found, made ready and run over the images of a dataset.
public struct ModelRunner: Sendable {
    /// Where models are found by their names.
    public var store: ModelStore
    public var loader: DetectorLoader
    public var decoders: DecoderRegistry
    /// Told how the work goes.
    public var observer: any WorkObserver

    public init(
        store: ModelStore = .standard, loader: DetectorLoader = DetectorLoader(), decoders: DecoderRegistry,
        observer: any WorkObserver = SilentObserver()
    ) {
        (self.store, self.loader, self.decoders, self.observer) = (store, loader, decoders, observer)
    }

    /// The bundle of that name or in that directory.
    /// - Throws: `AssessmentError` that names it.
    public func bundle(_ name: String) throws(AssessmentError) -> ModelBundle {
        try AssessmentError.about(name) { try store.bundle(name) }
    }

    /// The model of that name or in that directory, ready for use. The observer is warned where it runs in another precision than was asked
    /// for.
    /// - Parameter images: How many images it is to look at: the engine works on one at a time or on several.
    /// - Throws: `AssessmentError` that names it.
    public func detector(_ name: String, images: Int) throws(AssessmentError) -> Detector {
        let bundle = try bundle(name)
        let (asked, running) = loader.runningPrecision(of: bundle)
        if running != asked { observer.warn("this processor has no \(asked.rawValue); computing in \(running.rawValue)") }
        return try AssessmentError.about(name, status: .somethingMissing) {
            try loader.detector(bundle, mode: DetectorLoader.mode(forImages: images))
        }
    }

    /// The model of lungs and heart of that name or in that directory, computed as a detector would be; without 8-bit integers.
    /// - Throws: `AssessmentError` that names it.
    public func anatomy(_ name: String, images: Int) throws(AssessmentError) -> AnatomySegmenter {
        let bundle = try bundle(name)
        return try AssessmentError.about(name, status: .somethingMissing) {
            try loader.anatomy(bundle, mode: DetectorLoader.mode(forImages: images))
        }
    }

    /// The precision that was asked for and the one that runs, in a line.
    public func precisionText(of detector: Detector) -> String {
        "precision: \(loader.precision.rawValue) asked for, \(detector.settings.precision.rawValue) runs"
    }
}
