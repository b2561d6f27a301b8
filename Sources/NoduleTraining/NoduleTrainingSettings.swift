import Basics
import Foundation
import SettingsFiles

/// Everything that decides a training of a network of nodules besides its examples.
public struct NoduleTrainingSettings: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case classifier, segmenter }

    /// What the bundle is called.
    public var name: String
    public var description: String
    public var network: Kind
    /// Optimiser steps of all rounds together.
    public var steps: Int
    /// After each but the last, the negatives that score highest are looked for among all.
    public var rounds: Int
    public var batchSize: Int
    /// The highest of the course: a rise over the first twentieth, then half a cosine.
    public var learningRate: Double
    public var weightDecay: Double
    /// Of a batch that are nodules.
    public var positiveShare: Double
    /// Of a batch that come from drawn scans.
    public var drawnShare: Double
    /// Of the negatives that are among the hardest.
    public var hardShare: Double
    /// How much of the moving average of the weights stays at a step; that average becomes the model.
    public var averageDecay: Double
    public var seed: UInt64 = 1
    /// 0 for one a core.
    public var threads: Int = 0

    private enum CodingKeys: String, CodingKey {
        case name, description, network, steps, rounds, seed, threads
        case batchSize = "batch_size"
        case learningRate = "learning_rate"
        case weightDecay = "weight_decay"
        case positiveShare = "positive_share"
        case drawnShare = "drawn_share"
        case hardShare = "hard_share"
        case averageDecay = "average_decay"
    }

    /// - Parameters:
    ///   - yaml: As the presets are written.
    ///   - name: What the bundle is called where the text does not say it.
    /// - Throws: `SettingsError` naming the key.
    init(yaml: String, name: String) throws {
        let table = try SettingsTable(yaml: yaml, folder: URL(fileURLWithPath: "."))
        try table.check(known: [
            "name", "description", "network", "steps", "rounds", "batch_size", "learning_rate", "weight_decay", "positive_share",
            "drawn_share", "hard_share", "average_decay", "seed", "threads",
        ])
        func needed<Value>(_ key: String, _ value: Value?) throws -> Value {
            guard let value else { throw SettingsError("\(key) is missing") }
            return value
        }
        self.name = try table.text("name") ?? name
        description = try table.text("description") ?? ""
        network = Kind(rawValue: try needed("network", table.word("network", Kind.allCases.map(\.rawValue)))) ?? .classifier
        steps = try needed("steps", table.whole("steps", 1...1_000_000))
        rounds = try needed("rounds", table.whole("rounds", 1...100))
        batchSize = try needed("batch_size", table.whole("batch_size", 2...1_024))
        learningRate = try needed("learning_rate", table.number("learning_rate", 1e-7...1))
        weightDecay = try needed("weight_decay", table.number("weight_decay", 0...1))
        positiveShare = try needed("positive_share", table.number("positive_share", 0.1...1))
        drawnShare = try needed("drawn_share", table.number("drawn_share", 0...1))
        hardShare = try needed("hard_share", table.number("hard_share", 0...1))
        averageDecay = try needed("average_decay", table.number("average_decay", 0...0.9999))
        seed = UInt64(try table.whole("seed", 0...Int.max) ?? 1)
        threads = try table.whole("threads", 0...1_024) ?? 0
    }

    /// The rate of a step, which counts from 0.
    func rate(step: Int) -> Double {
        let rise = max(1, Double(steps) / 20)
        guard Double(step) >= rise else { return learningRate * (Double(step) + 1) / (rise + 1) }
        let course = (Double(step) - rise) / max(1, Double(steps) - rise)
        return learningRate * (0.01 + 0.99 * (1 + cos(.pi * course)) / 2)
    }
}

/// Settings that the program carries.
public struct NodulePreset: Hashable, Sendable {
    public let name: String
    public let text: String

    public static let all = [
        NodulePreset("luna-nodules", PackageResources.luna_nodules_yaml),
        NodulePreset("luna-nodules-mask", PackageResources.luna_nodules_mask_yaml),
    ]

    private init(_ name: String, _ bytes: [UInt8]) { (self.name, text) = (name, String(decoding: bytes, as: UTF8.self)) }

    public static func named(_ name: String) -> NodulePreset? { all.first { $0.name == name.lowercased() } }

    /// - Parameter changes: `key=value`, each over the preset's.
    /// - Throws: `SettingsError`.
    public func settings(_ changes: [String] = []) throws -> NoduleTrainingSettings {
        var lines = text.split(whereSeparator: \.isNewline).map(String.init)
        for change in changes {
            let parts = change.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !change.contains(where: \.isNewline) else {
                throw SettingsError("--set \(change): key=value is wanted")
            }
            lines.removeAll { $0.hasPrefix("\(parts[0]):") }
            lines.append("\(parts[0]): \(parts[1])")
        }
        return try NoduleTrainingSettings(yaml: lines.joined(separator: "\n"), name: name)
    }
}
