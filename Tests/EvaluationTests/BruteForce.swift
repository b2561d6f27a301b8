import Evaluation
import Findings
import Geometry

/// The figures written down once more from their definitions, slowly: every threshold anew, nothing shared with the room.
struct BruteForce {
    var images: [EvaluatedImage]
    var classIndex: Int

    struct Row {
        var image: Int
        var detection: Detection
    }

    func truth(_ image: Int) -> [TruthBox] { images[image].truth.filter { $0.classIndex == classIndex } }
    var truthCount: Int { images.indices.reduce(0) { $0 + truth($1).filter { !$0.isCrowd }.count } }

    /// By falling score; Swift's `sorted` says nothing of equal ones, so their place decides.
    var rows: [Row] {
        images.indices.flatMap { image in
            images[image].detections.filter { $0.classIndex == classIndex }.map { Row(image: image, detection: $0) }
        }.enumerated().sorted {
            ($1.element.detection.score, $0.offset) < ($0.element.detection.score, $1.offset)
        }.map(\.element)
    }

    /// Over the detection's area for a crowd.
    func overlap(_ detection: Detection, _ truth: TruthBox) -> Double {
        truth.isCrowd ? overDetected(detection, truth) : detection.box.intersectionOverUnion(truth.box)
    }

    func overDetected(_ detection: Detection, _ truth: TruthBox) -> Double {
        detection.box.intersection(truth.box).area / detection.box.area
    }

    /// Pascal VOC's `VOCevaldet`: the box of largest overlap, taken or not; precision made monotone; the area under it.
    func vocAveragePrecision(_ iou: Double) -> Double? {
        guard truthCount > 0 else { return nil }
        var taken = images.indices.map { Array(repeating: false, count: truth($0).count) }
        var (recall, precision): ([Double], [Double]) = ([0], [0])
        var (found, wrong) = (0, 0)
        for row in rows {
            let truth = truth(row.image)
            let best = truth.indices.max { overlap(row.detection, truth[$0]) < overlap(row.detection, truth[$1]) }
            // `max` gives the last of equal ones.
            let first = best.flatMap { best in
                truth.indices.first { overlap(row.detection, truth[$0]) == overlap(row.detection, truth[best]) }
            }
            if let first, overlap(row.detection, truth[first]) >= iou {
                if truth[first].isCrowd { continue }
                if taken[row.image][first] { wrong += 1 } else { found += 1 }
                taken[row.image][first] = true
            } else {
                wrong += 1
            }
            recall.append(Double(found) / Double(truthCount))
            precision.append(Double(found) / Double(found + wrong))
        }
        recall.append(1)
        precision.append(0)
        for index in stride(from: precision.count - 2, through: 0, by: -1) {
            precision[index] = max(precision[index], precision[index + 1])
        }
        return (1..<recall.count).reduce(0) { $0 + (recall[$1] - recall[$1 - 1]) * precision[$1] }
    }

    /// Found boxes and false detections among those chosen, with any measure of a hit.
    func counts(_ chosen: [Row], isHit: (Detection, TruthBox) -> Bool) -> (found: Int, wrong: Int) {
        var found = 0
        for image in images.indices {
            for box in truth(image) where !box.isCrowd {
                if chosen.contains(where: { $0.image == image && isHit($0.detection, box) }) { found += 1 }
            }
        }
        let wrong = chosen.filter { row in !truth(row.image).contains { isHit(row.detection, $0) } }.count
        return (found, wrong)
    }

    /// ChestX-Det10's counting: the box of largest overlap, once.
    func onceOnlyCounts(_ chosen: [Row], _ iou: Double) -> (found: Int, wrong: Int) {
        var taken = Set<[Int]>()
        var wrong = 0
        for row in chosen {
            let truth = truth(row.image)
            var (best, largest) = (-1, -1.0)
            for index in truth.indices where overlap(row.detection, truth[index]) > largest {
                (best, largest) = (index, overlap(row.detection, truth[index]))
            }
            if best < 0 || largest < iou {
                wrong += 1
            } else if !truth[best].isCrowd, !taken.insert([row.image, best]).inserted {
                wrong += 1
            }
        }
        return (taken.count, wrong)
    }

    /// The best share of boxes found by any score threshold whose false boxes an image are at most `rate`.
    func sensitivity(_ rate: Double, counts: ([Row]) -> (found: Int, wrong: Int)) -> Double? {
        guard truthCount > 0 else { return nil }
        let rows = rows
        var best = 0
        for score in Set(rows.map(\.detection.score)) {
            let (found, wrong) = counts(rows.filter { $0.detection.score >= score })
            if Double(wrong) / Double(images.count) <= rate + 1e-12 { best = max(best, found) }
        }
        return Double(best) / Double(truthCount)
    }
}
