import Datasets
import Findings
import Geometry

extension CheckedImage {
    /// Two boxes of one finding and one reader that overlap by more than this are one abnormality drawn twice.
    static let sameBox = 0.95

    /// Boxes that are not on the image, by the file's own size where that is known.
    func boxProblems(width: Int, height: Int) -> [DatasetProblem] {
        guard width > 0, height > 0 else { return [] }
        return boxes.compactMap { item in
            let box = item.annotation.box
            let inside = box.clipped(toWidth: Double(width), height: Double(height)).area
            // As an import.
            if inside <= Annotation.leastShareOnImage * box.area {
                return problem(.boxOutside, "the box is not on its image of \(width) x \(height) pixels", at: item.place)
            }
            let over = max(-box.x, -box.y, box.maxX - Double(width), box.maxY - Double(height))
            guard over > 1 else { return nil }
            return problem(
                .boxOverEdge, "the box reaches over the edge by \(Int(over.rounded(.up))) pixels", at: item.place, severity: .warning)
        }
    }

    /// Boxes drawn twice, each named once with the first that it repeats.
    /// - Complexity: O(*n* log *n*) for boxes that do not lie on each other.
    func doubledBoxes() -> [DatasetProblem] {
        struct Owner: Hashable {
            var classID: Int
            var reader: String?
        }
        guard boxes.count > 1 else { return [] }
        let groups = Dictionary(grouping: boxes.indices) {
            Owner(classID: boxes[$0].annotation.classID, reader: boxes[$0].annotation.reader)
        }
        var firsts: [Int: (other: Int, overlap: Double)] = [:]
        for group in groups.values where group.count > 1 {
            let order = group.sorted { (boxes[$0].annotation.box.x, $0) < (boxes[$1].annotation.box.x, $1) }
            for (rank, one) in order.enumerated() {
                let box = boxes[one].annotation.box
                for other in order[(rank + 1)...] {
                    // Further right, the overlap in x alone is too small.
                    if boxes[other].annotation.box.x > box.x + (1 - Self.sameBox) * box.width { break }
                    let overlap = box.intersectionOverUnion(boxes[other].annotation.box)
                    guard overlap > Self.sameBox else { continue }
                    let (early, late) = (min(one, other), max(one, other))
                    if firsts[late].map({ early < $0.other }) ?? true { firsts[late] = (early, overlap) }
                }
            }
        }
        return firsts.sorted { $0.key < $1.key }.map { late, match in
            let isSame = boxes[late].annotation.box == boxes[match.other].annotation.box
            let message =
                isSame
                ? "the same box and finding as \(boxes[match.other].place)"
                : "nearly the same box and finding as \(boxes[match.other].place)"
            return problem(isSame ? .boxTwice : .boxNearlyTwice, message, at: boxes[late].place)
        }
    }
}
