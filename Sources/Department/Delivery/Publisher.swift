import Archive
import Basics
import Findings
import Foundation
import Logging
import Results

/// Makes what is to be sent of a reading, and puts it into the outbox.
///
/// The job is noted in the same transaction as the reading. What is made follows from the reading alone, so a second try makes the same, and the archive
/// keeps it once.
struct Publisher: Sendable {
    static let jobKind = "publish"

    let archive: any Archive
    let destinations: [any Destination]
    let results: StudyResults
    let settings: @Sendable () -> SiteSettings
    let work: BlockingWork
    let logger: Logger
    /// Told that there is something to send.
    let published: @Sendable (_ destination: String) -> Void
    let feed: EventFeed

    func workers(width: Int) -> JobWorkers {
        let settings = settings
        return JobWorkers(
            archive: archive,
            work: JobWorkers.Work(
                kind: Self.jobKind, perform: { try await publish($0, $1) },
                gaveUp: { feed.publish(.failed($0.study, $0.instance, reason: $1)) },
                standing: { Standings(settings: settings())($0) }),
            width: width, logger: logger)
    }

    private func publish(_ job: Job, _ owner: String) async throws {
        guard let reading = job.reading else { throw ArchiveError(.notFound, "the reading of the job is not there") }
        let material = try await results.material(reading: reading, of: job.study)
        let sources = ArchivedSources(archive.content, material.instances)
        let byScope = [ResultScope.reading: results.result(material, scope: .reading), .study: results.result(material, scope: .study)]
        let before = results.before(material)
        var (files, deliveries, faults): ([ResultFile], [NewDelivery], [String]) = ([], [], [])
        for destination in destinations {
            guard let result = byScope[destination.scope], destination.rules.takes(result, protocolName: material.study.protocolName) else {
                continue
            }
            do {
                for file in try await destination.files(
                    for: result, previous: before.map { results.result($0, scope: destination.scope) }, sources: sources)
                {
                    files.append(try await kept(file, of: material))
                    deliveries.append(
                        NewDelivery(
                            destination: destination.name, file: file.identifier, lane: Self.lane(material.study), rank: file.rank,
                            due: material.study.standing.order))
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                // What cannot be made for one does not keep the others waiting.
                faults.append("\(destination.name): \(ImageFailure(error).description)")
            }
        }
        let isWhole = faults.isEmpty
        try await archive.publish(files, to: deliveries, completing: isWhole ? (job.id, owner) : nil, now: Date())
        for name in Set(deliveries.map(\.destination)) { published(name) }
        if !isWhole { throw DepartmentError(.unsendable, faults.joined(separator: "; ")) }
    }

    private func kept(_ file: OutgoingFile, of material: StudyResults.Material) async throws -> ResultFile {
        let content = archive.content
        let digest = try await work.run {
            let digest = Digest(of: file.bytes).hexadecimal
            return content.contains(digest) ? digest : try content.add(file.bytes)
        }
        return ResultFile(
            identifier: file.identifier, kind: file.kind, study: material.study.id, reading: material.reading.id,
            sopClassUID: file.sopClassUID, seriesInstanceUID: file.seriesInstanceUID, size: file.bytes.count, digest: digest, made: Date())
    }

    /// A patient's results keep their order. The name tells nobody who the patient is.
    private static func lane(_ study: Study) -> String {
        guard let id = study.patient.id, !id.isEmpty else { return study.id.rawValue }
        return String(Digest(of: "patient \(id)\n\(study.patient.issuer ?? "")").hexadecimal.prefix(32))
    }
}
