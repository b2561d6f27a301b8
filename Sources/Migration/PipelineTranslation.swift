import Foundation
import ObjectDetectionAPI
import Radiographs
import TrainingSettings

/// What a `pipeline.config` of the TensorFlow Object Detection API becomes: a training of Pleura, and a line for everything in the file
/// that has no counterpart here, with what is done instead.
public struct PipelineTranslation: Sendable {
    public var configuration: TrainingConfiguration
    /// Findings that the file counts, the background not among them.
    public let classCount: Int
    /// `path (line N): what Pleura does instead`, in the order of the file.
    public let notes: [String]
    /// As the file names them; may hold * and ?.
    public let trainRecords: [String]
    public let labelMap: String?
    public let evalRecords: [String]
    public let evalLabelMap: String?
    /// TensorFlow's weights to start from, which Pleura does not read.
    public let fineTuneCheckpoint: String?
    private let file: PipelineFile

    /// - Parameter name: What the finished bundle is called.
    /// - Throws: `PipelineError` with every value that cannot be trained with.
    public init(_ file: PipelineFile, name: String) throws(PipelineError) {
        self.file = file
        var translator = PipelineTranslator(file: file)
        configuration = translator.configuration(name: name)
        classCount = translator.classCount()
        let (train, evaluation) = (file.message.trainInputReader, file.message.evalInputReader)
        trainRecords = train.tfRecordInputReader.inputPath
        labelMap = train.labelMapPath.isEmpty ? nil : train.labelMapPath
        evalRecords = evaluation.flatMap(\.tfRecordInputReader.inputPath)
        evalLabelMap = evaluation.lazy.map(\.labelMapPath).first { !$0.isEmpty }
        let checkpoint = file.message.trainConfig.fineTuneCheckpoint
        fineTuneCheckpoint = checkpoint.isEmpty ? nil : checkpoint
        translator.remarkOnTheRest()
        guard translator.problems.isEmpty else {
            throw PipelineError(file: file.name, problems: translator.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        notes = translator.notes.sorted { ($0.line ?? 0, $0.order) < ($1.line ?? 0, $1.order) }.map(\.text)
    }

    /// The files to learn from: relative paths are looked for in each of `folders`, the first that has them counts.
    /// - Parameter folders: The current folder, then that of the file.
    /// - Returns: The shards in order, each once, and the label map.
    /// - Throws: `PipelineError` with every path that is missing, was never filled in, or leads to no file.
    public func inputs(in folders: [URL]) throws(PipelineError) -> (records: [URL], labelMap: URL) {
        var problems: [PipelineError.Problem] = []
        let recordPath = "train_input_reader.tf_record_input_reader.input_path"
        let mapPath = "train_input_reader.label_map_path"
        let readerLine = file.lines(of: "train_input_reader").first
        let (recordLines, mapLine) = (file.lines(of: recordPath), file.lines(of: mapPath).last)
        func found(_ pattern: String, path: String, line: Int?) -> [URL] {
            switch RecordFiles.find(pattern, in: folders) {
            case .success(let urls): return urls
            case .failure(let failure): problems.append(.init(failure.code, line: line, path: path, failure.reason))
            }
            return []
        }
        var records: [URL] = []
        if trainRecords.isEmpty {
            problems.append(.init(.missing, line: readerLine, path: recordPath, "names no records to learn from"))
        }
        for (index, pattern) in trainRecords.enumerated() {
            // A list in square brackets stands on one line with several paths.
            let line = recordLines.indices.contains(index) ? recordLines[index] : recordLines.last
            for url in found(pattern, path: recordPath, line: line) where !records.contains(url) { records.append(url) }
        }
        guard let labelMap else {
            problems.append(.init(.missing, line: readerLine, path: mapPath, "names no label map"))
            throw PipelineError(file: file.name, problems: problems)
        }
        let map = found(labelMap, path: mapPath, line: mapLine).first
        guard problems.isEmpty, let map else {
            throw PipelineError(file: file.name, problems: problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        return (records, map)
    }

    /// The paths that are read or have a line of their own; any other is told as having no counterpart.
    package static var treatedPaths: [String] { PipelineTranslator.treatedPaths }

    /// One line where the label map has more or fewer findings than the file says; the label map counts.
    public func note(onClassCount count: Int) -> String? {
        guard count != classCount else { return nil }
        let place = file.lines(of: "model.ssd.num_classes").last.map { " (line \($0))" } ?? ""
        return "model.ssd.num_classes\(place): \(classCount), and the label map has \(count): trained with \(count)"
    }
}
