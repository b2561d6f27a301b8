import Findings
import Geometry

/// The boxes of all images, class by class and within a class in the order of the images: contiguous columns that every class's
/// matching reads its stretch of.
struct ClassColumns: Sendable {
    struct Detections: Sendable {
        /// Where each class begins; one more than there are classes.
        var start: [Int]
        var score: [Double]
        /// Position of the image.
        var image: [Int32]
        /// Position in the image's own list.
        var source: [Int32]
        var place: [PlacedBox]
    }

    struct Truth: Sendable {
        var start: [Int]
        var image: [Int32]
        var source: [Int32]
        var place: [PlacedBox]
        /// For COCO's sizes; the annotation's own, where it has one.
        var area: [Double]
        var isCrowd: [Bool]
    }

    var detections: Detections
    var truth: Truth
    /// Rows without a finite score or box, or of a class that is not there.
    var leftOut: Int

    init(_ images: [EvaluatedImage], classCount: Int) {
        var (detectionCount, truthCount) = (Array(repeating: 0, count: classCount + 1), Array(repeating: 0, count: classCount + 1))
        var leftOut = 0
        for image in images {
            for detection in image.detections {
                if image.unscored.contains(detection.classIndex) { continue }
                if Self.isUsable(detection, classCount) { detectionCount[detection.classIndex + 1] += 1 } else { leftOut += 1 }
            }
            for box in image.truth {
                if image.unscored.contains(box.classIndex) { continue }
                if Self.isUsable(box, classCount) { truthCount[box.classIndex + 1] += 1 } else { leftOut += 1 }
            }
        }
        for index in 0..<classCount {
            detectionCount[index + 1] += detectionCount[index]
            truthCount[index + 1] += truthCount[index]
        }
        self.leftOut = leftOut
        detections = Detections(images, start: detectionCount)
        truth = Truth(images, start: truthCount)
    }

    fileprivate static func isUsable(_ detection: Detection, _ classCount: Int) -> Bool {
        detection.classIndex >= 0 && detection.classIndex < classCount && detection.score.isFinite && PlacedBox(detection.box).isFinite
    }

    fileprivate static func isUsable(_ truth: TruthBox, _ classCount: Int) -> Bool {
        truth.classIndex >= 0 && truth.classIndex < classCount && truth.area.isFinite && PlacedBox(truth.box).isFinite
    }
}

extension ClassColumns.Detections {
    init(_ images: [EvaluatedImage], start: [Int]) {
        let (count, classCount) = (start.last ?? 0, start.count - 1)
        self.start = start
        (score, image, source) = (Array(repeating: 0, count: count), Array(repeating: 0, count: count), Array(repeating: 0, count: count))
        place = Array(repeating: PlacedBox(Box(x: 0, y: 0, width: 0, height: 0)), count: count)
        var next = start
        next.withUnsafeMutableBufferPointer { next in
            score.withUnsafeMutableBufferPointer { score in
                image.withUnsafeMutableBufferPointer { image in
                    source.withUnsafeMutableBufferPointer { source in
                        place.withUnsafeMutableBufferPointer { place in
                            for (imageIndex, evaluated) in images.enumerated() {
                                for (index, detection) in evaluated.detections.enumerated()
                                where ClassColumns.isUsable(detection, classCount)
                                    && !evaluated.unscored.contains(detection.classIndex)
                                {
                                    let slot = next[detection.classIndex]
                                    next[detection.classIndex] = slot + 1
                                    // Minus zero equals zero, and must sort as it does.
                                    score[slot] = detection.score + 0
                                    image[slot] = Int32(truncatingIfNeeded: imageIndex)
                                    source[slot] = Int32(truncatingIfNeeded: index)
                                    place[slot] = PlacedBox(detection.box)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension ClassColumns.Truth {
    init(_ images: [EvaluatedImage], start: [Int]) {
        let (count, classCount) = (start.last ?? 0, start.count - 1)
        self.start = start
        (image, source) = (Array(repeating: 0, count: count), Array(repeating: 0, count: count))
        place = Array(repeating: PlacedBox(Box(x: 0, y: 0, width: 0, height: 0)), count: count)
        area = Array(repeating: 0, count: count)
        isCrowd = Array(repeating: false, count: count)
        var next = start
        for (imageIndex, evaluated) in images.enumerated() {
            for (index, box) in evaluated.truth.enumerated()
            where ClassColumns.isUsable(box, classCount) && !evaluated.unscored.contains(box.classIndex) {
                let slot = next[box.classIndex]
                next[box.classIndex] = slot + 1
                image[slot] = Int32(truncatingIfNeeded: imageIndex)
                source[slot] = Int32(truncatingIfNeeded: index)
                place[slot] = PlacedBox(box.box)
                area[slot] = box.area
                isCrowd[slot] = box.isCrowd
            }
        }
    }
}
