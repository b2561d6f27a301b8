import Basics
import Foundation
import Inference

/// What was measured of a model on this machine (`pleura doctor --bench`), and the precision that was best; kept in the user's cache folder.
public struct EngineChoice: Codable, Hashable, Sendable {
    /// One way of running the model.
    public struct Measurement: Codable, Hashable, Sendable {
        public var precision: EngineSettings.Precision
        /// One image at a time, network and what follows it.
        public var latencyMilliseconds: Double
        /// As many at once as the engine likes.
        public var imagesPerSecond: Double

        private enum CodingKeys: String, CodingKey {
            case precision
            case latencyMilliseconds = "latency_milliseconds"
            case imagesPerSecond = "images_per_second"
        }
    }

    /// What the model is called.
    public var model: String
    public var digest: String
    /// What was best.
    public var precision: EngineSettings.Precision
    public var measurements: [Measurement]

    /// bf16 changes scores in the third digit, INT8 more (within what its maker allowed, by the card): it has to be worth it.
    public static let neededGain = 1.1

    /// - Returns: `nil` where f32 was not measured.
    public init?(model: String, digest: String, measurements: [Measurement]) {
        guard let exact = measurements.first(where: { $0.precision == .f32 }) else { return nil }
        let fastest = measurements.max { $0.imagesPerSecond < $1.imagesPerSecond } ?? exact
        let isWorthIt = fastest.imagesPerSecond >= Self.neededGain * exact.imagesPerSecond
        (self.model, self.digest, self.measurements) = (model, digest, measurements)
        precision = isWorthIt ? fastest.precision : .f32
    }

    /// The choice made earlier for a model on this machine; `nil` where none was.
    public static func kept(for digest: String) -> EngineChoice? {
        guard let file = file(for: digest), let bytes = try? Data(contentsOf: file),
            let choice = try? JSONDecoder().decode(EngineChoice.self, from: bytes), choice.digest == digest
        else { return nil }
        return choice
    }

    /// - Returns: Whether it could be kept.
    public func keep() -> Bool {
        guard let file = Self.file(for: digest) else { return false }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return
            (try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)) != nil
            && (try? encoder.encode(self).write(to: file, options: .atomic)) != nil
    }

    private static func file(for digest: String) -> URL? {
        UserFolders.cache.appendingPathComponent("choices").appendingPathComponent(MachineKey.key(of: digest) + ".json")
    }
}
