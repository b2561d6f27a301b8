import Foundation
import Inference
import Models
import NoduleExamples

/// The two networks of a model of nodules, compiled: one tells nodules from other candidates, one outlines them.
public final class NoduleModel: Sendable {
    public let bundle: ModelBundle
    public let maskBundle: ModelBundle
    public let settings: EngineSettings
    let classifier: BlockSession
    let segmenter: BlockSession

    /// Voxels on a side of the cubes and of the block, as the networks were made for.
    static let cubeSide = 24
    static let blockSide = 48
    /// Candidates at once.
    static let batch = 16

    /// Whether a bundle is such a model, by its card.
    public static func isOne(_ bundle: ModelBundle) -> Bool { bundle.card.kind == NoduleModelKind.classification }

    /// - Parameters:
    ///   - bundle: Of the classifier.
    ///   - maskBundle: Of the segmenter; by `beside(_:)` where it lies as released models do.
    /// - Throws: `InferenceError`, also where a bundle is of another kind.
    public init(_ bundle: ModelBundle, mask maskBundle: ModelBundle, settings: EngineSettings = EngineSettings()) throws {
        guard Self.isOne(bundle) else { throw InferenceError(.wrongNetwork, "\(bundle.card.name) is no model of nodules on CT") }
        guard maskBundle.card.kind == NoduleModelKind.segmentation else {
            throw InferenceError(.wrongNetwork, "\(maskBundle.card.name) is no model that outlines nodules on CT")
        }
        (self.bundle, self.maskBundle, self.settings) = (bundle, maskBundle, settings)
        let cube = [Self.batch, 1, Self.cubeSide, Self.cubeSide, Self.cubeSide]
        classifier = try BlockSession(
            modelFile: bundle.modelFile, inputs: [BlockSession.Input("fine", shape: cube), BlockSession.Input("coarse", shape: cube)],
            output: "scores", outputCount: Self.batch, settings: settings)
        let block = [1, 1, Self.blockSide, Self.blockSide, Self.blockSide]
        segmenter = try BlockSession(
            modelFile: maskBundle.modelFile, inputs: [BlockSession.Input("block", shape: block)], output: "masks",
            outputCount: block.reduce(1, *), settings: settings)
    }

    /// The segmenter that lies beside a classifier: `NAME-mask` beside `NAME`.
    /// - Throws: `ModelError` where there is none.
    public static func beside(_ bundle: ModelBundle) throws -> ModelBundle {
        let place = bundle.directory.standardizedFileURL
        return try ModelBundle(
            directory: place.deletingLastPathComponent().appendingPathComponent(place.lastPathComponent + NoduleModelKind.maskSuffix))
    }
}
