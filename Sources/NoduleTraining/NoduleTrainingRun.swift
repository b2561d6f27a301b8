import Basics
import Evaluation
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import NoduleExamples
import Radiographs
import Tensors

/// Trains a network of nodules on a folder of examples: the whole of `pleura train --config luna-nodules`.
///
/// The run's folder gets `settings.json`, `steps.csv`, `figures.json` of the fold that was left out, and `bundle/`.
public struct NoduleTrainingRun {
    public enum Event {
        case message(String)
        case step(Int, of: Int, loss: Double)
    }

    /// What was measured on the fold that was left out.
    public struct Figures: Codable, Hashable, Sendable {
        public struct Figure: Codable, Hashable, Sendable {
            public var name: String
            public var value: Double
            /// Ends of the 95 percent interval, by draws of whole series.
            public var low: Double?
            public var high: Double?
            /// How it was measured, in a sentence.
            public var protocolText: String

            private enum CodingKeys: String, CodingKey {
                case name, value, low, high
                case protocolText = "protocol"
            }
        }

        public var notice = "research use only"
        public var fold: Int
        public var series: Int
        public var nodules: Int
        /// Candidates that are none.
        public var others: Int
        public var figures: [Figure]
    }

    public var settings: NoduleTrainingSettings
    public var examples: URL
    /// Left out and measured; `nil` learns from all.
    public var testFold: Int?
    public var device: Device
    public var dataDescription: String?
    public var dataLicence: String?
    public var shouldStop: () -> Bool = { false }

    public init(settings: NoduleTrainingSettings, examples: URL, testFold: Int?, device: Device) {
        (self.settings, self.examples, self.testFold, self.device) = (settings, examples, testFold, device)
    }

    /// - Returns: The bundle's folder.
    /// - Throws: `NoduleTrainingError`, `NoduleExampleError`, `TensorError`, `ModelError`, `FileError`.
    public func run(in folder: URL, report: @escaping (Event) -> Void) throws -> URL {
        let held = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard held.isEmpty else { throw NoduleTrainingError(.settings, "\(folder.path): the run's folder holds something already") }
        Engine.setThreads(settings.threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : settings.threads)
        Engine.seed(settings.seed)
        let store = try ExampleStore(NoduleExampleFolder(examples), hasMasks: settings.network == .segmenter)
        let split = store.split(testFold: testFold)
        if let testFold, split.test.isEmpty {
            throw NoduleTrainingError(.settings, "fold \(testFold): the examples have no scan of that fold")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(settings, to: folder.appendingPathComponent("settings.json"))
        let log = StepLog(folder.appendingPathComponent("steps.csv"), of: settings.steps, report: report)
        report(.message("\(split.training.count) scans to learn from, \(split.test.count) left out"))
        let learning: any NoduleLearning =
            switch settings.network {
            case .classifier: try ClassifierLearning(store, training: split.training, settings: settings, device: device)
            case .segmenter: try SegmenterLearning(store, training: split.training, settings: settings, device: device)
            }
        for note in learning.notes { report(.message(note)) }
        var learner = learning
        try learner.learn(log: log, shouldStop: shouldStop) { report(.message($0)) }
        try log.write()
        var figures: Figures?
        if let testFold, !split.test.isEmpty {
            let measured = try learner.figures(of: split.test, fold: testFold)
            try write(measured, to: folder.appendingPathComponent("figures.json"))
            for figure in measured.figures { report(.message("fold \(testFold): \(Self.text(figure))")) }
            figures = measured
        }
        let bundle = folder.appendingPathComponent("bundle")
        try writeBundle(learner, store, split.training, figures, to: bundle)
        return bundle
    }

    private static func text(_ figure: Figures.Figure) -> String {
        let ends = figure.low.flatMap { low in figure.high.map { String(format: " (%.3f to %.3f)", low, $0) } } ?? ""
        return "\(figure.name) \(String(format: "%.4f", figure.value))\(ends)"
    }

    private func write(_ value: some Encodable, to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(value) + Data("\n".utf8), to: file)
    }

    private func writeBundle(
        _ learner: any NoduleLearning, _ store: ExampleStore, _ training: [Int], _ figures: Figures?, to folder: URL
    ) throws {
        let version = "1.0.0"
        var onnx = try learner.onnxModel(description: "Pleura \(settings.name), research use only", version: version)
        onnx.storeWeightsInHalfPrecision { _ in true }
        let scans = training.map { store.scans[$0] }
        let real = scans.filter { $0.source == .patch }
        var digest = Digest.Builder()
        for scan in scans.sorted(by: { $0.name < $1.name }) {
            digest.update(Data("\(scan.name)|\(scan.series)|\(scan.nodules.count)|\(scan.candidates.count)\n".utf8))
        }
        let sum = digest.digest.hexadecimal
        let folds = Set(store.scans.compactMap(\.fold)).subtracting(testFold.map { [$0] } ?? []).sorted()
        var card = ModelCard(
            name: settings.name, version: version, summary: learner.summary, architecture: learner.architecture, inputSide: learner.side,
            preprocessing: Preprocessing(steps: []),
            trainingData: ModelCard.TrainingData(
                description: dataDescription ?? learner.dataText(scans), licence: dataLicence ?? "not said", digest: sum,
                images: scans.count, boxes: scans.reduce(0) { $0 + $1.nodules.count }, patients: Set(real.map(\.series)).count,
                folds: folds, patientDigests: PatientDigests(of: Set(real.map(\.series)), salt: sum).text),
            scoreThreshold: 0.5,
            metrics: (figures?.figures ?? []).map { figure in
                ModelCard.Metric(
                    name: figure.name, value: figure.value, low: figure.low, high: figure.high,
                    split: "fold \(figures?.fold ?? 0) by series, \(figures?.series ?? 0) series", protocol: figure.protocolText,
                    tool: "pleura train")
            },
            failureModes: learner.limits, intendedUse: learner.intendedUse)
        card.kind = learner.kind
        try ModelBundle.write(
            to: folder, onnx: onnx.bytes(), labelMap: LabelMap([FindingClass(id: 1, name: "Nodule")]), card: card)
    }
}

/// The losses of a run: every step in a table, the mean of fifty told.
final class StepLog {
    private let file: URL
    private let total: Int
    private let report: (NoduleTrainingRun.Event) -> Void
    private let start = Date()
    private var lines = ["step,loss,seconds"]
    private var recent: [Double] = []

    init(_ file: URL, of total: Int, report: @escaping (NoduleTrainingRun.Event) -> Void) {
        (self.file, self.total, self.report) = (file, total, report)
    }

    func add(_ step: Int, loss: Double) throws {
        lines.append(String(format: "%d,%.5f,%.1f", step, loss, Date().timeIntervalSince(start)))
        recent.append(loss)
        guard recent.count == 50 || step == total else { return }
        report(.step(step, of: total, loss: recent.reduce(0, +) / Double(recent.count)))
        recent = []
        try write()
    }

    func write() throws { try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: file, synchronises: false) }
}

/// What the two networks of nodules have of their own.
protocol NoduleLearning {
    var kind: String { get }
    var side: Int { get }
    var architecture: String { get }
    var summary: String { get }
    var intendedUse: String { get }
    /// What is not known, or known to go wrong; a sentence each.
    var limits: [String] { get }
    /// What there is to learn from, for people.
    var notes: [String] { get }
    func dataText(_ scans: [NoduleExamples.Scan]) -> String
    mutating func learn(log: StepLog, shouldStop: () -> Bool, note: (String) -> Void) throws
    /// By the averaged weights.
    func figures(of scans: [Int], fold: Int) throws -> NoduleTrainingRun.Figures
    func onnxModel(description: String, version: String) throws -> ONNXModel
}
