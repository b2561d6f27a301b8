import Archive
import Basics
import DICOM
import Detection
import Explanations
import Findings
import Foundation
import Logging
import Models
import Radiographs

/// The look-alikes of a site: boxes of the model that persons rejected and signed, as similar cases beside those of the model's bank.
///
/// A file in the archive's folder holds digests of images, labels and vectors; no image and no name. It only saves work: what it lacks is
/// made anew from the signed readings, so nothing is lost with it. A model without a bank of its own has none, since its numbers are those of the bank.
actor SiteCases {
    /// Which studies are in the bank, each by the latest reading that was looked at.
    private struct Contents: Codable {
        var model: String
        var revisions: [String: Int64] = [:]
        /// Digests of the images that each study has in the bank.
        var images: [String: [String]] = [:]
    }

    private let archive: any Archive
    private let model: ModelReader
    private let similar: SimilarCases
    private let work: BlockingWork
    private let logger: Logger
    private let bankFile: URL
    private let contentsFile: URL
    private var contents: Contents
    private(set) var cases: [CaseBank.Case] = []

    /// So many studies of the worklist at once.
    private static let page = 200

    init(archive: any Archive, model: ModelReader, similar: SimilarCases, folder: URL, work: BlockingWork, logger: Logger) {
        (self.archive, self.model, self.similar, self.work, self.logger) = (archive, model, similar, work, logger)
        let name = "rejected-\(model.bundle.digest.prefix(16))"
        bankFile = folder.appendingPathComponent("\(name).bank")
        contentsFile = folder.appendingPathComponent("\(name).json")
        contents = Contents(model: model.bundle.digest)
        guard let kept = (try? Data(contentsOf: contentsFile)).flatMap({ try? JSONDecoder().decode(Contents.self, from: $0) }),
            kept.model == contents.model, let bank = (try? Data(contentsOf: bankFile)).flatMap({ try? CaseBank(bytes: $0) }),
            bank.whitening == similar.bank([]).whitening
        else { return }
        (contents, cases) = (kept, bank.cases)
    }

    /// Looks through the signed studies for what the bank lacks: when the program starts, and after each signature.
    func catchUp() async {
        var after: String?
        repeat {
            guard let page = try? await archive.worklist(WorklistQuery(statuses: [.signed], after: after, limit: Self.page)) else { return }
            for study in page.studies where contents.revisions[study.id.rawValue] != study.revision {
                if Task.isCancelled { return }
                await take(study.id)
            }
            after = page.next
        } while after != nil
    }

    /// Takes a study's rejected boxes anew.
    func take(_ id: StudyID) async {
        do {
            guard let study = try await archive.study(id) else { return }
            let readings = try await archive.readings(of: id)
            let signed = readings.last { $0.reader.isPerson && $0.status != .preliminary }
            let rejected = Dictionary(grouping: signed?.content.rejected ?? []) { $0.instance }
            var found: [CaseBank.Case] = []
            for (instance, findings) in rejected {
                guard let instance, let image = try await archive.instance(instance) else { continue }
                found += try await vectors(of: findings, on: image)
            }
            let old = Set(contents.images[id.rawValue] ?? [])
            cases.removeAll { old.contains($0.image) }
            cases += found
            contents.images[id.rawValue] = found.isEmpty ? nil : Array(Set(found.map(\.image))).sorted()
            contents.revisions[id.rawValue] = study.revision
            // First what the second file speaks of.
            try AtomicFile.write(similar.bank(cases).bytes(), to: bankFile)
            try AtomicFile.write(JSONEncoder().encode(contents), to: contentsFile)
        } catch {
            logger.notice(
                "rejected findings of a study are not among the similar cases: \((error as? any ExplainedError)?.code.rawValue ?? "failed")"
            )
        }
    }

    private func vectors(of findings: [ReadFinding], on instance: Instance) async throws -> [CaseBank.Case] {
        let (content, detector, similar) = (archive.content, model.service.detector, similar)
        return try await work.run {
            let prepared = try detector.prepared(instance, content)
            let vectors = try similar.vectors(of: findings.map(\.box), in: prepared)
            return zip(findings, vectors).map { finding, vector in
                CaseBank.Case(image: instance.digest, label: finding.label, isRejected: true, vector: vector)
            }
        }
    }
}

extension Detector {
    /// An image of the archive as the networks see it.
    /// - Throws: What decoding throws; `ImageFailure` where the card refuses the image.
    func prepared(_ instance: Instance, _ content: ContentStore) throws -> PreparedRadiograph {
        let bytes = try content.bytes(of: instance.digest)
        let known = decoders(DecoderRegistry.standard)
        let reduced = try inputSide.map { try known.decode(bytes, covering: $0) } ?? ReducedRadiograph(known.decode(bytes))
        return try prepare(reduced, from: .instance(uid: instance.sopInstanceUID))
    }
}
