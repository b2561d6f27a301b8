import Findings
import Foundation
import Inference
import Models
import Radiographs

/// One network of a detector: the only one, or one of an ensemble.
struct DetectorMember: Sendable {
    let bundle: ModelBundle
    let session: DetectorSession
    /// Which of the detector's prepared inputs it takes.
    let inputIndex: Int

    /// - Parameter network: Run in place of the bundle's own.
    /// - Throws: `InferenceError` where the network cannot be loaded or does not fit the bundle's card and label map.
    init(bundle: ModelBundle, settings: EngineSettings, inputIndex: Int, network: URL? = nil) throws {
        self.bundle = bundle
        self.inputIndex = inputIndex
        session = try DetectorSession(
            modelFile: try network ?? Self.network(of: bundle, settings.precision), width: bundle.card.inputSide,
            height: bundle.card.inputSide,
            channels: bundle.card.inputChannels, settings: settings)
        guard session.classCount == bundle.labelMap.classes.count else {
            throw InferenceError(
                .wrongNetwork, "it scores \(session.classCount) findings but the label map names \(bundle.labelMap.classes.count)")
        }
    }

    private static func network(of bundle: ModelBundle, _ precision: EngineSettings.Precision) throws -> URL {
        guard precision == .int8 else { return bundle.modelFile }
        guard let file = bundle.int8ModelFile else {
            throw InferenceError(.missing, "\(bundle.card.name) has no INT8 network; pleura model quantize makes one")
        }
        return file
    }

    /// What its network says of an image.
    func output(_ prepared: PreparedRadiograph) throws -> NetworkOutput { try session.run(prepared.inputs[inputIndex].values) }

    /// The boxes of at least `threshold` in pixels of the original image, not yet suppressed.
    func detections(_ output: NetworkOutput, of prepared: PreparedRadiograph, threshold: Double) throws -> [Detection] {
        guard output.imageScores?.allSatisfy({ (0...1).contains($0) }) ?? true else {
            throw InferenceError(.wrongOutput, "a score of the whole image is not in 0 to 1")
        }
        do {
            return try output.detections(
                classCount: session.classCount, threshold: threshold, transform: prepared.inputs[inputIndex].transform,
                imageWidth: prepared.seenWidth, imageHeight: prepared.seenHeight)
        } catch {
            throw InferenceError(.wrongOutput, error.reason)
        }
    }
}
