import Charts
import Foundation
import TrainingExamples
import TrainingSettings

/// The folder of one training, as users of Ultralytics' know it: `configuration.yaml`, `environment.json`, `results.csv` (a row a validation),
/// `steps.csv` (a row a step), `weights/last.safetensors` (to go on) and `weights/best.safetensors`, TensorBoard's event files, the figures,
/// and `bundle/`.
package struct RunFolder {
    package let url: URL
    package static let checkpointName = "weights/last.safetensors"
    package static let bestName = "weights/best.safetensors"

    package var configurationFile: URL { url.appendingPathComponent("configuration.yaml") }
    /// Of a run whose domain is not the chest's.
    package var domainFile: URL { url.appendingPathComponent("domain.yaml") }
    package var environmentFile: URL { url.appendingPathComponent("environment.json") }
    package var stepsFile: URL { url.appendingPathComponent("steps.csv") }
    package var resultsFile: URL { url.appendingPathComponent("results.csv") }
    package var checkpointFile: URL { url.appendingPathComponent(Self.checkpointName) }
    package var bestFile: URL { url.appendingPathComponent(Self.bestName) }
    package var predictionsFile: URL { url.appendingPathComponent("predictions.json") }
    package var scoresFile: URL { url.appendingPathComponent("scores.json") }
    /// What the finished run says of its validation, and the figures of that.
    package var validationPredictionsFile: URL { url.appendingPathComponent("validation_predictions.json") }
    package var validationScoresFile: URL { url.appendingPathComponent("validation_scores.json") }
    package var bundleFolder: URL { url.appendingPathComponent("bundle") }

    /// What a run writes, but for TensorBoard's event files, whose names are always new, and the figures of a validation's batches.
    private var writtenFiles: [URL] {
        [
            configurationFile, domainFile, environmentFile, stepsFile, resultsFile, checkpointFile, bestFile, predictionsFile, scoresFile,
            validationPredictionsFile, validationScoresFile, bundleFolder,
        ] + RunCharts.FileName.all.map { url.appendingPathComponent($0) }
    }

    /// Whether a run was begun here before: its settings are there, as a run writes them, or those of a fold.
    private var isOwn: Bool {
        let folds = ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).filter { $0.hasPrefix("fold_") }
        return ([url] + folds.map { url.appendingPathComponent($0) }).contains { folder in
            let text = try? String(contentsOf: RunFolder(url: folder).configurationFile, encoding: .utf8)
            return text?.hasPrefix(ConfigurationFile.firstLine) == true
        }
    }

    /// A new run may take the place of one that was begun here, and of nothing else.
    /// - Throws: `TrainingError` naming a file that is somebody else's.
    package func requireOwn() throws {
        guard let file = writtenFiles.first(where: { FileManager.default.fileExists(atPath: $0.path) }), !isOwn else { return }
        throw TrainingError(
            .cannotWrite, "\(url.path): \(file.lastPathComponent) is there, and no run of Pleura wrote it; name another folder")
    }

    /// Names a folder; `lay` makes it.
    package init(url: URL) { self.url = url }

    /// Whether a model was made.
    package var isFinished: Bool { exists("bundle") || exists(Self.bestName) }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path) }

    /// A new run replaces what one that was cut off early left, and nothing else. A folder may hold other files, as a `model_dir` of the
    /// Object Detection API holds its pipeline.config.
    /// - Throws: `TrainingError` where there is a run already, a dataset, or somebody's file under a name that a run would write.
    package func checkIsFree() throws {
        guard !exists(Self.checkpointName), !isFinished else {
            throw TrainingError(.run, "\(url.path) holds a run already; go on with --resume, or name another folder")
        }
        guard !exists("annotations.json") else {
            throw TrainingError(.run, "\(url.path) is a dataset directory; name a folder of its own for the run")
        }
        try requireOwn()
    }

    /// Makes the folder and that of the weights, where they are not there yet.
    package func lay() throws {
        do {
            try FileManager.default.createDirectory(at: url.appendingPathComponent("weights"), withIntermediateDirectories: true)
        } catch {
            throw TrainingError(.cannotWrite, "\(url.path) cannot be made")
        }
    }

    /// Removes what a run that was killed in the middle of a checkpoint left beside it, each as large as the checkpoint.
    package func removeLeftovers() {
        let weights = url.appendingPathComponent("weights")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: weights.path)) ?? []
        for name in names where name.hasPrefix(".dat.nosync") {
            try? FileManager.default.removeItem(at: weights.appendingPathComponent(name))
        }
    }

    /// A folder that is there already; nothing is made.
    package init(existing url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else { throw TrainingError(.missing, "\(url.path): there is no such run") }
        self.url = url
    }

    package func write(_ configuration: TrainingConfiguration) throws {
        try write(Data(ConfigurationFile.text(of: configuration).utf8), to: configurationFile)
    }

    package func write(_ bytes: Data, to file: URL) throws {
        do {
            try bytes.write(to: file, options: .atomic)
        } catch {
            throw TrainingError(.cannotWrite, "\(file.lastPathComponent) cannot be written")
        }
    }

    /// Figures that a run left; `nil` where it has none.
    package static func scores(_ file: URL) -> PooledScores? {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(PooledScores.self, from: $0) }
    }

    /// What was noted when the run began; `nil` where it was not yet.
    package var environment: RunEnvironment? {
        (try? Data(contentsOf: environmentFile)).flatMap { try? JSONDecoder().decode(RunEnvironment.self, from: $0) }
    }

    package func configuration() throws -> TrainingConfiguration {
        guard let text = try? String(contentsOf: configurationFile, encoding: .utf8) else {
            throw TrainingError(.run, "\(url.path) has no configuration.yaml to go on with")
        }
        return try ConfigurationFile.configuration(text: text, file: configurationFile.lastPathComponent)
    }
}
