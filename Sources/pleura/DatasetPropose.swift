import ArgumentParser
import Datasets
import Findings
import Foundation
import Inference
import Models

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
    @Option(help: ArgumentHelp("Images of this fold's patients stay as they are.", valueName: "k"))
    var leaveOutFold: Int?
    @Option(help: ArgumentHelp("What the surest proposals count in a training, where a drawn box counts 1.", valueName: "x"))
    var weight = 0.7
    @Option(help: ArgumentHelp("Of each finding the least sure proposals are not taken: this share.", valueName: "x"))
    var refusedShare = 0.25
    @OptionGroup var engine: EngineOptions
    @Flag(help: "Copy the images; else the dataset holds links to them.")
    var copyImages = false
    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if !(0...1).contains(weight) || weight == 0 { throw ValidationError("--weight must be above 0 and at most 1.") }
        if !(0..<1).contains(refusedShare) { throw ValidationError("--refused-share must be from 0 to below 1.") }
    }

    func run() async throws {
        let detector = try engine.detector(model, images: .max)
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
            StandardError.line(
                "pleura: \(out): \(counts.reduce(0, +)) boxes proposed on \(images.count) images: \(words.joined(separator: ", "))")
        }
        if failed > 0 { throw Failure(.someInputsFailed, "") }
    }

    private func detections(
        on images: [DatasetImage], of source: Dataset, by detector: Detector
    ) async throws -> (found: [Int: [Detection]], failed: Int) {
        let columns = Dictionary(source.findingClasses.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
        var found: [Int: [Detection]] = [:]
        var failed = 0
        var progress = Progress(total: images.count, isQuiet: quiet)
        let pipeline = DetectionPipeline(
            detector: detector, decoders: DetectRun.decoders, threshold: Detector.scoreFloor, keepsPixels: false)
        try await pipeline.run(
            images.map { source.url(of: $0).path }, finish: { $0.findings },
            deliver: { index, findings in
                if let reason = findings.error {
                    progress.failure(findings.reference.path, reason)
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
