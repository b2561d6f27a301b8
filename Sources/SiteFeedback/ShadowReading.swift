import Archive
import Basics
import Department
import Detection
import Findings
import Foundation
import Geometry
import Models

/// A candidate reads along: the same images as the model in use, whose findings alone are shown. Where both differ most is what a person should look
/// at first.
///
/// What the candidate says lies in a file of its own beside the archive, never among its readings, each line with both models' digests. A run that is
/// cut off goes on with the images that are not there yet.
public struct ShadowReading: Sendable {
    /// One image, and where the two models differ on it.
    public struct Difference: Codable, Hashable, Sendable {
        public var study: String
        public var instance: String
        public var current: String
        public var candidate: String
        /// Findings that only the model in use shows, and that only the candidate shows.
        public var onlyCurrent: [String]
        public var onlyCandidate: [String]
        public var both: Int

        public var count: Int { onlyCurrent.count + onlyCandidate.count }

        private enum CodingKeys: String, CodingKey {
            case study, instance, current, candidate, both
            case onlyCurrent = "only_current"
            case onlyCandidate = "only_candidate"
        }
    }

    private let archive: any Archive
    private let folder: SiteFolder
    private let candidate: ModelReader
    private let settings: SiteSettings
    static let samePlace = 0.4

    public init(_ archive: any Archive, folder: SiteFolder, candidate: ModelReader, settings: SiteSettings) {
        (self.archive, self.folder, self.candidate, self.settings) = (archive, folder, candidate, settings)
    }

    private var file: URL { Self.files(folder).appendingPathComponent("\(candidate.bundle.digest.prefix(16)).jsonl") }

    private static func files(_ folder: SiteFolder) -> URL { folder.url.appendingPathComponent("shadow") }

    /// What was read so far, where both differ most first.
    public func differences() -> [Difference] { Self.differences(file) }

    /// What every candidate read, by the beginning of its digest.
    public static func all(in folder: SiteFolder) -> [(model: String, differences: [Difference])] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: files(folder).path)) ?? []
        return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { name in
            (String(name.dropLast(".jsonl".count)), differences(files(folder).appendingPathComponent(name)))
        }
    }

    private static func differences(_ file: URL) -> [Difference] {
        let lines = ((try? Data(contentsOf: file)) ?? Data()).split(separator: UInt8(ascii: "\n"))
        return lines.compactMap { try? JSONDecoder().decode(Difference.self, from: $0) }
            .sorted { ($1.count, $0.instance) < ($0.count, $1.instance) }
    }

    /// Reads the newest images that the candidate has not read yet.
    /// - Parameters:
    ///   - most: So many images at most.
    ///   - isNeeded: Asked before each image: whether the machine is needed for others.
    /// - Returns: How many were read.
    /// - Throws: `ArchiveError`; `CancellationError`.
    public func catchUp(most: Int, isNeeded: @Sendable () async throws -> Bool = { false }) async throws -> Int {
        let known = Set(differences().map(\.instance))
        var waiting: [(Study, Instance, Reading)] = []
        try await ArchiveFeedback(archive, folder: folder).forEachStudy { study in
            let readings = try await archive.readings(of: study.id)
            for instance in try await archive.instances(of: study.id) where !known.contains(instance.id.rawValue) {
                let said = readings.last { $0.instance == instance.id && !$0.reader.isPerson }
                if let said, said.content.error == nil { waiting.append((study, instance, said)) }
            }
        }
        waiting.sort { $0.1.received > $1.1.received }
        var count = 0
        for (study, instance, said) in waiting.prefix(most) {
            try Task.checkCancellation()
            if try await isNeeded() { break }
            guard case .model(_, _, let digest, _) = said.reader, digest != candidate.bundle.digest else { continue }
            let bytes = try archive.content.bytes(of: instance.digest)
            let answer = try await candidate.service.submit(
                DetectionRequest(
                    .bytes(bytes, from: .instance(uid: instance.sopInstanceUID)), urgency: .soon, threshold: candidate.lowestScore))
            let content = candidate.content(answer.findings, shownBy: settings.readingProtocol(study.protocolName))
            try append(Self.difference(study, instance, digest, candidate.bundle.digest, said.content, content))
            count += 1
        }
        return count
    }

    static func difference(
        _ study: Study, _ instance: Instance, _ current: String, _ candidate: String, _ one: Reading.Content, _ other: Reading.Content
    ) -> Difference {
        var left = other.findings
        var (alone, both) = ([String](), 0)
        for finding in one.findings {
            let same = left.firstIndex { $0.label == finding.label && $0.box.intersectionOverUnion(finding.box) >= samePlace }
            if let same {
                left.remove(at: same)
                both += 1
            } else {
                alone.append(finding.label)
            }
        }
        return Difference(
            study: study.id.rawValue, instance: instance.id.rawValue, current: current, candidate: candidate, onlyCurrent: alone.sorted(),
            onlyCandidate: left.map(\.label).sorted(), both: both)
    }

    private func append(_ difference: Difference) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ArchiveError(.cannotWrite, "the shadow's file cannot be opened: \(Descriptor.reason(errno))") }
        defer { close(descriptor) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // A line end goes first, too: behind half a line that a cut-off program left.
        if let number = Descriptor.write(Data("\n".utf8) + (try encoder.encode(difference)) + Data("\n".utf8), to: descriptor) {
            throw ArchiveError(.cannotWrite, "the shadow's file cannot be written: \(Descriptor.reason(number))")
        }
    }
}
