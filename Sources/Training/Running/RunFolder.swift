import Charts
import Foundation

/// The folder of one training, as users of Ultralytics' know it: `configuration.yaml`, `environment.json`, `results.csv` (a row a look),
/// `steps.csv` (a row a step), `weights/last.safetensors` (to go on) and `weights/best.safetensors`, TensorBoard's event files, the figures,
/// and `bundle/`.
struct RunFolder {
    let url: URL
    static let checkpointName = "weights/last.safetensors"
    static let bestName = "weights/best.safetensors"

    var configurationFile: URL { url.appendingPathComponent("configuration.yaml") }
    var environmentFile: URL { url.appendingPathComponent("environment.json") }
    var stepsFile: URL { url.appendingPathComponent("steps.csv") }
    var resultsFile: URL { url.appendingPathComponent("results.csv") }
    var checkpointFile: URL { url.appendingPathComponent(Self.checkpointName) }
    var bestFile: URL { url.appendingPathComponent(Self.bestName) }
    var predictionsFile: URL { url.appendingPathComponent("predictions.json") }
    var scoresFile: URL { url.appendingPathComponent("scores.json") }
    /// What the finished run says of its validation, and the figures of that.
    var validationPredictionsFile: URL { url.appendingPathComponent("validation_predictions.json") }
    var validationScoresFile: URL { url.appendingPathComponent("validation_scores.json") }
    var bundleFolder: URL { url.appendingPathComponent("bundle") }

    /// What a run writes, but for TensorBoard's event files, whose names are always new, and the figures of a validation's batches.
    private var writtenFiles: [URL] {
        [
            configurationFile, environmentFile, stepsFile, resultsFile, checkpointFile, bestFile, predictionsFile, scoresFile,
            validationPredictionsFile, validationScoresFile, bundleFolder,
        ] + RunFigures.FileName.all.map { url.appendingPathComponent($0) }
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
    func requireOwn() throws {
        guard let file = writtenFiles.first(where: { FileManager.default.fileExists(atPath: $0.path) }), !isOwn else { return }
        throw TrainingError(
            .cannotWrite, "\(url.path): \(file.lastPathComponent) is there, and no run of Pleura wrote it; name another folder")
    }

    /// Names a folder; `lay` makes it.
    init(url: URL) { self.url = url }

    /// Makes the folder and that of the weights, where they are not there yet.
    func lay() throws {
        do {
            try FileManager.default.createDirectory(at: url.appendingPathComponent("weights"), withIntermediateDirectories: true)
        } catch {
            throw TrainingError(.run, "\(url.path) cannot be made")
        }
    }

    /// A folder that is there already; nothing is made.
    init(existing url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else { throw TrainingError(.missing, "\(url.path): there is no such run") }
        self.url = url
    }

    func write(_ configuration: TrainingConfiguration) throws {
        try write(Data(ConfigurationFile.text(of: configuration).utf8), to: configurationFile)
    }

    func write(_ bytes: Data, to file: URL) throws {
        do {
            try bytes.write(to: file, options: .atomic)
        } catch {
            throw TrainingError(.cannotWrite, "\(file.lastPathComponent) cannot be written")
        }
    }

    /// Figures that a run left; `nil` where it has none.
    static func scores(_ file: URL) -> PooledScores? {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(PooledScores.self, from: $0) }
    }

    /// What was noted when the run began; `nil` where it was not yet.
    var environment: RunEnvironment? {
        (try? Data(contentsOf: environmentFile)).flatMap { try? JSONDecoder().decode(RunEnvironment.self, from: $0) }
    }

    func configuration() throws -> TrainingConfiguration {
        guard let text = try? String(contentsOf: configurationFile, encoding: .utf8) else {
            throw TrainingError(.run, "\(url.path) has no configuration.yaml to go on with")
        }
        return try ConfigurationFile.configuration(text: text, file: configurationFile.lastPathComponent)
    }
}
