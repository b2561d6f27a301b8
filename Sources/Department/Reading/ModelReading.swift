import Archive
import Basics
import Detection
import Findings
import Foundation
import Logging

/// Lets the model read what waits, and notes what it said.
///
/// The reading is noted once in any case, since the archive knows one reading of a model and an image only.
struct ModelReading: Sendable {
    static let jobKind = "read"

    private let archive: any Archive
    private let feed: EventFeed
    private let settings: @Sendable () -> SiteSettings
    private let reader: ModelReader
    private let logger: Logger
    /// Told of each reading that something is to be made of.
    private let published: @Sendable () -> Void
    /// Whether anything is made of readings.
    private let isPublished: Bool

    init(
        archive: any Archive, feed: EventFeed, settings: @escaping @Sendable () -> SiteSettings, reader: ModelReader, logger: Logger,
        isPublished: Bool, published: @escaping @Sendable () -> Void
    ) {
        (self.archive, self.feed, self.settings, self.reader) = (archive, feed, settings, reader)
        (self.logger, self.isPublished, self.published) = (logger, isPublished, published)
    }

    /// - Parameter width: How many images are on their way at once.
    func workers(width: Int) -> JobWorkers {
        let settings = settings
        return JobWorkers(
            archive: archive,
            work: JobWorkers.Work(
                kind: Self.jobKind, perform: { try await read($0, $1) },
                gaveUp: { feed.publish(.failed($0.study, $0.instance, reason: $1)) },
                standing: { Standings(settings: settings())($0) }),
            width: width, logger: logger)
    }

    private func read(_ job: Job, _ owner: String) async throws {
        guard let id = job.instance, let instance = try await archive.instance(id), let study = try await archive.study(job.study) else {
            throw ArchiveError(.notFound, "the instance of the job is not there")
        }
        feed.publish(.begun(study.id, id))
        // One model from here to the end: another may take its place meanwhile.
        let reader = ModelReader(service: reader.service)
        let bytes = try archive.content.bytes(of: instance.digest)
        // With a few to do, each has all cores; with many, several go through the network together.
        let isAlone = try await archive.jobCount(state: .running) <= 1
        let answer = try await reader.service.submit(
            DetectionRequest(
                .bytes(bytes, from: .instance(uid: instance.sopInstanceUID)), urgency: study.urgency == .stat || isAlone ? .now : .soon,
                threshold: reader.lowestScore))
        try Task.checkCancellation()
        let settings = settings()
        let content = reader.content(answer.findings, shownBy: settings.readingProtocol(study.protocolName))
        let standings = Standings(settings: settings)
        let number = try await archive.add(
            Reading(study: study.id, instance: id, reader: reader.reader, made: Date(), content: content),
            completing: content.error == nil ? (job.id, owner) : nil, onlyAfterLatest: false,
            followUp: isPublished ? Publisher.jobKind : nil,
            standing: { standings($0) })
        published()
        if let error = content.error {
            // The image is at fault, so the next try would say the same. The job is shown until a person deals with it, who may want it tried again.
            try await archive.failJob(job.id, owner: owner, reason: error, nextTry: nil, standing: { standings($0) })
            logger.notice("job \(job.id): \(content.errorCode ?? "failed")")
            feed.publish(.failed(study.id, id, reason: error))
        } else {
            feed.publish(.read(study.id, id, reading: number))
        }
    }
}
