import Findings

/// Which finding is taken for which, at one score and one overlap: rows are what readers drew, columns what the detector said, and after
/// the last class in both stands the background (a box that nobody drew, a box that nothing found).
public struct ConfusionMatrix: Hashable, Sendable {
    public let classCount: Int
    /// Row by row; `classCount + 1` a row.
    private var counts: [Int]

    init(classCount: Int) {
        self.classCount = classCount
        counts = Array(repeating: 0, count: (classCount + 1) * (classCount + 1))
    }

    /// Where the background is, among truths and among detections.
    public var background: Int { classCount }

    /// How many boxes of one class were said to be of another; zero for a class that is not there.
    public subscript(truth truth: Int, detected detected: Int) -> Int {
        get { isPlace(truth, detected) ? counts[truth * (classCount + 1) + detected] : 0 }
        set { if isPlace(truth, detected) { counts[truth * (classCount + 1) + detected] = newValue } }
    }

    private func isPlace(_ truth: Int, _ detected: Int) -> Bool {
        (0...classCount).contains(truth) && (0...classCount).contains(detected)
    }
}

extension DetectionEvaluation {
    /// What is taken for what among the detections of at least a score.
    ///
    /// Right ones first: those that COCO's matching of their class gives a truth box. Then, by falling score, each of the others is given
    /// the truth box of another class that is still free and that it overlaps most, at least by `iou`: the right place under the wrong
    /// name. What is left on either side is background. A detection on a crowd of its class is left out.
    public func confusion(score least: Double, iou: Double = 0.5, weights: [Int]? = nil) -> ConfusionMatrix {
        let weights = self.weights(weights)
        var matrix = ConfusionMatrix(classCount: classCount)
        let statuses = classes.map { MatchStatus($0, $0.matches(at: iou), least: least) }
        // Per image, what the matching within the classes leaves.
        var free = Array(repeating: [BoxInClass](), count: images.count)
        var wrong = free
        for (index, matches) in classes.enumerated() {
            for (truth, image) in matches.truthImage.enumerated() where matches.truthRanges[truth] & AreaRange.all.bit != 0 {
                if statuses[index].isFound[truth] {
                    matrix[truth: index, detected: index] += weights.values[Int(image)]
                } else {
                    free[Int(image)].append(BoxInClass(classIndex: index, position: truth))
                }
            }
            for (position, image) in matches.image.enumerated() {
                guard matches.score[position] >= least else { break }
                if statuses[index].detections[position] == .unmatched {
                    wrong[Int(image)].append(BoxInClass(classIndex: index, position: position))
                }
            }
        }
        for image in images.indices {
            // Stable, so that of equal scores the lower class goes first.
            let order = ScoreOrder.byFallingScore(wrong[image].map { classes[$0.classIndex].score[$0.position] })
            for detection in order.map({ wrong[image][Int($0)] }) {
                let place = place(of: detection, image)
                var (best, overlap) = (-1, iou)
                for (index, truth) in free[image].enumerated() where truth.classIndex != detection.classIndex {
                    let share = truthPlace(of: truth, image).intersectionOverUnion(place)
                    if share >= overlap, best < 0 || share > overlap { (best, overlap) = (index, share) }
                }
                let truth = best >= 0 ? free[image].remove(at: best).classIndex : matrix.background
                matrix[truth: truth, detected: detection.classIndex] += weights.values[image]
            }
            for truth in free[image] { matrix[truth: truth.classIndex, detected: matrix.background] += weights.values[image] }
        }
        return matrix
    }

    func place(of detection: BoxInClass, _ image: Int) -> PlacedBox {
        PlacedBox(images[image].detections[Int(classes[detection.classIndex].source[detection.position])].box)
    }

    func truthPlace(of truth: BoxInClass, _ image: Int) -> PlacedBox {
        PlacedBox(images[image].truth[Int(classes[truth.classIndex].truthSource[truth.position])].box)
    }
}
