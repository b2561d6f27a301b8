import Foundation
import ModelGraph
import Networks
import Tensors

/// The folder of one training: `configuration.json`, `results.csv` (a row a step), `last.safetensors` (to resume) and `bundle/`.
struct RunFolder {
    let url: URL
    var configurationFile: URL { url.appendingPathComponent("configuration.json") }
    var resultsFile: URL { url.appendingPathComponent("results.csv") }
    static let checkpointName = "last.safetensors"
    var checkpointFile: URL { url.appendingPathComponent(Self.checkpointName) }
    var bundleFolder: URL { url.appendingPathComponent("bundle") }

    static let resultsHeader = "step,epoch,loss,score_loss,box_loss,learning_rate,gradient_norm,positives,images_per_second\n"

    init(url: URL) throws {
        self.url = url
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw TrainingError(.run, "\(url.path) cannot be made")
        }
    }

    func write(_ configuration: TrainingConfiguration) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(configuration).write(to: configurationFile, options: .atomic)
    }

    func configuration() throws -> TrainingConfiguration {
        guard let bytes = try? Data(contentsOf: configurationFile) else {
            throw TrainingError(.run, "\(url.path) has no configuration.json to resume from")
        }
        do {
            return try JSONDecoder().decode(TrainingConfiguration.self, from: bytes)
        } catch {
            throw TrainingError(.run, "configuration.json is damaged")
        }
    }

    /// Keeps the rows before `step` (a resumed run writes those after again) and gives a handle that appends.
    func openResults(beforeStep step: Int) throws -> FileHandle {
        let old = step > 0 ? (try? String(contentsOf: resultsFile, encoding: .utf8)) ?? "" : ""
        let rows = old.split(separator: "\n").dropFirst().filter { Int($0.prefix { $0 != "," }) ?? step < step }
        try (Self.resultsHeader + rows.map { $0 + "\n" }.joined()).write(to: resultsFile, atomically: true, encoding: .utf8)
        let handle = try FileHandle(forWritingTo: resultsFile)
        try handle.seekToEnd()
        return handle
    }
}
