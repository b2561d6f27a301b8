import ArgumentParser
import Basics
import Console
import DICOM
import Datasets
import Detection
import Findings
import Foundation
import Inference
import Models
import Outputs
import Radiographs

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

    private struct Done: Encodable {
        var out: String
        /// Those that the model looked at.
        var images: Int
        var failed: Int
        var boxes: Int
        /// Boxes by the finding's name.
        var findings: [String: Int]
        var precision: String
        var precisionRequested: String

        private enum CodingKeys: String, CodingKey {
            case out, images, failed, boxes, findings, precision
            case precisionRequested = "precision_requested"
        }
    }

    func run() async throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"])
        let detector = try engine.detector(model, images: .max)
        reports.note(engine.precisionText(detector))
        var read: Dataset?
        try DatasetCommand.reporting(dataset) { read = try Dataset.read(directory: URL(fileURLWithPath: dataset)) }
        guard let source = read else { return }
        if let fold = leaveOutFold, !source.folds.values.contains(fold) {
            throw Failure(.wrongUse, "\(dataset): there is no fold \(fold)")
        }
        let images = source.images.filter { image in
            !BoxProposals.unboxed(image, in: source).isEmpty && (leaveOutFold == nil || source.fold(of: image) != leaveOutFold)
        }
        let (detections, failed) = try await detections(on: images, of: source, by: detector)
        try DatasetCommand.reporting(out) {
            let proposals = BoxProposals(weight: weight, refusedShare: refusedShare, reader: "model \(detector.bundle.card.name)")
            let (result, counts) = proposals(source, detections: detections)
            _ = try result.write(copyTo: URL(fileURLWithPath: out), copiesImages: copyImages)
            let words = zip(source.findingClasses, counts).filter { $1 > 0 }.map { "\($1) of \($0.name)" }
            reports.note(
                "\(out): \(counts.reduce(0, +)) boxes proposed on \(images.count) images: \(words.joined(separator: ", "))")
            let byName = Dictionary(zip(source.findingClasses.map(\.name), counts)) { first, _ in first }
            try reports.write(
                "dataset propose",
                Done(
                    out: out, images: images.count, failed: failed, boxes: counts.reduce(0, +), findings: byName,
                    precision: detector.settings.precision.rawValue, precisionRequested: engine.requested()))
        }
        if failed > 0 { throw Failure(.someInputsFailed, "") }
    }

    private func detections(
        on images: [DatasetImage], of source: Dataset, by detector: Detector
    ) async throws -> (found: [Int: [Detection]], failed: Int) {
        let columns = Dictionary(source.findingClasses.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
        var found: [Int: [Detection]] = [:]
        var failed = 0
        var progress = Progress(total: images.count, isQuiet: reports.quiet)
        let pipeline = DetectionPipeline(
            detector: detector, decoders: DecoderRegistry.standard, threshold: Detector.scoreFloor, keepsPixels: false)
        try await pipeline.run(
            images.map { source.url(of: $0).path }, finish: { $0.findings },
            deliver: { index, findings in
                if let failure = findings.error {
                    progress.failure(findings.reference.name, failure.description)
                    failed += 1
                } else {
                    found[images[index].id] = findings.findings.compactMap { finding in
                        columns[finding.findingClass.name.lowercased()].map {
                            Detection(box: finding.boundingBox, classIndex: $0, score: finding.score)
                        }
                    }
                }
                progress.advance()
            })
        progress.clear()
        return (found, failed)
    }
}
