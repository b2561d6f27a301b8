import Findings
import Foundation
import Models
import Radiographs

/// One network of a detector: the only one, or one of an ensemble.
struct DetectorMember: Sendable {
    let bundle: ModelBundle
    let session: DetectorSession
    /// Which of the detector's prepared inputs it takes.
    let inputIndex: Int

    /// - Throws: `InferenceError` where the network cannot be loaded or does not fit the bundle's card and label map.
    init(bundle: ModelBundle, settings: EngineSettings, inputIndex: Int) throws {
        self.bundle = bundle
        self.inputIndex = inputIndex
        session = try DetectorSession(
            modelFile: bundle.modelFile, width: bundle.card.inputSide, height: bundle.card.inputSide, settings: settings)
        guard session.classCount == bundle.labelMap.classes.count else {
            throw InferenceError(
                .wrongNetwork, "it scores \(session.classCount) findings but the label map names \(bundle.labelMap.classes.count)")
        }
    }

    /// Its boxes of at least `threshold` in pixels of the original image, not yet suppressed, and its scores of the whole image.
    func look(at prepared: PreparedRadiograph, threshold: Double) throws -> (detections: [Detection], imageScores: [Float]?) {
        let input = prepared.inputs[inputIndex]
        let output = try session.run(input.values)
        let pixels = prepared.radiograph.pixels
        guard output.imageScores?.allSatisfy({ (0...1).contains($0) }) ?? true else {
            throw InferenceError(.wrongOutput, "a score of the whole image is not in 0 to 1")
        }
        do {
            let detections = try output.detections(
                classCount: session.classCount, threshold: threshold, transform: input.transform, imageWidth: pixels.width,
                imageHeight: pixels.height)
            return (detections, output.imageScores)
        } catch {
            throw InferenceError(.wrongOutput, error.reason)
        }
    }
}
