import Evaluation
import Foundation
import TrainingExamples
import TrainingSettings

/// One run as the log of experiments has it: what was asked, what was changed, what came out, and what was made of it.
public struct Experiment: Codable, Hashable, Sendable {
    /// What becomes of the change.
    public enum Verdict: String, Codable, CaseIterable, Hashable, Sendable {
        /// What others are compared with.
        case baseline
        case kept, dropped
        /// Neither better nor worse by what the figures can tell.
        case undecided
    }

    /// Day the run began, `YYYY-MM-DD` in UTC.
    public var date: String
    public var run: String
    /// What the change is thought to do, and why.
    public var hypothesis: String
    /// The run it is compared with; empty for none.
    public var base: String
    /// Settings that differ from the base's, or without a base from the preset's.
    public var change: String
    /// What was scored.
    public var split: String
    /// True where test folds were scored: such looks are counted.
    public var looksAtTestFolds: Bool
    public var images: Int
    public var boxes: Int
    public var steps: Int
    public var imagesSeen: Int
    /// COCO at IoU 0.50, and the ends of its 95% interval.
    public var map50: Double
    public var low: Double?
    public var high: Double?
    public var map40: Double?
    public var map: Double?
    public var verdict: Verdict
    /// Git's, of the program's source where the run was begun; a plus sign says that files differed from it.
    public var commit: String
}

extension Experiment {
    /// Reads what a finished run's folder says: its settings, its surroundings, its figures.
    /// - Parameters:
    ///   - folder: Of a cross-validation, or of a run with a validation.
    ///   - base: The folder of the run it is compared with.
    /// - Throws: `TrainingError` where the run has no figures yet.
    public init(run folder: URL, base: URL?, hypothesis: String, verdict: Verdict) throws {
        let sample = try Self.sample(of: folder)
        let settings = try sample.configuration()
        let whole = try RunFolder(existing: folder)
        let tested = RunFolder.scores(whole.scoresFile)
        guard let scores = tested ?? RunFolder.scores(sample.validationScoresFile), let map50 = scores.map50 else {
            throw TrainingError(.run, "\(folder.path) has no scores: it is not finished, or had neither a validation nor --fold all")
        }
        let environment = sample.environment
        let baseSample = try base.map { try Self.sample(of: $0) }
        let former = try baseSample?.configuration()
        // A run is called as its model, which a preset names.
        let preset = Preset.all.first { (try? $0.configuration().name) == settings.name }
        date = String(environment?.started.prefix(10) ?? "")
        run = folder.standardizedFileURL.lastPathComponent
        self.hypothesis = hypothesis
        self.base = base?.standardizedFileURL.lastPathComponent ?? ""
        var changes = try settings.differences(from: former ?? preset?.configuration() ?? TrainingConfiguration(name: settings.name))
        if let environment, let old = baseSample?.environment, old.dataDigest != environment.dataDigest {
            changes.append(
                "learnt from \(old.images) images, \(old.boxes) boxes → \(environment.images) images, \(environment.boxes) boxes")
        }
        change = changes.joined(separator: "; ")
        split = scores.split
        looksAtTestFolds = tested != nil
        images = scores.images
        boxes = scores.boxes
        steps = settings.loop.steps
        imagesSeen = steps * settings.loop.batchSize
        (self.map50, low, high) = (map50.value, map50.low, map50.high)
        (map40, map) = (scores.map40?.value, scores.map?.value)
        self.verdict = verdict
        commit = (environment?.gitCommit.map { String($0.prefix(7)) } ?? "") + (environment?.gitIsDirty == true ? "+" : "")
    }

    /// The folder itself, or a fold's of a cross-validation.
    private static func sample(of folder: URL) throws -> RunFolder {
        let own = try RunFolder(existing: folder)
        if FileManager.default.fileExists(atPath: own.configurationFile.path) { return own }
        let folds = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let first = folds.filter { $0.lastPathComponent.hasPrefix("fold_") }.min { $0.lastPathComponent < $1.lastPathComponent }
        guard let first else { throw TrainingError(.run, "\(folder.path) is not a run's folder") }
        return try RunFolder(existing: first)
    }
}

extension TrainingConfiguration {
    /// Settings that are not the other's, each as `loop.batch_size 16 → 8`; names and descriptions aside. Of a run that was started from, the
    /// name alone: the log is published, and where a folder lies on one machine helps nobody.
    func differences(from other: TrainingConfiguration) throws -> [String] {
        func leaves(_ settings: TrainingConfiguration) throws -> [String: String] {
            var leaves = try ConfigurationFile.leaves(of: settings)
            leaves["start"] = settings.startName
            leaves["backbone_start"] = nil
            return leaves
        }
        let (mine, theirs) = (try leaves(self), try leaves(other))
        let keys = Set(mine.keys).union(theirs.keys).subtracting(["name", "description"]).sorted()
        return keys.filter { mine[$0] != theirs[$0] }.map { "\($0) \(theirs[$0] ?? "none") → \(mine[$0] ?? "none")" }
    }
}
