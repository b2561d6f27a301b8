import Detection
import Foundation
import Inference
import ModelGraph
import Models

/// Detectors whose last layers are made random, a share after another from the top down: a map that does not change with them shows the image
/// and not the network.
public enum RandomisedDetector {
    /// The shares of the layers, from the output on.
    public static let shares = [0.25, 0.5, 1.0]

    /// - Parameter settings: As the detector itself is run; no compiled network is kept.
    /// - Throws: `InferenceError`, `ModelGraphError`; `ModelError` where a network cannot be read.
    public static func detector(_ bundle: ModelBundle, share: Double, settings: EngineSettings, seed: UInt64 = 1) throws -> Detector {
        var settings = settings
        settings.cacheDirectory = nil
        settings.precision = settings.precision == .int8 ? .f32 : settings.precision
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The engine has read them when the detector is there.
        defer { try? FileManager.default.removeItem(at: folder) }
        let networks = try (bundle.ensemble?.members.map(\.bundle) ?? [bundle]).enumerated().map { number, member in
            guard let bytes = try? Data(contentsOf: member.modelFile) else { throw ModelError(.unreadable, "model.onnx cannot be opened") }
            var model = try ONNXModel(bytes: bytes)
            model.shuffleWeights(topShare: share, seed: seed &+ UInt64(number))
            let file = folder.appendingPathComponent("\(number).onnx")
            try model.bytes().write(to: file)
            return file
        }
        return try Detector(bundle: bundle, settings: settings, networks: networks)
    }
}
