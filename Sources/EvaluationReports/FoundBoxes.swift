import Evaluation
import Findings

/// The boxes that must be found, each with the highest score of a detection that finds it: what share is found at a score is then one
/// sum, for any part of the boxes and any draw of the images.
struct FoundBoxes: Sendable {
    struct Entry: Sendable {
        /// Position among the images.
        var image: Int
        /// Position in the image's own list.
        var truth: Int
        /// `nil` where nothing finds it at any score.
        var score: Double?
    }

    let entries: [Entry]

    /// - Parameter iou: What a detection's overlap with a box of its class must reach.
    init(_ images: [EvaluatedImage], iou: Double) {
        entries = images.enumerated().flatMap { index, image in
            image.truth.enumerated().filter { !$0.element.isCrowd }.map { number, truth in
                let place = PlacedBox(truth.box)
                let scores = image.detections.filter {
                    $0.classIndex == truth.classIndex && $0.score.isFinite && PlacedBox($0.box).intersectionOverUnion(place) >= iou
                }.map(\.score)
                return Entry(image: index, truth: number, score: scores.max())
            }
        }
    }

    /// The share found at a score; `nil` where none of the boxes asked for is there.
    func sensitivity(score least: Double, weights: [Int], where isAsked: (Entry) -> Bool = { _ in true }) -> Double? {
        var (found, count) = (0, 0)
        for entry in entries where weights[entry.image] > 0 && isAsked(entry) {
            count += weights[entry.image]
            if let score = entry.score, score >= least { found += weights[entry.image] }
        }
        return count > 0 ? Double(found) / Double(count) : nil
    }
}
