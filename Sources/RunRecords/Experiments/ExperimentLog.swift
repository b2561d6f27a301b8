import Basics
import Datasets
import Foundation
import TrainingExamples

/// The log of experiments, a CSV file with a row a run in the order in which they were told, negative results too.
public struct ExperimentLog {
    public private(set) var experiments: [Experiment]
    public let file: URL

    package static let columns = [
        "date", "run", "hypothesis", "base", "change", "split", "test_look", "images", "boxes", "steps", "images_seen", "map50", "low",
        "high", "map40", "map", "verdict", "commit",
    ]

    /// - Parameter file: Need not be there yet.
    /// - Throws: `TrainingError` naming the row that cannot be read.
    public init(file: URL) throws {
        self.file = file
        experiments = []
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        do {
            let table = try CSVFile(file)
            // What is written later takes this file's place.
            guard table.header == Self.columns else {
                throw TrainingError(.run, "\(file.lastPathComponent): its first line is not that of a log of experiments")
            }
            try table.forEachRow { fields, row in
                guard let experiment = Experiment(fields: fields) else {
                    throw TrainingError(.run, "\(table.place(row)): not a row of a log of experiments")
                }
                experiments.append(experiment)
            }
        } catch let error as DatasetError {
            throw TrainingError(.run, error.reason)
        }
    }

    /// Adds a run, or says anew what was said of it.
    public mutating func add(_ experiment: Experiment) {
        if let place = experiments.firstIndex(where: { $0.run == experiment.run }) {
            experiments[place] = experiment
        } else {
            experiments.append(experiment)
        }
    }

    /// How often test folds were scored.
    public var testLooks: Int { experiments.count(where: \.looksAtTestFolds) }

    /// - Throws: `TrainingError`.
    public func write() throws {
        let rows = [Self.columns] + experiments.map(\.fields)
        let text = rows.map { $0.map(CSVField.quoted).joined(separator: ",") + "\n" }.joined()
        do {
            try text.write(to: file, atomically: true, encoding: .utf8)
        } catch {
            throw TrainingError(.cannotWrite, "\(file.lastPathComponent) cannot be written")
        }
    }

    /// The log as Markdown's table.
    public var table: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
        func cell(_ text: String) -> String { text.replacingOccurrences(of: "|", with: "\\|") }
        var lines = [
            "| run | hypothesis | change | scored on | images seen | mAP50 (95% interval) | mAP40 | verdict |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for experiment in experiments {
            let interval = experiment.low.flatMap { low in experiment.high.map { " (\(number(low)) to \(number($0)))" } } ?? ""
            let change = experiment.base.isEmpty ? experiment.change : "on \(experiment.base): \(experiment.change)"
            let split = "\(experiment.split), \(experiment.boxes) boxes" + (experiment.looksAtTestFolds ? " (a look at test folds)" : "")
            let cells = [
                experiment.run, experiment.hypothesis, change, split, "\(experiment.imagesSeen)", number(experiment.map50) + interval,
                number(experiment.map40), experiment.verdict.rawValue,
            ]
            lines.append("| " + cells.map(cell).joined(separator: " | ") + " |")
        }
        lines += ["", "Looks at test folds so far: \(testLooks)."]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Experiment {
    /// In the order of `ExperimentLog.columns`.
    fileprivate var fields: [String] {
        func number(_ value: Double?) -> String { value.map { String(format: "%.5f", $0) } ?? "" }
        return [
            date, run, hypothesis, base, change, split, looksAtTestFolds ? "yes" : "no", "\(images)", "\(boxes)", "\(steps)",
            "\(imagesSeen)",
            number(map50), number(low), number(high), number(map40), number(map), verdict.rawValue, commit,
        ]
    }

    /// `nil` where it is not such a row.
    fileprivate init?(fields: [String]) {
        guard fields.count == ExperimentLog.columns.count, let images = Int(fields[7]), let boxes = Int(fields[8]),
            let steps = Int(fields[9]), let seen = Int(fields[10]), let map50 = Double(fields[11]),
            let verdict = Verdict(rawValue: fields[16]), ["yes", "no"].contains(fields[6])
        else { return nil }
        (date, run, hypothesis, base, change, split) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
        looksAtTestFolds = fields[6] == "yes"
        (self.images, self.boxes, self.steps, imagesSeen, self.map50) = (images, boxes, steps, seen, map50)
        (low, high, map40, map) = (Double(fields[12]), Double(fields[13]), Double(fields[14]), Double(fields[15]))
        self.verdict = verdict
        commit = fields[17]
    }
}
