import Datasets
import Evaluation
import Findings
import Geometry

extension ReportMaker {
    /// The false boxes of highest score, then the missed boxes that nothing came near: of each at most a few of one finding and one an
    /// image, so that a page shows more than one mistake.
    var examples: [EvaluationReport.Example] { choose(falseBoxes) + choose(missedBoxes) }

    private func choose(_ candidates: [EvaluationReport.Example]) -> [EvaluationReport.Example] {
        var chosen: [EvaluationReport.Example] = [], images: Set<String> = [], byLabel: [String: Int] = [:]
        // All findings there are share the places; where they are many, a third of the places is enough for one.
        let findings = max(1, Set(candidates.map(\.label)).count)
        let most = max(1, settings.examples / 3, (settings.examples + findings - 1) / findings)
        for candidate in candidates where chosen.count < settings.examples {
            guard byLabel[candidate.label, default: 0] < most, !images.contains(candidate.image) else { continue }
            images.insert(candidate.image)
            byLabel[candidate.label, default: 0] += 1
            chosen.append(candidate)
        }
        return chosen
    }

    private var falseBoxes: [EvaluationReport.Example] {
        searched.evaluation.falseDetections(found: 0.5, background: 0.1, score: scoreThreshold).map { wrong in
            let image = searched.evaluation.images[wrong.image]
            let label = labels[wrong.classIndex]
            let isSaid =
                input.images[searched.positions[wrong.image]].labels?.contains(label) == true
                && !image.truth.contains { $0.classIndex == wrong.classIndex }
            let box = image.detections[wrong.detection].box
            return EvaluationReport.Example(
                kind: .falseBox, image: image.id, label: label, box: Self.numbers(box), detection: wrong.detection, score: wrong.score,
                reason: reason(wrong.kind, box, image) + (isSaid ? ", though the finding is said of the whole image" : ""))
        }
    }

    private func reason(_ kind: ErrorBreakdown.Kind, _ box: Box, _ image: EvaluatedImage) -> String {
        /// The box drawn here that it overlaps most.
        let truth = image.truth.max { $0.box.intersectionOverUnion(box) < $1.box.intersectionOverUnion(box) }.map { labels[$0.classIndex] }
        switch kind {
        case .classification: return "the right place, but drawn as \(truth ?? "another finding")"
        case .localisation: return "the right finding at a poor place"
        case .both: return "near a box of \(truth ?? "another finding")"
        case .duplicate: return "found a second time"
        case .background, .missed: return image.truth.isEmpty ? "nothing is drawn on this image" : "nothing is drawn there"
        }
    }

    private var missedBoxes: [EvaluationReport.Example] {
        let found = FoundBoxes(placed.images, iou: 0.5).entries.filter { ($0.score ?? -.infinity) < scoreThreshold }
        // The lowest score that would find it first, then the larger box: what is large should not be overlooked.
        let order = found.indices.sorted { one, other in
            let (a, b) = (found[one], found[other])
            if a.score != b.score { return (a.score ?? -.infinity) < (b.score ?? -.infinity) }
            let (first, second) = (placed.images[a.image].truth[a.truth].box.area, placed.images[b.image].truth[b.truth].box.area)
            return first != second ? first > second : one < other
        }
        return order.map { position in
            let entry = found[position], image = placed.images[entry.image], truth = image.truth[entry.truth]
            let named = image.detections.filter {
                $0.score >= scoreThreshold && $0.classIndex != truth.classIndex && $0.box.intersectionOverUnion(truth.box) >= 0.5
            }.max { $0.score < $1.score }
            return EvaluationReport.Example(
                kind: .missed, image: image.id, label: labels[truth.classIndex], box: Self.numbers(truth.box), score: entry.score,
                reason: named.map { "said to be \(labels[$0.classIndex])" }
                    ?? (entry.score == nil ? "nothing overlaps it by half, at any score" : "found only at a lower score"))
        }
    }

    private static func numbers(_ box: Box) -> [Double] { [box.x, box.y, box.width, box.height] }
}
