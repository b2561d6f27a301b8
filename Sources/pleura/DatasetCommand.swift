import ArgumentParser
import Basics
import Console
import Findings
import Foundation
import Outputs

struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Make, split, check and describe datasets to train and measure with.",
        subcommands: [
            DatasetFetch.self, DatasetImport.self, DatasetExport.self, DatasetSplit.self, DatasetMerge.self, DatasetPropose.self,
            DatasetCheck.self,
            DatasetStats.self, DatasetShow.self,
        ])

    /// Runs the work of a dataset command; every problem gets a line of its own.
    static func reporting(_ name: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as Failure {
            throw error
        } catch {
            for line in (error as? any ExplainedError)?.lines.dropLast() ?? [] { StandardError.line("pleura: \(line)") }
            throw Failure(Failure.status(error), "\(name): \(Failure.reason(error))")
        }
    }
}
