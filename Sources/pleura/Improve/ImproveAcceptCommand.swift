import AnnotationFormats
import ArgumentParser
import Assessment
import Basics
import ChangeGate
import Console
import DatasetImages
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Improvement
import Interchange
import LabelMaps
import Models
import Outputs
import Pages

private let falseBoxRange = OptionRange.falseBoxes
private let drawsRange = OptionRange<Int>.whole(0...1_000_000)

struct ImproveAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Try a model on a site's own cases, and write a sheet to sign.",
        discussion: """
            Asked for are 100 consecutive images, and images with each finding up to 30. --dataset takes a dataset directory, or boxes in any \
            tool's format: \(AnnotationFormats.names). The model runs twice, and must say the same bit by bit. --out gets the sheet, the figures, \
            and counts that may be given away (pleura improve pool).
            """)

    @Option(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir")) var model: String
    @Option(help: ArgumentHelp("The cases: a dataset directory, or a folder or file of any format.", valueName: "path")) var dataset: String
    @Option(
        help: ArgumentHelp("A folder with the images, where they are not beside the boxes (may be given more than once).", valueName: "dir")
    )
    var images: [String] = []
    @Option(help: ArgumentHelp("A folder of images without findings (may be given more than once).", valueName: "dir"))
    var normal: [String] = []
    @Option(help: ArgumentHelp("The boxes' format, where it is not recognised.", valueName: "name")) var format: String?
    @Option(help: ArgumentHelp("The findings and their ids, where the source does not say.", valueName: "file")) var labelMap: String?
    @Option(help: ArgumentHelp("The folder for the sheet and the figures.", valueName: "dir")) var out: String
    @Option(
        name: .customLong("false-positives-per-100"),
        help: falseBoxRange.help("False boxes of a finding on 100 images that the site is ready to look at", "n", usual: 20),
        transform: falseBoxRange.parse)
    var falsePositivesPer100 = 20.0
    @Option(help: drawsRange.help("Draws of patients for the intervals", "n", usual: 1000), transform: drawsRange.parse) var draws = 1000
    @Option(help: ArgumentHelp("The person who does it: the test goes into the change log of --site.", valueName: "name")) var by: String?
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if let format, AnnotationFormats.named(format) == nil { throw ValidationError("--format is one of \(AnnotationFormats.names).") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: out, isDirectory: true)
        let names = ["acceptance.html", "acceptance.json", "counts.json"]
        try reports.claim(
            inputs: [dataset, labelMap].compactMap { $0 }, beside: names.map { ("--out", folder.appendingPathComponent($0).path) })
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-accept-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let cases = try Failure.about(dataset) { try read(place) }
        let bundle = try Failure.about(model) { try ModelStore.standard.bundle(model) }
        var settings = EvaluationSettings()
        settings.draws = draws
        let runner = engine.runner(reports)
        let report: AcceptanceReport
        let counts: Evidence
        do {
            report = try await AcceptanceRun(
                of: bundle, on: cases, by: runner, falseBoxesPer100Images: falsePositivesPer100, settings: settings
            ).run()
            let assessed = try AssessedImages(of: cases, called: dataset)
            let scored = try await DetectionSource.model(bundle.directory.path + "/").detections(on: assessed, by: runner)
            counts = Evidence(scored.input(assessed), model: bundle.digest)
        } catch {
            throw Failure(about: dataset, error)
        }
        try Failure.writing {
            try OutputFile.write(Data(AcceptancePage.html(report).utf8), to: folder.appendingPathComponent(names[0]))
            try OutputFile.write(report.json, to: folder.appendingPathComponent(names[1]))
            try OutputFile.write(counts.json, to: folder.appendingPathComponent(names[2]))
        }
        if let by {
            try site.about { models in
                _ = try models.note(
                    ModelChange.Content(
                        .accept, model: bundle.digest, name: "\(bundle.card.name) \(bundle.card.version)", by: by,
                        reason: "tried on \(report.images) images of \(report.dataset); the sheet says whether it was signed",
                        data: Digest(of: cases.canonicalBytes).hexadecimal, report: Digest(of: report.json).hexadecimal))
            }
        }
        if reports.printsText {
            for figure in report.figures {
                let card = figure.card.map { "\($0)" } ?? "-"
                StandardOutput.write(
                    "\(figure.name)\there \(figure.here)\tcard \(card)\(figure.isBelowTheCard ? "\tbelow the card" : "")\n")
            }
            for line in report.shortfalls { StandardOutput.write("lacking: \(line)\n") }
            StandardOutput.write("\(report.isRepeatable ? "a second run said the same" : "a second run said something else")\n")
            StandardOutput.write(folder.appendingPathComponent(names[0]).path + "\n")
        }
        try reports.write("improve accept", report)
        if report.failed > 0 || !report.isRepeatable { throw Failure(.someInputsFailed, "") }
    }

    /// A dataset directory as it is, or anything else imported.
    private func read(_ place: URL) throws -> Dataset {
        let url = URL(fileURLWithPath: dataset)
        let isDirectory = FileManager.default.fileExists(atPath: url.appendingPathComponent("label_map.pbtxt").path)
        if format == nil, isDirectory, let own = try? Dataset.read(directory: url) { return own }
        let source = try AnnotationSource(
            url, imageFolders: images.map { URL(fileURLWithPath: $0) }, labelMap: labelMap.map { URL(fileURLWithPath: $0) })
        let format = try format.flatMap(AnnotationFormats.named) ?? AnnotationFormats.recognised(source)
        var importer = DatasetImporter(inspector: RadiographInspector())
        importer.skipsInvalid = true
        if let labelMap { importer.labelMap = try LabelMap(contentsOf: URL(fileURLWithPath: labelMap)) }
        let outcome = try importer.importDataset(
            source, format: format, normals: normal.map { try AnnotationSource(URL(fileURLWithPath: $0)) }, labelled: [],
            to: place.appendingPathComponent(url.deletingPathExtension().lastPathComponent))
        for problem in outcome.problems { StandardError.line("pleura: left out: \(problem)") }
        return outcome.dataset
    }
}

struct ImprovePoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "Add up what several sites counted, without a picture leaving any of them.",
        discussion: "Takes the counts.json of pleura improve accept. Counts under five are withheld there, and are unknown in the sum.")

    @Argument(help: ArgumentHelp("Files of counts.", valueName: "file")) var files: [String]
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim(inputs: files)
        var (read, failed) = ([Evidence](), false)
        for file in files {
            do {
                read.append(try Evidence(contentsOf: URL(fileURLWithPath: file)))
            } catch {
                StandardError.line("pleura: \(file): \(error.description)")
                failed = true
            }
        }
        guard !read.isEmpty else { throw Failure(.someInputsFailed, "none of the files can be used") }
        let pooled = try Failure.about(files.joined(separator: ", ")) { try Evidence.pooled(read) }
        if reports.printsText { StandardOutput.write(pooled.text) }
        try reports.write("improve pool", pooled)
        if failed { throw Failure(.someInputsFailed, "") }
    }
}
