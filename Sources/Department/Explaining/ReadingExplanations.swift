import Archive
import DICOM
import Detection
import Explanations
import Findings
import Foundation
import Logging
import Models
import Radiographs
import Synchronization

/// Explains a finding of a reading when a person asks for it, and keeps the last few answers.
public final class ReadingExplanations: Sendable {
    /// An answer: what `pleura detect --explain` writes of a finding, and how it was come by.
    public struct Answer: Encodable, Sendable {
        public var explanation: ExplanationJSON.FindingEntry
        public var runs: Int
        public var seconds: Double
    }

    private let archive: any Archive
    private let model: ModelReader
    private let work: BlockingWork
    private let explainer: Explainer
    /// Look-alikes of this site; `nil` where the model has no bank of similar cases.
    let siteCases: SiteCases?
    private let kept = Mutex(BoundedCache())

    /// - Parameter folder: Where the site's look-alikes are kept.
    init(archive: any Archive, model: ModelReader, folder: URL, work: BlockingWork, logger: Logger) {
        // One model is explained: what another has read meanwhile, it does not explain.
        let model = ModelReader(service: model.service)
        (self.archive, self.model, self.work) = (archive, model, work)
        var explainer = Explainer(model.service.detector)
        // A bank that cannot be used leaves the rest as it is.
        explainer.similarCases = try? SimilarCases(model.bundle)
        self.explainer = explainer
        siteCases = explainer.similarCases.map {
            SiteCases(archive: archive, model: model, similar: $0, folder: folder, work: work, logger: logger)
        }
    }

    /// - Parameters:
    ///   - finding: The id of a finding, or of a candidate, of the model's last reading of the image.
    ///   - readings: All of the study, oldest first.
    /// - Throws: `DepartmentError` where the reading has no such finding or another model read it; what decoding or running throws.
    public func answer(_ instance: Instance, finding id: String, readings: [Reading]) async throws -> Answer {
        guard let reading = readings.last(where: { $0.instance == instance.id && !$0.reader.isPerson }) else {
            throw DepartmentError(.notFound, "no model has read this image")
        }
        guard case .model(_, _, let digest, _) = reading.reader, digest == model.bundle.digest else {
            throw DepartmentError(.unreadable, "another model read this image: what it saw cannot be explained by this one")
        }
        let known = reading.content.findings + (reading.content.candidates ?? [])
        guard let finding = known.first(where: { $0.id == id }), let findingClass = model.bundle.labelMap[name: finding.label] else {
            throw DepartmentError(.notFound, "the reading has no such finding")
        }
        let siteCases = await siteCases?.cases ?? []
        let key = "\(instance.id.rawValue) \(reading.id) \(id) \(siteCases.count)"
        if let answer = kept.withLock({ $0[key] }) { return answer }
        let asked = Finding(id: id, findingClass: findingClass, score: finding.score ?? 0, geometry: .box(finding.box))
        let related = self.explainer.similarCases == nil ? [] : try await digests(ofPatientOf: instance)
        var explainer = self.explainer
        explainer.otherCases = siteCases
        let (content, detector) = (archive.content, model.service.detector)
        let answer = try await work.run { [explainer] in
            let prepared = try detector.prepared(instance, content)
            let why = try explainer.explain([asked], in: prepared, digest: instance.digest, related: related)
            guard let first = why.findings.first else { throw DepartmentError(.notFound, "the reading has no such finding") }
            return Answer(
                explanation: ExplanationJSON.entry(first, plane: why.plane), runs: why.runs,
                seconds: (why.duration * 1_000).rounded() / 1_000)
        }
        kept.withLock { $0[key] = answer }
        return answer
    }

    /// A patient's earlier films are alike because they are the same patient's.
    private func digests(ofPatientOf instance: Instance) async throws -> Set<String> {
        var digests = Set<String>()
        let studies = [instance.study] + (try await archive.priors(of: instance.study, limit: Self.mostPriors)).map(\.id)
        for study in studies { digests.formUnion(try await archive.instances(of: study).map(\.digest)) }
        return digests
    }

    private static let mostPriors = 500

    /// The last answers: the oldest gives way.
    private struct BoundedCache {
        private static let most = 128
        private var answers: [String: Answer] = [:]
        private var order: [String] = []

        subscript(key: String) -> Answer? {
            get { answers[key] }
            set {
                guard let newValue else { return }
                if answers.updateValue(newValue, forKey: key) == nil { order.append(key) }
                if order.count > Self.most { answers[order.removeFirst()] = nil }
            }
        }
    }
}
