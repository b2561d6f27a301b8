import ArgumentParser
import Basics
import Console
import DatasetImages
import Datasets
import Findings
import Foundation
import Outputs
import Pages
import Reports

/// What is in a dataset.
struct DatasetStats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count findings, sizes and places of boxes, parts and patients.",
        discussion:
            "Prints tables unless --json - takes standard output; --html writes them with plots as one page that needs nothing else.")

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"))
    var html: String?
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if html?.isEmpty == true { throw ValidationError("A file's name must not be empty.") }
        if html == "-" { throw ValidationError("--html needs a file.") }
    }

    func run() throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"], beside: [("--html", html)])
        try Failure.about(dataset) {
            let url = URL(fileURLWithPath: dataset)
            let set = try Dataset.read(directory: url)
            let statistics = DatasetStatistics(set, inspector: RadiographInspector())
            if reports.printsText {
                let sources = SourcesTable.text(set)
                StandardOutput.write(StatisticsTable.text(statistics) + (sources.isEmpty ? "" : "\n" + sources))
            }
            if let html {
                let page = StatisticsPage.html(statistics, name: url.standardizedFileURL.lastPathComponent)
                try OutputFile.write(Data(page.utf8), to: URL(fileURLWithPath: html))
            }
            if let json = reports.json { try OutputFile.write(StatisticsJSON.document(statistics), toFileOrStandardOutput: json) }
            if statistics.unreadable > 0 {
                throw Failure(
                    .someInputsFailed, "\(dataset): \(statistics.unreadable) images cannot be read: pleura dataset check says which")
            }
        }
    }
}
