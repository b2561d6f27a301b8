import Findings
import Geometry
import Models
import Radiographs

/// What is to be explained: one class in one place.
public struct ExplainedTarget: Hashable, Sendable {
    /// The finding's id within its image.
    public var id: String
    /// Column of the networks' scores.
    public var classIndex: Int
    /// In pixels of the image as the networks see it.
    public var box: Box

    public init(id: String, classIndex: Int, box: Box) {
        (self.id, self.classIndex, self.box) = (id, classIndex, box)
    }
}

/// How much of a finding a network sees, as one number without a threshold or suppression: the best, over all places that the network looks
/// at, of IoU with the finding's box times the class's score. After D-RISE (Petsiuk et al., CVPR 2021, arXiv 2006.03204).
///
/// Boxes with a side below 24 px (at an input of 320) are grown to it first: the IoU of tiny boxes falls to 0 by a shift of two pixels.
struct TargetScore: Sendable {
    /// x0, y0, x1, y1 in pixels of the member's input.
    private let target: Corners
    private let classIndex: Int
    private let leastSide: Float
    /// The image within the input: boxes are cut at its edges, as those that are shown are.
    private let frame: Corners

    struct Corners: Sendable {
        var x0, y0, x1, y1: Float
        var area: Float { max(0, x1 - x0) * max(0, y1 - y0) }

        func grown(to side: Float) -> Corners {
            var corners = self
            if x1 - x0 < side { (corners.x0, corners.x1) = ((x0 + x1 - side) / 2, (x0 + x1 + side) / 2) }
            if y1 - y0 < side { (corners.y0, corners.y1) = ((y0 + y1 - side) / 2, (y0 + y1 + side) / 2) }
            return corners
        }

        func overlap(_ other: Corners) -> Float {
            let width = min(x1, other.x1) - max(x0, other.x0)
            let height = min(y1, other.y1) - max(y0, other.y0)
            guard width > 0, height > 0 else { return 0 }
            let common = width * height
            return common / (area + other.area - common)
        }
    }

    static let leastSide = 24.0

    init(_ target: ExplainedTarget, input: ModelInput, plane: ImagePlane) {
        let box = input.transform.boxInInput(target.box)
        leastSide = Float(Self.leastSide * Double(max(input.width, input.height)) / 320)
        self.target = Corners(x0: Float(box.x), y0: Float(box.y), x1: Float(box.maxX), y1: Float(box.maxY)).grown(to: leastSide)
        classIndex = target.classIndex
        let (left, top) = (Float(input.transform.offsetX), Float(input.transform.offsetY))
        let scale = Float(input.transform.scale / plane.scale)
        frame = Corners(x0: left, y0: top, x1: left + Float(plane.width) * scale, y1: top + Float(plane.height) * scale)
    }

    /// The best place: its score times IoU, the class's plain score there, and which place it is.
    func best(_ output: NetworkOutput, classCount: Int) -> (value: Float, score: Float, place: Int?) {
        var best: (value: Float, score: Float, place: Int?) = (0, 0, nil)
        output.scores.withUnsafeBufferPointer { scores in
            output.boxes.withUnsafeBufferPointer { boxes in
                for place in 0..<min(scores.count / classCount, boxes.count / 4) {
                    let score = scores[place * classCount + classIndex]
                    // An IoU is at most 1.
                    guard score > best.value else { continue }
                    let box = Corners(
                        x0: max(frame.x0, boxes[4 * place]), y0: max(frame.y0, boxes[4 * place + 1]),
                        x1: min(frame.x1, boxes[4 * place + 2]), y1: min(frame.y1, boxes[4 * place + 3]))
                    guard box.x1 > box.x0, box.y1 > box.y0 else { continue }
                    let value = score * box.grown(to: leastSide).overlap(target)
                    if value > best.value { best = (value, score, place) }
                }
            }
        }
        return best
    }
}
