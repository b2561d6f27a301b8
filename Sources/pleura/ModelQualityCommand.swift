import ArgumentParser
import Assessment
import Basics
import Console
import DICOM
import Domains
import Models
import Outputs
import Radiographs

private let shareRange = OptionRange.real(0...0.5)

/// Gives a finished model limits of image quality.
struct ModelQualityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality", abstract: "Learn limits of image quality from a dataset and write them into a model's card.",
        discussion: """
            The images should be those that the model learnt from, or of the same kind, and most of them of ordinary quality. Only the card \
            changes, and with it the model's digest. Trainings learn the limits by themselves. Of a model of lungs and heart, the limits of \
            rotation, inspiration and cut-off are learnt. Documentation/Quality.md says what is told.
            """)

    @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
    var model: String
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Dataset directories.", valueName: "dir ..."))
    var dataset: [String]
    @Option(
        help: shareRange.help("The share of these images that each limit may turn away", "x", usual: 0.01), transform: shareRange.parse)
    var share = 0.01
    @Option(
        help: ArgumentHelp(
            "Write this domain into the card, with a gate learnt from the images, so that the model refuses images of another kind.",
            valueName: "name|file"))
    var domain: String?
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        for path in dataset + [model] + (domain.map { [$0] } ?? []) where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
    }

    func run() throws {
        try reports.claim(inputs: dataset.map { "\($0)/annotations.json" })
        let runner = ModelRunner(decoders: DecoderRegistry.standard, observer: ProgressBar(isQuiet: reports.quiet))
        if try runner.bundle(model).card.kind == ModelCard.segmentation {
            guard domain == nil else { throw Failure(.wrongUse, "--domain: a model of masks refuses no image") }
            let report = try AnatomyQualityLearningRun(of: model, from: dataset, share: share, by: runner).run()
            try finish(report, report.text, failed: report.failed)
        } else {
            let report = try QualityLearningRun(
                of: model, from: dataset, share: share, domain: domain.map { try DomainFile.read($0) }, by: runner
            ).run()
            try finish(report, report.text, failed: report.failed)
        }
    }

    private func finish(_ report: some Encodable, _ text: String, failed: Int) throws {
        if reports.printsText { StandardOutput.write(text) }
        try reports.write("model quality", report)
        if failed > 0 { throw Failure(.someInputsFailed, "") }
    }
}
