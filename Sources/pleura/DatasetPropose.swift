import ArgumentParser
import Assessment
import Basics
import Console
import Datasets
import Detection
import Foundation
import Models

private let foldRange = OptionRange.fold
private let weightRange = OptionRange.real(0...1, isAbove: true)
private let refusedRange = OptionRange.real(0...1, isBelow: true)

/// Boxes where only whole-image labels are, drawn by a model.
struct DatasetPropose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose", abstract: "Let a model propose boxes for findings that images are labelled with but have no box of.",
        discussion: """
            For a training that learns from more boxes than were drawn: a proposed box counts for less than a drawn one (its agreement), and \
            has the model's name as its reader. Never measure on proposed boxes: --leave-out-fold keeps a fold as it is, and the model must \
            not have learnt from that fold either.
            """)

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("The model that proposes.", valueName: "name|dir"))
    var model: String
    @Option(help: ArgumentHelp("The dataset directory to write.", valueName: "dir"))
    var out: String
    @Option(help: foldRange.help("Images of this fold's patients stay as they are", "k"), transform: foldRange.parse)
    var leaveOutFold: Int?
    @Option(
        help: weightRange.help("What the surest proposals count in a training, where a drawn box counts 1", "x", usual: 0.7),
        transform: weightRange.parse)
    var weight = 0.7
    @Option(
        help: refusedRange.help("Of each finding the least sure proposals are not taken: this share", "x", usual: 0.25),
        transform: refusedRange.parse)
    var refusedShare = 0.25
    @OptionGroup var engine: EngineOptions
    @Flag(help: "Copy the images; else the dataset holds links to them.")
    var copyImages = false
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"])
        let runner = engine.runner(reports)
        let detector = try runner.detector(model, images: .max)
        reports.note(runner.precisionText(of: detector))
        let source = try Failure.about(dataset) { try Dataset.read(directory: URL(fileURLWithPath: dataset)) }
        let proposals = BoxProposals(weight: weight, refusedShare: refusedShare, reader: "model \(detector.bundle.card.name)")
        let outcome = try await BoxProposing(proposals, leftOutFold: leaveOutFold).run(on: source, called: dataset, by: detector, runner)
        try Failure.about(out) {
            _ = try outcome.dataset.write(copyTo: URL(fileURLWithPath: out), copiesImages: copyImages)
            reports.note("\(out): \(outcome.text)")
            try reports.write("dataset propose", ProposalReport(out: out, outcome, by: detector, asked: runner.loader.precision))
        }
        if outcome.failed > 0 { throw Failure(.someInputsFailed, "") }
    }
}
