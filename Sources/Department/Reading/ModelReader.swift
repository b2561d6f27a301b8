import Anatomy
import Archive
import Basics
import Detection
import Findings
import Geometry
import Inference
import Models
import Reports

/// A model as a reader: its service, and what of its boxes a protocol shows.
public struct ModelReader: Sendable {
    private let current: @Sendable () -> DetectionService
    /// The service that reads now: another may have taken its place since the last time.
    public var service: DetectionService { current() }
    public var bundle: ModelBundle { service.detector.bundle }

    public init(service: DetectionService) { current = { service } }

    /// - Parameter current: Asked each time, so that another model can take the place of this one while the department works.
    public init(current: @escaping @Sendable () -> DetectionService) { self.current = current }

    /// As readings name it.
    public var reader: Reader {
        .model(
            name: bundle.card.name, version: bundle.card.version, digest: bundle.digest,
            precision: service.detector.settings.precision.rawValue)
    }

    /// The lowest score that any operating point of the card shows: everything from there on is kept, so that a person may look further.
    public var lowestScore: Double {
        min(bundle.card.scoreThreshold, (bundle.card.operatingPoints ?? []).map(\.threshold).min() ?? 1)
    }

    /// What a protocol shows. A card without operating points has its own threshold only; one whose points all promise more false boxes than the
    /// protocol allows shows nothing, rather than more than was asked for.
    private func shown(of answer: ImageFindings, by readingProtocol: ReadingProtocol) -> ImageFindings {
        let alternatives = bundle.card.suppression.alternatives
        guard let rate = readingProtocol.falseBoxesPer100Images, bundle.card.operatingPoints?.isEmpty == false else {
            let threshold = bundle.card.scoreThreshold
            return answer.keeping({ $0.score >= threshold }, alternatives: alternatives)
        }
        guard let points = try? OperatingThresholds(bundle, falseBoxesPer100Images: rate) else {
            return answer.keeping({ _ in false }, alternatives: alternatives)
        }
        return points.applied(to: answer)
    }

    /// What a reading holds of an answer: all candidates, and those of them that the protocol shows, under the same ids.
    package func content(_ answer: ImageFindings, shownBy readingProtocol: ReadingProtocol) -> Reading.Content {
        let candidates = answer.findings.map { ReadFinding($0, on: answer, id: $0.id, alternativeTo: $0.alternativeTo) }
        let shown = shown(of: answer, by: readingProtocol)
        // `keeping` numbers anew and keeps the order: the first of what is left with the same box and label is the same finding.
        var ids: [String: String] = [:]
        var rest = answer.findings[...]
        for finding in shown.findings {
            guard let place = rest.firstIndex(where: { $0.geometry == finding.geometry && $0.findingClass == finding.findingClass }) else {
                continue
            }
            ids[finding.id] = rest[place].id
            rest = rest[(place + 1)...]
        }
        let findings = shown.findings.map { finding in
            ReadFinding(
                finding, on: answer, id: ids[finding.id] ?? finding.id, alternativeTo: finding.alternativeTo.flatMap { ids[$0] })
        }
        // Warnings name findings as the reading does.
        var told = shown
        for index in told.findings.indices { told.findings[index].id = ids[told.findings[index].id] ?? told.findings[index].id }
        let remarks = AnatomyReading.warned(told).remarks
        var content = Reading.Content(
            findings: findings, candidates: candidates, imageScores: answer.imageScores?.mapValues(Rounding.score),
            warnings: remarks.map(\.text), warningCodes: remarks.map(\.code), error: answer.error?.description,
            errorCode: answer.error?.code)
        content.quality = answer.quality.map(Reading.Content.Quality.init)
        content.ratio = (answer.anatomy?.ratio).map(Reading.Content.Ratio.init)
        content.anatomy = answer.anatomy.map(Reading.Content.Anatomy.init)
        return content
    }
}

extension ReadFinding {
    init(_ finding: Finding, on image: ImageFindings, id: String, alternativeTo: String?) {
        // Rounded as `detect` writes them, so that both say the same.
        let box = Rounding.box(finding.boundingBox)
        self.init(
            id: id, label: finding.findingClass.name, score: Rounding.score(finding.score),
            probability: finding.probability.map(Rounding.score), box: Box(x: box[0], y: box[1], width: box[2], height: box[3]),
            alternativeTo: alternativeTo, isExperimental: finding.findingClass.isExperimental,
            place: image.anatomy.map { _ in
                Place(side: finding.place?.side?.rawValue, zone: finding.place?.zone?.rawValue, region: finding.place?.region?.rawValue)
            })
    }
}
