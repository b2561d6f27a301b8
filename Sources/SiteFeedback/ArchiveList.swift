import Archive
import Basics
import Department
import Feedback
import Foundation
import Geometry
import Radiographs
import ReadingLists

/// Which studies of an archive a person should read next, so that the boxes teach most.
public struct ArchiveList: Sendable {
    /// The list, and why it is as it is.
    public struct Outcome: Codable, Hashable, Sendable {
        public var strategy: ReadingList.Strategy
        /// One sentence.
        public var why: String
        /// Images read and boxes drawn so far.
        public var imagesRead: Int
        public var boxes: Int
        /// What 50 more boxes should bring in mAP50, by the replay; `nil` where it does not say.
        public var gainOfFiftyBoxes: Double?
        public var picks: [Pick]

        public struct Pick: Codable, Hashable, Sendable {
            public var study: String
            public var reason: ReadingList.Reason
        }

        private enum CodingKeys: String, CodingKey {
            case strategy, why, boxes, picks
            case imagesRead = "images_read"
            case gainOfFiftyBoxes = "gain_of_50_boxes"
        }
    }

    private let archive: any Archive
    private let folder: SiteFolder
    private let decoders: DecoderRegistry
    /// What a replay showed; `nil` for none.
    public var evidence: ReplayEvidence?

    public init(_ archive: any Archive, folder: SiteFolder, decoders: DecoderRegistry, evidence: ReplayEvidence? = nil) {
        (self.archive, self.folder, self.decoders, self.evidence) = (archive, folder, decoders, evidence)
    }

    /// - Throws: `ArchiveError`, `ChainError`; `CancellationError`.
    public func next(count: Int, seed: UInt64) async throws -> Outcome {
        let feedback = ArchiveFeedback(archive, folder: folder)
        let words = ReaderWord.latest(in: try await feedback.catchUp())
        let read = Set(words.map(\.image))
        let isBetter = evidence?.showsThatTheListIsBetter ?? false
        let strategy: ReadingList.Strategy = isBetter ? .mixed : .random
        var (candidates, known, examples) = ([ListCandidate](), [[Double]](), [BoxJudge.Example]())
        try await feedback.forEachStudy { study in
            let readings = try await archive.readings(of: study.id)
            for instance in try await archive.instances(of: study.id) {
                let said = readings.last { $0.instance == instance.id && !$0.reader.isPerson }?.content
                guard let said, said.error == nil, instance.columns > 0 else { continue }
                let boxes = Self.boxes(said.candidates ?? said.findings, area: Double(instance.columns * instance.rows))
                if read.contains(instance.digest) {
                    if strategy == .mixed { known.append(features(instance)) }
                    let own = words.filter { $0.image == instance.digest }
                    for (finding, box) in zip(said.candidates ?? said.findings, boxes) where finding.score >= 0.05 {
                        let isRight = own.contains { word in
                            word.present.contains { $0.label == finding.label && $0.box.intersectionOverUnion(finding.box) > 0.3 }
                        }
                        examples.append(BoxJudge.Example(box: box, isRight: isRight))
                    }
                } else if study.standing.status != .signed {
                    candidates.append(
                        ListCandidate(
                            id: study.id.rawValue, patient: ArchiveExport.pseudonym(of: study), boxes: boxes,
                            features: strategy == .mixed ? features(instance) : []))
                }
            }
        }
        let list = ReadingList(strategy: strategy, count: count, seed: seed)
        let picks = list.picks(from: candidates, read: read.count, known: known, judge: BoxJudge(examples))
        let boxes = words.reduce(0) { $0 + $1.present.count }
        let why =
            evidence == nil
            ? "By lot: no replay has shown yet that another choice teaches more."
            : isBetter
                ? "30 % by lot, the rest by what the model is unsure of and has not seen: a replay showed that this teaches more."
                : "By lot: in the replay another choice did not teach more than the lot."
        return Outcome(
            strategy: strategy, why: why, imagesRead: read.count, boxes: boxes,
            gainOfFiftyBoxes: evidence?.gain(from: Double(boxes), more: 50, by: strategy),
            picks: picks.map { Outcome.Pick(study: $0.id, reason: $0.reason) })
    }

    private func features(_ instance: Instance) -> [Double] {
        guard let bytes = try? archive.content.bytes(of: instance.digest), let pixels = try? decoders.decode(bytes).pixels else {
            return PictureFeatures.none
        }
        return PictureFeatures.values(of: pixels)
    }

    private static func boxes(_ findings: [ReadFinding], area: Double) -> [ListCandidate.SaidBox] {
        findings.map { finding in
            let rival = findings.filter { $0.label != finding.label && $0.box.intersectionOverUnion(finding.box) > 0.5 }.map(\.score).max()
            return ListCandidate.SaidBox(
                label: finding.label, score: finding.score, margin: finding.score - (rival ?? 0),
                areaShare: area > 0 ? finding.box.area / area : 0)
        }
    }
}
