import Archive
import ArgumentParser
import Basics
import ChangeGate
import Console
import DICOM
import Department
import Detection
import Feedback
import Findings
import Foundation
import Inference
import Models
import Outputs
import Pages
import Radiographs
import ReadingLists
import SiteFeedback
import Watching
import Workstation

private let countRange = OptionRange<Int>.whole(1...1_000)
private let imagesRange = OptionRange<Int>.whole(1...1_000_000)
private let usualRange = OptionRange<Int>.whole(50...100_000)
private let seedRange = OptionRange.seed
private let threadsRange = OptionRange.threads

/// The parts of the learning loop that work on the reading room's archive.
struct ImproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "improve",
        abstract: "The learning loop on the reading room's archive: events, datasets, watching, reading lists, shadows.",
        subcommands: [
            ImproveEventsCommand.self, ImproveDatasetCommand.self, ImproveWatchCommand.self, ImproveNextCommand.self,
            ImproveShadowCommand.self,
        ])
}

/// Opens the archive of some options, which must be there.
private func open(_ options: ArchiveOptions) async throws -> (site: (archive: any Archive, folder: SiteFolder), name: String) {
    let settings = try options.configuration()
    guard options.isThere(settings) else {
        throw Failure(.somethingMissing, "\(settings.data.path): there is no archive")
    }
    return ((try await options.archive(settings), SiteFolder(archive: settings.data)), settings.data.path)
}

struct ImproveEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Note what readers did since the last time, and check the whole chain.")

    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim()
        let (site, name) = try await open(archive)
        let events: [FeedbackEvent]
        do {
            events = try await ArchiveFeedback(site.archive, folder: site.folder).catchUp()
        } catch {
            throw Failure(about: name, error)
        }
        let counts = Dictionary(grouping: events, by: \.content.kind).mapValues(\.count)
        if reports.printsText {
            StandardOutput.write("\(events.count) events, the chain is whole\n")
            for kind in FeedbackEvent.Kind.allCases { StandardOutput.write("  \(kind.rawValue)\t\(counts[kind] ?? 0)\n") }
        }
        struct Report: Encodable {
            var events: Int
            var kinds: [String: Int]
            var lastHash: String?

            private enum CodingKeys: String, CodingKey {
                case events, kinds
                case lastHash = "last_hash"
            }
        }
        try reports.write(
            "improve events",
            Report(
                events: events.count, kinds: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }),
                lastHash: events.last?.hash))
    }
}

struct ImproveDatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Make a dataset of the signed reviews: unknown is not negative, rejected is.",
        discussion: """
            Images that a reader called complete are complete for all findings; of others only the marked places are known. A rejected box is a \
            place without that finding. Boxes of two readers are both kept. Patients become pseudonyms; those of --locked sets never enter.
            """)

    @Option(help: ArgumentHelp("The dataset directory to make.", valueName: "dir")) var out: String
    @Option(
        help: ArgumentHelp(
            "A model's name or its directory, for the findings and their ids; nih8-fast if not given.", valueName: "name|dir"))
    var model: String?
    @Option(help: ArgumentHelp("A locked set, whose patients stay out (may be given more than once).", valueName: "dir"))
    var locked: [String] = []
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim()
        let (site, name) = try await open(archive)
        let wanted = try model ?? archive.configuration().model
        let bundle = try Failure.about(wanted) { try ModelStore.standard.bundle(wanted) }
        let sets = try locked.map { path in
            try Failure.about(path) { try ReferenceSet.read(in: URL(fileURLWithPath: path, isDirectory: true)) }
        }
        let account: GrownDataset.Account
        do {
            account = try await SiteDataset(site.archive, folder: site.folder).write(
                to: URL(fileURLWithPath: out, isDirectory: true), findingClasses: bundle.labelMap.classes, locked: sets)
        } catch {
            throw Failure(about: name, error)
        }
        for text in account.readers.compactMap(\.text) { StandardError.line("pleura: \(text)") }
        let left = account.leftOut.sorted { $0.key < $1.key }.map { ", \($0.value) images left out: \($0.key)" }.joined()
        reports.note(
            "\(account.images) images of \(account.patients) patients, \(account.completeImages) of them complete; \(account.boxes) boxes, "
                + "\(account.absentPlaces) places without a finding\(left), into \(out)")
        try reports.write("improve dataset", account)
    }
}

struct ImproveWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Look by device and week whether images, and what is said of them, are as they were.",
        discussion: """
            Of an archive, or with --tables of tables (CSV) that somebody else made: time, device, numbers, and columns "tag NAME" for what the \
            header says. Each week is held against weeks of its own size; two in a row must be unusual at 1 percent. Exit code 1 where \
            something is not as usual.
            """)

    @Option(help: ArgumentHelp("A table or a folder of tables in place of the archive.", valueName: "path")) var tables: String?
    @Option(help: ArgumentHelp("Write the page into this file.", valueName: "file")) var page: String?
    @Option(
        help: usualRange.help("The first so many images of a device are what is usual there", "n", usual: 200), transform: usualRange.parse)
    var usual = 200
    @Option(help: seedRange.help("Seed of the draws", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim(inputs: [tables].compactMap { $0 }, beside: [("--page", page)])
        var settings = WatchSettings()
        (settings.usualImages, settings.seed) = (usual, seed)
        let images: [WatchedImage]
        if let tables {
            images = try Failure.about(tables) { try Self.read(tables) }
        } else {
            let (site, name) = try await open(archive)
            do {
                images = try await ArchiveWatch(site.archive, folder: site.folder, decoders: .standard).images()
            } catch {
                throw Failure(about: name, error)
            }
        }
        let report = Watch(settings: settings).report(images)
        if tables == nil {
            let (site, name) = try await open(archive)
            try Failure.about(name) { try WatchRecord(folder: site.folder.url).keep(report) }
        }
        try Failure.writing {
            if let page { try OutputFile.write(Data(WatchPage.html(report).utf8), to: URL(fileURLWithPath: page)) }
            if reports.printsText { StandardOutput.write(WatchText.text(report)) }
            try reports.write("improve watch", report)
        }
        if !report.alarms.isEmpty { throw Failure(.someInputsFailed, "") }
    }

    private static func read(_ path: String) throws -> [WatchedImage] {
        let url = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw WatchError(.missing, "it is not there") }
        guard isFolder.boolValue else { return try WatchTable.read(url) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.lowercased().hasSuffix(".csv") }.sorted()
        guard !names.isEmpty else { throw WatchError(.missing, "there is no table (.csv) in it") }
        return try names.flatMap { try WatchTable.read(url.appendingPathComponent($0)) }
    }
}

struct ImproveNextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "List the studies that a person should read next, so that the boxes teach most.",
        discussion: "Without the record of a replay (--evidence) that shows that the list beats the lot, the list is by lot, and says so.")

    @Option(help: countRange.help("How many studies", "n", usual: 20), transform: countRange.parse) var count = 20
    @Option(help: seedRange.help("Seed", "n", usual: 1), transform: seedRange.parse) var seed: UInt64 = 1
    @Option(help: ArgumentHelp("What a replay showed (Benchmarks/replay).", valueName: "file")) var evidence: String?
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim(inputs: [evidence].compactMap { $0 })
        let (site, name) = try await open(archive)
        let replay = try evidence.map { path in
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
                throw Failure(.somethingMissing, "\(path): it cannot be read")
            }
            guard let replay = try? JSONDecoder().decode(ReplayEvidence.self, from: bytes) else {
                throw Failure(.someInputsFailed, "\(path): it is no record of a replay")
            }
            return replay
        }
        let outcome: ArchiveList.Outcome
        do {
            outcome = try await ArchiveList(site.archive, folder: site.folder, decoders: .standard, evidence: replay)
                .next(count: count, seed: seed)
        } catch {
            throw Failure(about: name, error)
        }
        if reports.printsText {
            StandardOutput.write("\(outcome.why)\n\(outcome.imagesRead) images read, \(outcome.boxes) boxes so far\n")
            if let gain = outcome.gainOfFiftyBoxes {
                StandardOutput.write("by the replay, 50 more boxes should bring \(String(format: "%+.3f", gain)) mAP50\n")
            }
            for pick in outcome.picks { StandardOutput.write("\(pick.study)\t\(pick.reason.rawValue)\n") }
        }
        try reports.write("improve next", outcome)
    }
}

struct ImproveShadowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow", abstract: "Let a candidate read the newest images along, and list where it differs from the model in use.",
        discussion: "What it says is kept beside the archive and shown to nobody as a reading. It goes on where it stopped.")

    @Argument(help: ArgumentHelp("The candidate's directory.", valueName: "dir")) var candidate: String
    @Option(help: imagesRange.help("At most so many images in this run", "n", usual: 200), transform: imagesRange.parse) var most = 200
    @Option(help: threadsRange.help("Threads of the engine", "n", usual: 1), transform: threadsRange.parse) var threads = 1
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        try reports.claim()
        let (site, name) = try await open(archive)
        let bundle = try Failure.about(candidate) { try ModelBundle(directory: URL(fileURLWithPath: candidate, isDirectory: true)) }
        let detector = try Failure.about(candidate) { try DetectorLoader(threads: threads).detector(bundle, mode: .latency) }
        let service = DetectionService(soon: detector, decoders: .standard)
        let kept = try await site.archive.setting("site").flatMap { try? JSONDecoder().decode(SiteSettings.self, from: $0) }
        let shadow = ShadowReading(
            site.archive, folder: site.folder, candidate: ModelReader(service: service), settings: kept ?? .standard)
        let archive = site.archive
        let read: Int
        do {
            read = try await shadow.catchUp(most: most) { try await archive.jobCount(state: .waiting) > 0 }
        } catch {
            throw Failure(about: name, error)
        }
        await service.stop()
        let differences = shadow.differences()
        if reports.printsText {
            StandardOutput.write(
                "\(read) images read now, \(differences.count) in all, \(differences.count { $0.count > 0 }) with differences\n")
            for difference in differences.prefix(20) where difference.count > 0 {
                StandardOutput.write(
                    "\(difference.study)\tonly the model in use: \(difference.onlyCurrent.joined(separator: ", "))\tonly the candidate: "
                        + "\(difference.onlyCandidate.joined(separator: ", "))\n")
            }
        }
        try reports.write("improve shadow", ["differences": differences])
    }
}
