import ArgumentParser
import Basics
import Console
import Foundation
import NoduleExamples
import NoduleSources
import Outputs

private let drawnRange = OptionRange<Int>.whole(0...1_000)
private let seedRange = OptionRange.seed

/// Places in CT scans that are nodules or not, to train a network of nodules with.
struct DatasetNodules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodules",
        abstract: "Make examples of nodules on CT, and of what is none, of LUNA16 patches and drawn scans, for pleura train.",
        discussion: """
            --patches is a folder with patches.csv, folds.csv and patches/ (cubes of 50 mm around one nodule each). Drawn scans have nodules \
            of known place and size, and hundreds of candidates that are none. Documentation/CT.md has the files.
            """)

    @Option(help: ArgumentHelp("Folder of LUNA16 patches.", valueName: "dir")) var patches: String?
    @Option(help: drawnRange.help("Scans to draw", "n", usual: 0), transform: drawnRange.parse) var drawn: Int = 0
    @Option(help: seedRange.help("Seed of the drawn scans", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @Option(help: ArgumentHelp("The folder to write; it must not be there, or be empty.", valueName: "dir")) var out: String
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var out: String
        var scans: Int
        var nodules: Int
        var candidates: Int
    }

    func validate() throws {
        if out.isEmpty || patches?.isEmpty == true { throw ValidationError("A path must not be empty.") }
        if patches == nil, drawn == 0 { throw ValidationError("--patches, --drawn or both are needed.") }
    }

    func run() throws {
        try reports.claim(inputs: [patches].compactMap { $0 }.map { "\($0)/patches.csv" })
        let progress = ProgressBar(isQuiet: reports.quiet, showsBar: StandardError.isTerminal)
        let examples = try Failure.about(out, status: .somethingMissing) {
            let maker = NoduleExampleMaker(
                patches: try patches.map { try NodulePatches(URL(fileURLWithPath: $0)) }, drawn: DrawnNoduleScans(seed: seed),
                drawnCount: drawn)
            progress.begin(maker.count)
            defer { progress.end() }
            return try maker.write(to: URL(fileURLWithPath: out)) { progress.advance() }
        }
        let (nodules, candidates) = examples.scans.reduce((0, 0)) { ($0.0 + $1.nodules.count, $0.1 + $1.candidates.count) }
        reports.note("\(out): \(examples.scans.count) scans, \(nodules) nodules, \(candidates) candidates")
        try reports.write("dataset nodules", Done(out: out, scans: examples.scans.count, nodules: nodules, candidates: candidates))
    }
}
