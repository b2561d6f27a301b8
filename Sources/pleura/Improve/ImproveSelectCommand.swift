import ArgumentParser
import Assessment
import Basics
import Console
import Datasets
import Foundation
import Improvement
import Outputs
import ReadingLists

private let countRange = OptionRange<Int>.whole(1...100_000)
private let seedRange = OptionRange.seed

extension ReadingList.Strategy: ExpressibleByArgument {}

struct ImproveSelectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "select", abstract: "Choose images of a pool to be boxed next; the replay of the reading list uses it.",
        discussion: "--boxed names a file with the file names that are boxed already, one a line; the chosen ones are printed so.")

    @Option(help: ArgumentHelp("The pool, and what is boxed of it, as one dataset directory.", valueName: "dir")) var dataset: String
    @Option(help: ArgumentHelp("What the model says is asked, and what the boxed images show.", valueName: "name|dir")) var model: String
    @Option(help: ArgumentHelp("File names of the images that are boxed.", valueName: "file")) var boxed: String?
    @Option(help: "mixed, or random.") var strategy = ReadingList.Strategy.mixed
    @Option(help: countRange.help("How many", "n", usual: 20), transform: countRange.parse) var count = 20
    @Option(help: seedRange.help("Seed", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim(inputs: [boxed].compactMap { $0 } + ["\(dataset)/annotations.json"])
        let pool = try Failure.about(dataset) { try Dataset.read(directory: URL(fileURLWithPath: dataset, isDirectory: true)) }
        var names: Set<String> = []
        if let boxed {
            guard let text = try? String(contentsOf: URL(fileURLWithPath: boxed), encoding: .utf8) else {
                throw Failure(.somethingMissing, "\(boxed): it cannot be read as text")
            }
            names = Set(text.split(whereSeparator: \.isNewline).map(String.init))
            let strange = names.subtracting(pool.images.map(\.fileName)).sorted()
            if let first = strange.first { throw Failure(.someInputsFailed, "\(boxed): \(first) is no image of \(dataset)") }
        }
        let selection = PoolSelection(from: pool, boxed: names, list: ReadingList(strategy: strategy, count: count, seed: seed))
        let picks: [ReadingList.Pick]
        do {
            picks = try await selection.picks(by: model, engine.runner(reports))
        } catch {
            throw Failure(about: model, error)
        }
        if reports.printsText { for pick in picks { StandardOutput.write("\(pick.id)\n") } }
        try reports.write("improve select", ["picks": picks])
    }
}
