import ArgumentParser
import Basics
import Console
import Datasets
import Foundation
import Improvement
import Installation
import Models
import Outputs

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

private let minuteRange = OptionRange.real(0...100_000, isAbove: true)
private let threadRange = OptionRange<Int>.whole(1...1024)
private let stepRange = OptionRange<Int>.whole(1...300)

struct ImproveTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Make a candidate: the model in use, learning on with the site's reviews and a replay of old boxes.",
        discussion: """
            At most 300 steps of 16 images, half of them old, at a tenth of the first rate; averaged weights. It runs with the lowest priority on \
            --cores, within --minutes, waits while the reading room at --room has work, and goes on where it stopped when the command is \
            given again. Exit code 130 where it stopped before its end.
            """)

    @Option(help: ArgumentHelp("The site's dataset, as improve dataset makes it.", valueName: "dir")) var dataset: String
    @Option(help: ArgumentHelp("The boxes that the model was released with, a dataset directory.", valueName: "dir")) var old: String
    @Option(help: ArgumentHelp("The folder for this run.", valueName: "dir")) var run: String
    @Option(help: ArgumentHelp("The model that learns on; the one in use if not given.", valueName: "name|dir")) var model: String?
    @Option(help: ArgumentHelp("The recipe that it was made by; the preset of the model's name if not given.", valueName: "preset|file"))
    var config: String?
    @Option(help: stepRange.help("Steps", "n", usual: 300), transform: stepRange.parse) var steps = 300
    @Option(help: threadRange.help("Cores", "n", usual: 1), transform: threadRange.parse) var cores = 1
    @Option(help: minuteRange.help("Stop after as many minutes, at a checkpoint", "n"), transform: minuteRange.parse) var minutes: Double?
    @Option(
        help: ArgumentHelp(
            "The address of the reading room on this machine, such as http://127.0.0.1:8080: it goes first.", valueName: "url"))
    var room: String?
    @Option(help: ArgumentHelp("The person who does it, for the change log.", valueName: "name")) var by = "nobody named"
    @OptionGroup var site: SiteModelsOptions
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if let room, URL(string: room)?.host == nil { throw ValidationError("--room is an address such as http://127.0.0.1:8080.") }
    }

    func run() async throws {
        try reports.claim(inputs: [dataset, old].map { "\($0)/annotations.json" })
        guard let program = CompanionProgram(.training).url else {
            throw Failure(.somethingMissing, "training needs the program pleura-train beside this one; build it with: make train")
        }
        let models = site.models
        let bundle =
            try model.map { name in try Failure.about(name) { try ModelStore.standard.bundle(name) } }
            ?? site.about { try $0.current() }
        let datasets = try [old, dataset].map { path in
            try Failure.about(path) { try Dataset.read(directory: URL(fileURLWithPath: path, isDirectory: true)) }
        }
        let folder = URL(fileURLWithPath: run, isDirectory: true)
        var plan = CandidateTraining.Plan(
            folder: folder, model: bundle, old: datasets[0], new: datasets[1], recipe: config ?? bundle.card.name)
        (plan.steps, plan.threads) = (steps, cores)
        plan.until = minutes.map { Date().addingTimeInterval($0 * 60) }
        let interruption = Interruption()
        let (health, quiet) = (room.map { $0 + "/api/v1/health" }, reports.quiet)
        let training = CandidateTraining(
            plan, program: program, isNeeded: { await Self.hasWork(health) },
            isInterrupted: { interruption.signalNumber != nil }, note: { if !quiet { StandardError.line("pleura: \($0)") } })
        let ending: CandidateTraining.Ending
        do {
            ending = try await training.train()
        } catch {
            throw Failure(about: self.run, error)
        }
        switch ending {
        case .stopped(let reason): throw Failure(.interrupted, "\(self.run): \(reason); the same command goes on with it")
        case .done(let made):
            let candidate = try Failure.about(made.path) { try ModelBundle(directory: made) }
            if model == nil {
                try site.about { _ in
                    _ = try models.note(
                        ModelChange.Content(
                            .train, model: candidate.digest, name: "\(candidate.card.name) \(candidate.card.version)", by: by,
                            reason: "\(steps) steps from \(bundle.digest.prefix(12)) with \(datasets[1].images.count) images of the site",
                            data: Digest(of: datasets[1].canonicalBytes).hexadecimal))
                }
            }
            if reports.printsText { StandardOutput.write("\(made.path)\t\(candidate.digest)\n") }
            try reports.write("improve train", ["candidate": made.path, "digest": candidate.digest])
        }
    }

    /// Whether images wait to be read. A room that does not answer does not work.
    private static func hasWork(_ health: String?) async -> Bool {
        struct Health: Decodable { var waiting: Int }
        guard let health, let url = URL(string: health) else { return false }
        var request = URLRequest(url: url)
        request.timeoutInterval = 5
        guard let (data, _) = try? await URLSession.shared.data(for: request) else { return false }
        return ((try? JSONDecoder().decode(Health.self, from: data))?.waiting ?? 0) > 0
    }
}
