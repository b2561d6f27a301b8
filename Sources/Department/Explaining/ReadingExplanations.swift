import Archive
import DICOM
import Detection
import Explanations
import Findings
import Foundation
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

    private let content: ContentStore
    private let model: ModelReader
    private let work: BlockingWork
    private let explainer: Explainer
    private let decoders: DecoderRegistry
    private let kept = Mutex(BoundedCache())

    init(content: ContentStore, model: ModelReader, work: BlockingWork) {
        (self.content, self.model, self.work) = (content, model, work)
        var explainer = Explainer(model.service.detector)
        // A bank that cannot be used leaves the rest as it is.
        explainer.similarCases = try? SimilarCases(model.bundle)
        self.explainer = explainer
        decoders = model.service.detector.decoders(DecoderRegistry.standard)
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
        let key = "\(instance.id.rawValue) \(reading.id) \(id)"
        if let answer = kept.withLock({ $0[key] }) { return answer }
        let asked = Finding(id: id, findingClass: findingClass, score: finding.score ?? 0, geometry: .box(finding.box))
        let (content, decoders, explainer, detector) = (content, decoders, explainer, model.service.detector)
        let answer = try await work.run {
            let bytes = try content.bytes(of: instance.digest)
            let reduced =
                try detector.inputSide.map { try decoders.decode(bytes, covering: $0) } ?? ReducedRadiograph(decoders.decode(bytes))
            let prepared = try detector.prepare(reduced, from: .instance(uid: instance.sopInstanceUID))
            let why = try explainer.explain([asked], in: prepared, digest: instance.digest)
            guard let first = why.findings.first else { throw DepartmentError(.notFound, "the reading has no such finding") }
            return Answer(
                explanation: ExplanationJSON.entry(first, plane: why.plane), runs: why.runs,
                seconds: (why.duration * 1_000).rounded() / 1_000)
        }
        kept.withLock { $0[key] = answer }
        return answer
    }

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
