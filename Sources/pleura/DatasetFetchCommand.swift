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
            if reports.printsText { StandardOutput.write(FetchPlanTable(plan, credit: fetcher.manifest.credit).text) }
            try reports.write("dataset fetch", FetchPlanReport(out: out, plan: plan, credit: fetcher.manifest.credit))
        } else {
            try fetch(fetcher)
        }
    }

    private func fetch(_ fetcher: DatasetFetcher) throws {
        let sizes = fetcher.plan().map { ($0.remaining ?? 0, $0.file.name) }
        var progress = FetchProgress(remaining: Dictionary(uniqueKeysWithValues: sizes.map { ($1, $0) }), isQuiet: reports.quiet)
        let report: FetchReport
        do {
            report = try withoutActuallyEscaping({ (event: FetchEvent) in progress.show(event) }) { try fetcher.run(report: $0) }
        } catch {
            throw Failure(Failure.status(error), "\(out): \(Failure.reason(error))")
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

/// What `--dry-run` prints.
private struct FetchPlanTable {
    let text: String

    init(_ plan: [FetchPlanItem], credit: String) {
        var rows = [["file", "size", "to come", "state", "published sums"]]
        for item in plan {
            let sums = item.file.sums.map(\.algorithm.rawValue).joined(separator: ", ")
            rows.append([
                item.file.name, item.file.byteCount.map(FetchProgress.bytes) ?? "unknown",
                item.remaining.map { $0 == 0 ? "-" : FetchProgress.bytes($0) } ?? "unknown", Self.state(item),
                sums.isEmpty ? "none; size only, recorded at first fetch" : sums,
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }
        let coming = FetchProgress.bytes(plan.reduce(0) { $0 + ($1.remaining ?? 0) })
        text = lines.joined(separator: "\n") + "\n\(coming) to come. \(credit)\n"
    }

    private static func state(_ item: FetchPlanItem) -> String {
        let state =
            switch item.state {
            case .missing: "missing"
            case .partial(let here): "\(FetchProgress.bytes(here)) here"
            case .unverified: "here, to be verified"
            case .verified: "verified"
            case .extracted(let images): "\(images) images taken out"
            }
        return item.isInFolder == false && item.remaining != 0 ? state + ", not in the folder" : state
    }
}

/// How far a fetch is, in bytes over all files: a bar that is drawn over on a terminal, a plain line now and then elsewhere.
struct FetchProgress {
    private let remaining: [String: Int]
    private var total: Int
    private let isQuiet: Bool
    private let isTerminal = StandardError.isTerminal
    private let start = ContinuousClock.now
    /// Bytes of files that are done with, and of the current one; what was here before counts in neither.
    private var (settled, current, first) = (0, 0, 0)
    private var file = ""
    private var lastShown: ContinuousClock.Instant?
    private var isBarShown = false

    /// - Parameter remaining: Bytes to come of each file.
    init(remaining: [String: Int], isQuiet: Bool) {
        self.remaining = remaining
        total = remaining.values.reduce(0, +)
        self.isQuiet = isQuiet
    }

    mutating func show(_ event: FetchEvent) {
        switch event {
        case .receiving(let name, let done, _):
            if name != file { (file, first, current) = (name, done, 0) }
            current = max(0, done - first)
            draw("\(name)")
        case .verifying(let name, let done, let size):
            draw("\(name): verifying, \(size > 0 ? 100 * done / size : 100) %")
        case .extracting(let name):
            settle(name)
            draw("\(name): taking its images out", isForced: true)
        case .retrying(let name, let reason, let seconds):
            say("pleura: \(name): \(reason); again in \(String(format: "%.0f", seconds)) s")
        case .again(let name, let reason):
            say("pleura: \(name): \(reason); fetched once again")
        case .finished(let name, _): settle(name)
        case .failed(let name, let reason):
            // What will not come is not to come any more.
            total -= max(0, (remaining[name] ?? 0) - (name == file ? current : 0))
            settled += name == file ? current : 0
            (file, current) = ("", 0)
            clear()
            StandardError.failure(name, reason)
        }
    }

    /// Takes the bar away.
    mutating func clear() {
        guard isBarShown else { return }
        StandardError.write("\r\u{1B}[K")
        isBarShown = false
    }

    private mutating func settle(_ name: String) {
        guard name == file else { return }
        settled += max(current, remaining[name] ?? 0)
        (file, current) = ("", 0)
    }

    private mutating func say(_ line: String) {
        guard !isQuiet else { return }
        clear()
        StandardError.line(line)
    }

    private mutating func draw(_ what: String, isForced: Bool = false) {
        guard !isQuiet else { return }
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
        guard isForced || now - (lastShown ?? start) >= pause else { return }
        lastShown = now
        let done = settled + current
        guard isTerminal else {
            return StandardError.line("pleura: \(what): \(Self.bytes(done)) of \(Self.bytes(total))\(rate(done, now))")
        }
        let width = 20
        let filled = total > 0 ? min(width, width * (done >> 10) / max(1, total >> 10)) : width
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        StandardError.write("\r[\(bar)] \(Self.bytes(done))/\(Self.bytes(total))\(rate(done, now)), \(what)\u{1B}[K")
        isBarShown = true
    }

    private func rate(_ done: Int, _ now: ContinuousClock.Instant) -> String {
        let seconds = (now - start) / .seconds(1)
        guard seconds > 0, done > 0 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(max(0, total - done)) / rate).rounded(.up))
        let time =
            left >= 3600
            ? String(format: "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60) : String(format: "%d:%02d", left / 60, left % 60)
        return ", \(Self.bytes(Int(rate)))/s, \(time) left"
    }

    /// In binary units: 1 KiB is 1024 bytes.
    static func bytes(_ count: Int) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var (value, unit) = (Double(count) / 1024, 0)
        while value >= 1024, unit < 3 { (value, unit) = (value / 1024, unit + 1) }
        return String(format: "%.1f ", value) + ["KiB", "MiB", "GiB", "TiB"][unit]
    }
}
