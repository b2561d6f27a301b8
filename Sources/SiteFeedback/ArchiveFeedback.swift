import Archive
import Basics
import Department
import Feedback
import Foundation

/// Makes events of the reviews that stand in an archive, and keeps them in the site's log.
///
/// A reading is never changed, so each is taken once, in the order of their numbers: catching up a second time adds nothing, and a program that is cut
/// off between goes on with the next.
public struct ArchiveFeedback: Sendable {
    private let archive: any Archive
    public let folder: SiteFolder
    public var log: FeedbackLog { FeedbackLog(folder: folder.url) }
    private static let page = 500

    public init(_ archive: any Archive, folder: SiteFolder) { (self.archive, self.folder) = (archive, folder) }

    /// Adds what came since the last time.
    /// - Returns: All events, checked.
    /// - Throws: `ChainError` where an event is not as it was written: then nothing is added; `ArchiveError`.
    @discardableResult
    public func catchUp() async throws -> [FeedbackEvent] {
        let known = try log.events()
        let last = known.map(\.context.reading).max() ?? 0
        let salt = try folder.salt()
        var new: [(reading: Int64, events: [(FeedbackEvent.Content, FeedbackEvent.Context)])] = []
        try await forEachStudy { study in
            guard (study.revision ?? 0) > last else { return }
            let readings = try await archive.readings(of: study.id)
            guard readings.contains(where: { $0.reader.isPerson && $0.id > last }) else { return }
            let instances = try await archive.instances(of: study.id)
            for reading in readings where reading.reader.isPerson && reading.id > last {
                new.append((reading.id, Self.events(of: reading, in: study, instances, readings, salt)))
            }
        }
        guard !new.isEmpty else { return known }
        return try log.append(new.sorted { $0.reading < $1.reading }.flatMap(\.events))
    }

    func forEachStudy(_ body: (Study) async throws -> Void) async throws {
        var query = WorklistQuery(limit: Self.page)
        repeat {
            let page = try await archive.worklist(query)
            for study in page.studies {
                try Task.checkCancellation()
                try await body(study)
            }
            query.after = page.next
        } while query.after != nil
    }

    static func pseudonym(_ name: String, _ salt: Data) -> String {
        String(Digest(of: salt + Data("reader \(name)".utf8)).hexadecimal.prefix(12))
    }

    /// A reading's events, image by image: first what is there, then what is not, then whether that is all.
    static func events(
        of reading: Reading, in study: Study, _ instances: [Instance], _ readings: [Reading], _ salt: Data
    ) -> [(FeedbackEvent.Content, FeedbackEvent.Context)] {
        let reader = pseudonym(reading.reader.name, salt)
        return instances.flatMap { instance in
            // The model's latest that the reader could have seen.
            let seen = readings.last { $0.instance == instance.id && !$0.reader.isPerson && $0.id < reading.id }
            let digest: String? = if case .model(_, _, let digest, _)? = seen?.reader { digest } else { nil }
            let candidates = seen?.content.candidates ?? seen?.content.findings ?? []
            let context = FeedbackEvent.Context(
                time: reading.made, reader: reader, model: digest, image: instance.digest, patient: ArchiveExport.pseudonym(of: study),
                reading: reading.id, isSigned: reading.status != .preliminary)
            func isHere(_ finding: ReadFinding) -> Bool {
                finding.instance == instance.id || (finding.instance == nil && instances.count == 1)
            }
            let present = reading.content.findings.filter(isHere).map { finding -> FeedbackEvent.Content in
                let origin = finding.origin.flatMap { id in candidates.first { $0.id == id } }
                switch finding.decision {
                case .moved: return .init(.move, label: finding.label, box: finding.box, modelBox: origin?.box, score: origin?.score)
                case .relabelled:
                    return .init(
                        .relabel, label: finding.label, box: finding.box, modelLabel: origin?.label, modelBox: origin?.box,
                        score: origin?.score)
                case .accepted: return .init(.accept, label: finding.label, box: finding.box, score: origin?.score ?? finding.score)
                case .added, .rejected, nil: return .init(.missed, label: finding.label, box: finding.box)
                }
            }
            let rejected = (reading.content.rejected ?? []).filter(isHere).map {
                FeedbackEvent.Content(.reject, label: $0.label, box: $0.box, score: $0.score)
            }
            let all = FeedbackEvent.Content(reading.content.isComplete == true ? .complete : .partial)
            return (present + rejected + [all]).map { ($0, context) }
        }
    }
}
