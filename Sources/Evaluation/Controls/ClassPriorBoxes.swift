import Findings
import Geometry

/// The same boxes on every image: where a finding lay in the images learnt from, scaled to the image's size.
///
/// Two boxes a class are the control to beat, as many findings have a left and a right; the one mean box lies between the two, where
/// nothing is.
public struct ClassPriorBoxes: Control {
    /// Each box in parts of the image's width and height, with its class and score. By falling score.
    public let priors: [Detection]
    public let boxesPerClass: Int

    public var name: String { boxesPerClass == 1 ? "mean box of the class" : "\(boxesPerClass) usual boxes of the class" }

    /// - Parameters:
    ///   - images: Those learnt from, with and without boxes; never those that are scored.
    ///   - classCount: How many classes the label map has.
    ///   - boxesPerClass: One is the mean box. A class of fewer different boxes has fewer.
    /// - Note: A box's score is the share of the images learnt from that have a box of the class closer to it than to the class's other
    ///   boxes, so that commoner places of commoner findings come first.
    public init(learntFrom images: [EvaluatedImage], classCount: Int, boxesPerClass: Int = 2, seed: UInt64 = 1) {
        self.boxesPerClass = max(1, boxesPerClass)
        var boxes: [[Box]] = Array(repeating: [], count: max(0, classCount)), imageOfBox: [[Int]] = boxes.map { _ in [] }
        for (number, image) in images.enumerated() where image.width > 0 && image.height > 0 {
            for truth in image.truth where boxes.indices.contains(truth.classIndex) && !truth.isCrowd && !truth.box.isEmpty {
                boxes[truth.classIndex].append(truth.box.scaled(1 / Double(image.width), 1 / Double(image.height)))
                imageOfBox[truth.classIndex].append(number)
            }
        }
        var priors: [Detection] = []
        for (classIndex, boxes) in boxes.enumerated() {
            let clusters = BoxClusters(boxes, count: self.boxesPerClass, seed: seed)
            for (cluster, centre) in clusters.centres.enumerated() {
                let members = clusters.clusterOfBox.indices.filter { clusters.clusterOfBox[$0] == cluster }
                let share = Double(Set(members.map { imageOfBox[classIndex][$0] }).count) / Double(images.count)
                priors.append(Detection(box: centre, classIndex: classIndex, score: share))
            }
        }
        self.priors = priors.sorted { $0.score > $1.score }
    }

    public func detections(on image: EvaluatedImage) -> [Detection] {
        priors.map { prior in
            Detection(
                box: prior.box.scaled(Double(image.width), Double(image.height)), classIndex: prior.classIndex, score: prior.score)
        }
    }
}

extension Box {
    /// The box on an image stretched by these factors.
    fileprivate func scaled(_ horizontally: Double, _ vertically: Double) -> Box {
        Box(x: x * horizontally, y: y * vertically, width: width * horizontally, height: height * vertically)
    }
}
