import ArgumentParser
import Console
import Foundation
import Outputs
import RunRecords
import TrainingExamples

/// Keeps the log of experiments: rows are read from the folders of runs, never typed.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment", abstract: "Note finished runs in the log of experiments, and write its table.",
        discussion: """
            What was changed is found by comparing the run's settings with those of --base, or of its preset; figures and intervals are \
            those that the run left (its validation, or the pooled folds of --fold all). Runs that did not help stay in the log.
            """)

    @Option(help: "The log, a CSV file; made where it is not there.") var log: String
    @Option(name: .customLong("run"), help: "Folder of a finished run to note.") var runFolder: String?
    @Option(help: "Folder of the run that it is compared with.") var base: String?
    @Option(help: "What the change was thought to do, and why.") var hypothesis: String?
    @Option(help: "baseline, kept, dropped or undecided.") var verdict: Experiment.Verdict?
    @Option(help: "Markdown file whose part between the marks of the log is written anew.") var table: String?
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var log: String
        var table: String?
        /// How many runs the log has, and how often test folds were scored.
        var experiments: Int
        var testLooks: Int

        private enum CodingKeys: String, CodingKey {
            case log, table, experiments
            case testLooks = "test_looks"
        }
    }

    /// Between these the table stands in the Markdown file.
    private static let marks = (begin: "<!-- log: begin -->", end: "<!-- log: end -->")

    func validate() throws {
        if runFolder != nil, hypothesis == nil || verdict == nil { throw ValidationError("--run goes with --hypothesis and --verdict") }
        if runFolder == nil, table == nil { throw ValidationError("give a --run to note, or a --table to write") }
    }

    func run() throws {
        try reports.claim(inputs: [log, table].compactMap { $0 })
        var experiments = try ExperimentLog(file: URL(fileURLWithPath: log))
        if let runFolder, let hypothesis, let verdict {
            experiments.add(
                try Experiment(
                    run: URL(fileURLWithPath: runFolder), base: base.map { URL(fileURLWithPath: $0) }, hypothesis: hypothesis,
                    verdict: verdict))
            try experiments.write()
        }
        if let table { try write(experiments.table, into: URL(fileURLWithPath: table)) }
        let count = experiments.experiments.count
        reports.note("\(log): \(count) experiment\(count == 1 ? "" : "s")")
        try reports.write(
            "experiment", Done(log: log, table: table, experiments: count, testLooks: experiments.testLooks))
    }

    private func write(_ text: String, into file: URL) throws {
        guard let old = try? String(contentsOf: file, encoding: .utf8), let begin = old.range(of: Self.marks.begin),
            let end = old.range(of: Self.marks.end, range: begin.upperBound..<old.endIndex)
        else {
            throw TrainingError(.missing, "\(file.path): there is no such file with \(Self.marks.begin) and \(Self.marks.end)")
        }
        let new = old[..<begin.upperBound] + "\n\n" + text + "\n" + old[end.lowerBound...]
        do {
            try String(new).write(to: file, atomically: true, encoding: .utf8)
        } catch {
            throw TrainingError(.cannotWrite, "\(file.lastPathComponent) cannot be written")
        }
    }
}

extension Experiment.Verdict: ExpressibleByArgument {}
