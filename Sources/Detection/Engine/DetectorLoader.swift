import Basics
import Findings
import Foundation
import Inference
import Models

/// How models are made ready on this machine: in which precision, with how many threads, with or without compiled networks of earlier runs.
public struct DetectorLoader: Sendable {
    /// What a user may ask for.
    public enum Precision: String, CaseIterable, Hashable, Sendable, Codable {
        /// What was measured to be best for the model on this machine, f32 before that.
        case auto
        case f32, bf16, int8
    }

    public var precision: Precision
    /// Threads of the engine; `nil` leaves it to the engine.
    public var threads: Int?
    /// Whether compiled networks are taken from the user's cache folder and kept there: for a start in half the time.
    public var cachesNetworks: Bool

    public init(precision: Precision = .f32, threads: Int? = nil, cachesNetworks: Bool = false) {
        (self.precision, self.threads, self.cachesNetworks) = (precision, threads, cachesNetworks)
    }

    /// Up to so many images the answer is soonest where all cores work on one.
    private static let fewImages = 2

    /// The mode in which so many images are done soonest.
    public static func mode(forImages count: Int) -> EngineSettings.Mode { count > fewImages ? .throughput : .latency }

    /// - Returns: What the model is computed in, which may be another precision than was asked for, where the processor has not got it.
    public func runningPrecision(of bundle: ModelBundle) -> (asked: EngineSettings.Precision, running: EngineSettings.Precision) {
        let asked: EngineSettings.Precision =
            switch precision {
            case .f32: .f32
            case .bf16: .bf16
            case .int8: .int8
            case .auto: EngineChoice.kept(for: bundle.digest)?.precision ?? .f32
            }
        return (asked, EngineSettings.precision(asked, on: .current))
    }

    /// The model, ready for use.
    /// - Throws: `InferenceError`.
    public func detector(_ bundle: ModelBundle, mode: EngineSettings.Mode) throws -> Detector {
        let cache = cachesNetworks ? CompiledNetworks(of: bundle.digest) : nil
        let detector = try Detector(
            bundle: bundle,
            settings: EngineSettings(
                precision: runningPrecision(of: bundle).running, threads: threads, mode: mode, cacheDirectory: cache?.folder))
        cache?.seal()
        return detector
    }

    /// A model of lungs and heart, ready for use.
    /// - Throws: `InferenceError`.
    public func anatomy(_ bundle: ModelBundle, mode: EngineSettings.Mode) throws -> AnatomySegmenter {
        let cache = cachesNetworks ? CompiledNetworks(of: bundle.digest) : nil
        let running = runningPrecision(of: bundle).running
        let segmenter = try AnatomySegmenter(
            bundle: bundle,
            settings: EngineSettings(
                precision: running == .int8 ? .f32 : running, threads: threads, mode: mode, cacheDirectory: cache?.folder))
        cache?.seal()
        return segmenter
    }
}
