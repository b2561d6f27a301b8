import Archive
import Basics
import Findings
import Foundation
import Logging
import Models
import NoduleDetection
import Radiographs
import Synchronization

/// What a reading room does all day, without a network: files come in and are kept, the model reads them, persons review and sign.
///
/// Everything that is to be done is a row of the archive, so a program that is ended anywhere goes on where it was.
public final class Department: Sendable {
    public let archive: any Archive
    public let feed = EventFeed()
    public let intake: Intake
    public let pictures: Pictures
    public let model: ModelReader
    /// Why a finding was said, when a person asks.
    public let explanations: ReadingExplanations
    /// CT series as volumes.
    public let scans: StudyScans
    /// Nodules on them.
    public let nodules: ScanNodules
    /// For what keeps a core busy or waits for the disk.
    public let work: BlockingWork
    private let readers: JobWorkers
    private let publishers: JobWorkers
    private let outbox: Outbox
    let results: StudyResults
    /// Where results go.
    public let destinations: [any Destination]
    private let box: SettingsBox
    /// What looks through signed studies when the program starts.
    private let catchingUp = Mutex<Task<Void, Never>?>(nil)
    /// What hears other programs on the same archive.
    private let listening = Mutex<[Task<Void, Never>]>([])

    private static let settingsName = "site"

    /// - Parameters:
    ///   - folder: The archive's; small pictures are kept in it.
    ///   - width: How many images are on their way through the model at once.
    ///   - nodules: Looks for nodules on CT series; `nil` for none.
    ///   - delivery: Where results go, and how.
    /// - Throws: `ArchiveError`.
    public init(
        archive: any Archive, folder: URL, model: ModelReader, width: Int, nodules: NoduleDetector? = nil,
        delivery: DeliverySettings = DeliverySettings(), logger: Logger
    ) async throws {
        self.archive = archive
        self.model = model
        let kept = try await archive.setting(Self.settingsName).flatMap { try? JSONDecoder().decode(SiteSettings.self, from: $0) }
        let settings = SettingsBox(kept ?? .standard)
        box = settings
        let cache = folder.appendingPathComponent("thumbnails")
        try? FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        work = BlockingWork(width: max(2, ProcessInfo.processInfo.activeProcessorCount))
        pictures = Pictures(content: archive.content, labelMap: model.bundle.labelMap, cache: cache, work: work)
        scans = StudyScans(archive: archive, work: work)
        self.nodules = ScanNodules(archive: archive, scans: scans, detector: nodules, folder: folder)
        explanations = ReadingExplanations(archive: archive, model: model, folder: folder, work: work, logger: logger)
        destinations = delivery.destinations
        let outbox = Outbox(
            archive: archive, destinations: delivery.destinations, patience: delivery.patience, feed: feed, logger: logger)
        self.outbox = outbox
        let results = StudyResults(
            archive: archive, settings: { settings.value }, link: delivery.link, language: delivery.language)
        self.results = results
        let publishers = Publisher(
            archive: archive, destinations: delivery.destinations, results: results,
            settings: { settings.value }, work: work, logger: logger, published: { outbox.wake($0) }, feed: feed
        ).workers(width: 2)
        self.publishers = publishers
        let readers = ModelReading(
            archive: archive, feed: feed, settings: { settings.value }, reader: model, logger: logger,
            isPublished: !delivery.destinations.isEmpty,
            published: { publishers.wake() }
        ).workers(width: width)
        self.readers = readers
        intake = Intake(archive: archive, feed: feed, settings: { settings.value }, wake: { readers.wake() }, work: work)
    }

    public var settings: SiteSettings { box.value }

    /// The same as JSON, as it was written when they changed.
    public var settingsJSON: Data { box.json }

    /// Where a study stands by some settings.
    package static func standing(_ state: StudyState, _ settings: SiteSettings) -> Standing { Standings(settings: settings)(state) }

    /// Takes other settings: open studies get their due dates by them.
    /// - Throws: `DepartmentError` of code `badSettings`; `ArchiveError`.
    public func change(_ settings: SiteSettings) async throws {
        try settings.validate()
        guard let json = try? JSONEncoder().encode(settings) else { throw DepartmentError(.badSettings, "a number is not finite") }
        try await archive.setSetting(Self.settingsName, json)
        box.value = settings
        let standings = Standings(settings: settings)
        try await archive.updateStandings { standings($0) }
        feed.publish(.settings)
    }

    /// Says how soon a study is wanted.
    /// - Throws: `ArchiveError`.
    public func change(_ study: StudyID, urgency: StudyUrgency) async throws {
        let standings = Standings(settings: settings)
        try await archive.update(study, urgency: urgency, protocolName: nil, standing: { standings($0) })
        feed.publish(.changed(study))
    }

    /// Keeps a person's work on a study as a reading.
    /// - Throws: `ArchiveError` of code `newerReading` where a reading came that the person has not seen; `DepartmentError` where it does not fit.
    public func review(_ request: ReviewRequest, of id: StudyID, by user: String) async throws -> Reading {
        guard let study = try await archive.study(id) else { throw DepartmentError(.notFound, "there is no such study") }
        let (instances, readings) = (try await archive.instances(of: id), try await archive.readings(of: id))
        let models = Dictionary(readings.compactMap { reading in reading.instance.map { ($0, reading) } }) { _, last in last }
        let content = try request.content(
            instances: instances, modelReadings: models, labels: Set(model.bundle.labelMap.classes.map(\.name)))
        let isSigned = readings.contains { $0.reader.isPerson && $0.status != .preliminary }
        let status: ReadingStatus = request.signs ? (isSigned ? .amended : .final) : .preliminary
        var reading = Reading(
            study: study.id, reader: .person(user), status: status, made: Date(), basedOn: request.basedOn, content: content)
        let standings = Standings(settings: settings)
        reading.id = try await archive.add(
            reading, completing: nil, onlyAfterLatest: true, followUp: request.signs ? followUp : nil,
            standing: { standings($0) })
        publishers.wake()
        if request.signs, let siteCases = explanations.siteCases { Task { await siteCases.take(id) } }
        feed.publish(.reviewed(id, reading: reading.id, user: user, status: status))
        return reading
    }

    /// What follows a reading: nothing where nothing is sent.
    private var followUp: String? { destinations.isEmpty ? nil : Publisher.jobKind }

    /// Tries a job again that had been given up.
    public func retry(_ job: Int64) async throws {
        let standings = Standings(settings: settings)
        try await archive.retryJob(job, now: Date(), standing: { standings($0) })
        readers.wake()
        publishers.wake()
    }

    /// A person has dealt with a job that had been given up.
    public func dismiss(_ job: Int64) async throws {
        let standings = Standings(settings: settings)
        try await archive.dismissJob(job, standing: { standings($0) })
    }

    /// Sends again what had been given up.
    public func retry(delivery id: Int64) async throws {
        try await archive.retryDelivery(id, now: Date())
        outbox.wakeAll()
    }

    /// Applies what another system says of orders and patients.
    /// - Throws: `ArchiveError`.
    public func apply(_ changes: [ClinicalChange], from message: MessageKey?) async throws -> AppliedChanges {
        let standings = Standings(settings: settings)
        let applied = try await archive.apply(
            changes, from: message, now: Date(), followUp: followUp, standing: { standings($0) })
        for study in applied.studies { feed.publish(.changed(study)) }
        publishers.wake()
        return applied
    }

    /// A destination says that it keeps what it was sent, or does not.
    public func confirm(_ identifiers: [String], destination: String, proof: String?) async throws {
        try await archive.confirm(identifiers, destination: destination, proof: proof, now: Date())
        if proof == nil { outbox.wake(destination) }
    }

    /// How each destination was last met; those that were not met yet are missing.
    public var reached: [String: DestinationCondition] { outbox.reached }

    /// Begins to hear what other programs on the same archive do, and to do its own share.
    /// - Parameter works: Whether it reads and sends what waits; else it leaves that to the others.
    public func start(works: Bool = true) {
        listen()
        guard works else { return }
        readers.start()
        publishers.start()
        outbox.start()
        if let siteCases = explanations.siteCases {
            catchingUp.withLock { $0 = Task(priority: .background) { await siteCases.catchUp() } }
        }
    }

    private func listen() {
        guard let notices = archive.notices() else { return }
        let hearing = Task { [self] in
            for await notice in notices {
                switch notice {
                case .job(Publisher.jobKind): publishers.wake()
                case .job: readers.wake()
                case .study(let study): feed.publish(.changed(study))
                }
            }
        }
        // Settings change seldom, and nobody is told: it is asked for them.
        let asking = Task { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(5))
                guard let kept = try? await archive.setting(Self.settingsName),
                    let settings = try? JSONDecoder().decode(SiteSettings.self, from: kept), settings != box.value
                else { continue }
                box.value = settings
                feed.publish(.settings)
            }
        }
        listening.withLock { $0 = [hearing, asking] }
    }

    /// Ends what is under way. Nothing is lost.
    public func stop() async {
        feed.end()
        for task in listening.withLock({ $0 }) { task.cancel() }
        catchingUp.withLock { $0?.cancel() }
        await readers.stop()
        await publishers.stop()
        await outbox.stop()
    }
}

/// The settings that hold now.
private final class SettingsBox: Sendable {
    private let state: Mutex<(settings: SiteSettings, json: Data)>

    init(_ settings: SiteSettings) { state = Mutex((settings, Self.encoded(settings))) }

    var value: SiteSettings {
        get { state.withLock { $0.settings } }
        set {
            let json = Self.encoded(newValue)
            state.withLock { $0 = (newValue, json) }
        }
    }

    var json: Data { state.withLock { $0.json } }

    private static func encoded(_ settings: SiteSettings) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Their numbers were checked to be finite.
        return (try? encoder.encode(settings)) ?? Data()
    }
}
