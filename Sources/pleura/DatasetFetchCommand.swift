import ArgumentParser
import Basics
import Console
import Datasets
import Fetching
import Foundation
import Outputs

struct DatasetFetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Fetch a published dataset: NIH ChestX-ray14 whole, or only its images with boxes.",
        discussion: """
            Interrupted at any time, the same command goes on where it stopped; what is verified is not fetched again. Every file is
            compared with the sums published for it. The folder is one that "pleura dataset import" reads.
            """)

    enum Name: String, CaseIterable, ExpressibleByArgument {
        case nih
        case nihBoxes = "nih-boxes"

        var manifest: FetchManifest {
            switch self {
            case .nih: .nih
            case .nihBoxes: .nihBoxes
            }
        }
    }

    @Argument(help: "nih: all 112,120 images; nih-boxes: those with radiologists' boxes (all archives are read through for them).")
    var dataset: Name
    @Option(help: ArgumentHelp("The folder to fetch into.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("A mirror's address, or a folder that has the files; else NIH's own.", valueName: "url|dir"))
    var from: String?
    @Flag(help: "List what would be fetched and what is there; ask no server, write nothing.")
    var dryRun = false
    @Flag(help: "Keep the archives when their images are out.")
    var keepArchives = false
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        let source: FetchSource
        do {
            source = try from.map { try FetchSource($0) } ?? .publisher
        } catch let error as DatasetError {
            throw Failure(.wrongUse, "--from: \(error.reason)")
        }
        let fetcher = DatasetFetcher(
            dataset.manifest, from: source, to: URL(fileURLWithPath: out, isDirectory: true), keepsArchives: keepArchives)
        if dryRun {
            let plan = fetcher.plan()
            if reports.printsText { StandardOutput.write(FetchPlanTable.text(plan, credit: fetcher.manifest.credit)) }
            try reports.write("dataset fetch", FetchPlanReport(out: out, plan: plan, credit: fetcher.manifest.credit))
        } else {
            try fetch(fetcher)
        }
    }

    private func fetch(_ fetcher: DatasetFetcher) throws {
        let sizes = fetcher.plan().map { ($0.file.name, $0.remaining ?? 0) }
        var progress = FetchProgress(remaining: Dictionary(uniqueKeysWithValues: sizes), isQuiet: reports.quiet)
        let report = try Failure.about(out) {
            try withoutActuallyEscaping({ (event: FetchEvent) in progress.show(event) }) { try fetcher.run(report: $0) }
        }
        progress.clear()
        if !reports.quiet {
            StandardError.line(
                "pleura: \(out): \(report.fetched.count) fetched, \(report.alreadyThere.count) there already, "
                    + "\(report.failures.count) failed; \(report.imageCount) images taken out")
            StandardError.line("pleura: \(fetcher.manifest.page): \(fetcher.manifest.credit)")
        }
        try reports.write("dataset fetch", FetchDoneReport(out: out, report: report, credit: fetcher.manifest.credit))
        if !report.failures.isEmpty { throw Failure(.someInputsFailed, "") }
    }
}
