import ArgumentParser
import Assessment
import Basics
import ChangeGate
import Console
import Datasets
import EvaluationReports
import Foundation
import Improvement
import Models
import Outputs

private let (shareRange, seedRange) = (OptionRange.share, OptionRange.seed)
private let drawsRange = OptionRange<Int>.whole(100...100_000)
private let imagesRange = OptionRange<Int>.whole(0...10_000)

struct ImproveReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Lock a dataset, to hold models against it.",
        discussion: """
            reference.json in its folder pins boxes and images by digests and parts the patients: some are for operating points, on the others \
            models are judged. Its patients never enter a training. It may be looked at ten times.
            """)

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir")) var dataset: String
    @Option(help: ArgumentHelp("What the set is called; the folder's name if not given.", valueName: "name")) var name: String?
    @Option(
        help: shareRange.help("Share of the patients for operating points", "x", usual: 0.3), transform: shareRange.parse)
    var fittingShare = 0.3
    @Option(help: seedRange.help("Seed of the parting", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        try Failure.about(dataset) {
            let folder = URL(fileURLWithPath: dataset, isDirectory: true)
            let file = folder.appendingPathComponent(ReferenceSet.fileName)
            guard !FileManager.default.fileExists(atPath: file.path) else {
                throw Failure(.wrongUse, "\(dataset): it is locked already")
            }
            let set = try ReferenceSet(
                locking: Dataset.read(directory: folder), name: name ?? folder.standardizedFileURL.lastPathComponent,
                fittingShare: fittingShare, seed: seed)
            try AtomicFile.write(set.json, to: file)
            let text =
                "\(set.images.count) images of \(set.patientCount) patients, \(set.fitting.count) for operating points; \(try set.digest)"
            if reports.printsText { StandardOutput.write(text + "\n") }
            try reports.write("improve reference", set)
        }
    }
}

struct ImproveGateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate", abstract: "Hold a candidate against the model in use on a locked set, and say whether it may take its place.",
        discussion: """
            The candidate's operating points are fitted anew first, on the set's part for them; --out gets the candidate with them. Each look at a \
            set is counted. The verdict is in the change log. Exit code 0 where the candidate may take the place, 1 where not.
            """,
        aliases: ["compare"])

    @Argument(help: ArgumentHelp("The candidate's directory.", valueName: "dir")) var candidate: String
    @Option(help: ArgumentHelp("The locked dataset.", valueName: "dir")) var reference: String
    @Option(
        help: ArgumentHelp(
            "The model that it is held against; the one in use if not given. With it nothing goes into the change log.",
            valueName: "name|dir"))
    var against: String?
    @Option(help: drawsRange.help("Draws of patients", "n", usual: 2000), transform: drawsRange.parse) var draws = 2000
    @Option(help: seedRange.help("Seed of the draws", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @Option(help: imagesRange.help("Images on which the time is measured; 0 for none", "n", usual: 24), transform: imagesRange.parse)
    var timed = 24
    @Option(help: ArgumentHelp("The language of the text, en or de.", valueName: "code")) var language = "en"
    @Option(help: ArgumentHelp("The person who does it, for the change log.", valueName: "name")) var by = "nobody named"
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        guard GateWords.all.map(\.language).contains(language) else { throw ValidationError("--language is en or de.") }
    }

    func run() async throws {
        try reports.claim(inputs: ["\(reference)/annotations.json"])
        let models = site.models
        let current =
            try against.map { name in try Failure.about(name) { try ModelStore.standard.bundle(name) } }
            ?? site.about { try $0.current() }
        // A copy: the one that came in stays as it is.
        let bundle = try Failure.about(candidate) { try ModelBundle(directory: URL(fileURLWithPath: candidate, isDirectory: true)) }
        var settings = GateSettings()
        (settings.draws, settings.seed) = (draws, seed)
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-gate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let copy = try Failure.about(candidate) {
            try FileManager.default.copyItem(at: bundle.directory.resolvingSymlinksInPath(), to: place)
            return try ModelBundle(directory: place)
        }
        var run = GateRun(
            current: current, candidate: copy, reference: URL(fileURLWithPath: reference, isDirectory: true),
            runner: engine.runner(reports),
            settings: settings)
        run.timedImages = timed
        let outcome: GateRun.Outcome
        do {
            outcome = try await run.run()
        } catch {
            throw Failure(about: reference, error)
        }
        if against == nil {
            try site.about { models in
                try models.keep(outcome.candidate)
                _ = try models.note(
                    ModelChange.Content(
                        .gate, model: outcome.candidate.digest, name: "\(outcome.candidate.card.name) \(outcome.candidate.card.version)",
                        by: by, reason: GateWords.of("en").verdict(outcome.report), data: outcome.report.referenceDigest,
                        verdict: outcome.report.verdict.rawValue, report: Digest(of: outcome.report.json).hexadecimal))
                try AtomicFile.write(
                    outcome.report.json, to: models.folder.appendingPathComponent("gates/\(outcome.candidate.digest.prefix(16)).json"))
            }
            reports.note("the candidate is kept with its operating points as \(outcome.candidate.digest) in \(models.folder.path)")
        }
        if reports.printsText { StandardOutput.write(GateWords.of(language).text(outcome.report)) }
        try reports.write("improve gate", outcome.report)
        if !outcome.report.verdict.passes { throw Failure(.someInputsFailed, "") }
    }
}
