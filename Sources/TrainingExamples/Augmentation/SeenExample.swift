import Findings
import Geometry
import Networks

/// A box of a picture as a view shows it.
package struct SeenBox: Hashable, Sendable {
    /// Cut at the edges of what is shown, in pixels of the network's input.
    package var detection: TrainingBox
    /// Of the whole box, in square pixels of the input.
    package var wholeArea: Double
}

/// What is known of a picture as a view shows it.
package struct SeenExample: Sendable {
    /// All boxes, also those of which nothing is seen.
    package var boxes: [SeenBox]
    /// [C]: 1 present, 0 absent, NaN not known; of the whole picture, whatever is seen of it.
    package var labels: [Float]
    /// [C]: whether places without a box are without the finding; empty where no source says.
    package var background: [Bool]

    /// - Parameters:
    ///   - boxes: In pixels of the original.
    ///   - background: [C], or empty.
    ///   - view: Of the original.
    ///   - target: The part of the input that shows the view.
    package init(boxes: [TrainingBox], labels: [Float], background: [Bool] = [], view: AugmentedView, target: PixelRectangle) {
        (self.labels, self.background) = (labels, background)
        let map = view.map(from: target.box).inverse
        self.boxes = boxes.compactMap { detection in
            guard let whole = map?(detection.box) else { return nil }
            var seen = detection
            seen.box = whole.intersection(target.box)
            return SeenBox(detection: seen, wholeArea: whole.area)
        }
    }

    /// The boxes to learn, and the labels that are still true.
    ///
    /// A finding whose boxes are all out of sight is absent; one that is seen too little of to be learnt is neither present nor absent.
    /// - Parameters:
    ///   - hidden: What lies over the picture.
    ///   - visibleShare: A box of which less than this share is seen is left out.
    package func learnt(hidden: [PixelRectangle], visibleShare: Double) -> (boxes: [TrainingBox], labels: [Float]) {
        var (kept, labels) = ([TrainingBox](), labels)
        var (seen, guessed) = (Set<Int>(), Set<Int>())
        for box in boxes {
            let area = box.detection.box.areaOutside(hidden)
            guard !box.detection.isAbsent else {
                // Of a place that is mostly out of sight nothing is said.
                if area > 0, area >= visibleShare * box.wholeArea { kept.append(box.detection) }
                continue
            }
            guard !box.detection.isUnknown else {
                // However little of it is seen, it is not known what that is.
                if box.detection.box.area > 0 { kept.append(box.detection) }
                continue
            }
            let isLearnt =
                area > 0 && area >= visibleShare * box.wholeArea && box.detection.box.width >= 2 && box.detection.box.height >= 2
            if isLearnt {
                kept.append(box.detection)
                seen.formUnion(box.detection.classes)
            } else if area > 0 {
                guessed.formUnion(box.detection.classes)
            }
        }
        for column in Set(boxes.lazy.filter(\.detection.isPresent).flatMap(\.detection.classes)) where labels.indices.contains(column) {
            labels[column] = seen.contains(column) ? 1 : guessed.contains(column) ? .nan : 0
        }
        return (kept, labels)
    }
}
