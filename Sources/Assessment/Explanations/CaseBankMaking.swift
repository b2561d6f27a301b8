import Basics
import Datasets
import Detection
import Explanations
import Findings
import Foundation
import Models
import Radiographs

/// Makes a model's bank of similar cases from the boxes of a dataset, and tests by fold whether its neighbours are of the same finding.
public struct CaseBankMaking: Sendable {
    public var model: String
    public var images: AssessedImages
    public var runner: ModelRunner

    /// The bank's name beside the card.
    public static let fileName = "similar_cases.bank"

    public init(of model: String, on images: AssessedImages, by runner: ModelRunner) {
        (self.model, self.images, self.runner) = (model, images, runner)
    }

    /// What was made.
    public struct Outcome: Codable, Sendable {
        public var cases: ModelCard.SimilarCases
        /// The bundle's digest with the bank.
        public var digest: String
        /// Images that could not be used.
        public var failed: Int

        /// A table for a terminal.
        public var text: String {
            let rows = cases.verdicts.map { verdict in
                "\(verdict.finding.padding(toLength: 16, withPad: " ", startingAt: 0)) \(verdict.cases) boxes, purity "
                    + String(format: "%.3f", verdict.purity) + ", by chance " + String(format: "%.3f", verdict.prior)
                    + (verdict.isShown ? ": shown" : ": hidden")
            }
            return rows.joined(separator: "\n") + "\n\(cases.split)\n"
        }
    }

    /// Writes the bank beside the card, and the verdicts into it.
    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func run() throws -> Outcome {
        let detector = try runner.detector(model, images: 1)
        let bundle = detector.bundle
        let features = try AssessmentError.about(model) { try BoxFeatures(bundle) }
        let names = images.dataset.findingClasses.names
        let boxed = images.images.filter { !$0.boxes.isEmpty }
        var (examples, digests, failed) = ([Purity.Example](), [String](), 0)
        runner.observer.begin(boxed.count)
        for image in boxed {
            try Task.checkCancellation()
            let path = images.dataset.url(of: image).path
            do {
                let bytes = try runner.decoders.bytes(of: path)
                let prepared = try detector.prepare(runner.decoders.decode(bytes), from: .file(path))
                let vectors = try features.vectors(of: image.boxes.map(\.box), in: prepared)
                for (box, vector) in zip(image.boxes, vectors) {
                    guard let label = names[box.classID], bundle.labelMap.index(ofName: label) != nil else { continue }
                    examples.append(
                        Purity.Example(
                            label: label, patient: image.patient, fold: images.dataset.fold(of: image) ?? 0, features: vector))
                    digests.append(Digest(of: bytes).hexadecimal)
                }
            } catch {
                runner.observer.failed(image.fileName, (error as? any ExplainedError)?.description ?? "it failed")
                failed += 1
            }
            runner.observer.advance()
        }
        runner.observer.end()
        guard examples.count > 64 else {
            throw AssessmentError(
                .unusable, about: images.name, "it has \(examples.count) boxes of the model's findings; a bank needs more than 64")
        }
        let whitening = Whitening(of: examples.map(\.features))
        let bank = CaseBank(
            whitening: whitening,
            cases: zip(examples, digests).map { CaseBank.Case(image: $1, label: $0.label, vector: whitening($0.features)) })
        let folds = Set(examples.map(\.fold)).count
        let split =
            "purity of the \(Purity.neighbours) nearest boxes of other patients: each of \(folds) folds looked up among the others of \(images.folderName); "
            + "the network itself has learnt from what its card says"
        return try AssessmentError.about(model, status: .somethingMissing) {
            let bytes = try bank.bytes()
            var card = bundle.card
            card.similarCases = ModelCard.SimilarCases(
                file: Self.fileName, digest: Digest(of: bytes).hexadecimal, verdicts: Purity.verdicts(examples), split: split)
            // The bank is no file of the bundle's own: it lies beside them, and the card holds its digest.
            try bytes.write(to: bundle.directory.appendingPathComponent(Self.fileName), options: .atomic)
            let written = try bundle.replacing(card: card)
            guard let cases = written.card.similarCases else {
                throw AssessmentError(.unusable, about: model, "its card cannot hold a bank")
            }
            return Outcome(cases: cases, digest: written.digest, failed: failed)
        }
    }
}
