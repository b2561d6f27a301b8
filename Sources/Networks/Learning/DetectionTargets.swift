import Findings
import Geometry
import Tensors

/// The targets of a batch: of the scores of every anchor, and of the boxes of the positive anchors. An anchor is positive where it is
/// matched to a box.
public struct DetectionTargets {
    /// [N, A, C]: 1 where the anchor is matched to a box of the class.
    public let scores: Tensor
    /// [N, A, 1]: 0 where the anchor takes no part, its box's weight where it is positive, else 1.
    public let mask: Tensor
    /// [N, 1, C]: 1 where all boxes of the finding on the image are labelled, 0 where they are not, and only the scores of positive anchors
    /// take part in the loss; `nil` where all are labelled. [N, A, C] where readers say of places that the finding is not there: anchors that
    /// would be matched to such a place are labelled, too.
    public let labelled: Tensor?
    /// [N, A, C]: 0 where the anchor's centre lies in a box of which it is not known whether the class is there, and the anchor is not
    /// positive for the class; else 1. `nil` where there is no such box.
    public let known: Tensor?
    /// The positive anchors, as rows of [N * A].
    public let positives: Tensor?
    /// [P, 4]: the anchors of `positives` as centre x, centre y, width, height.
    public let positiveAnchors: Tensor?
    /// [P, 4]: their boxes as x0, y0, x1, y1 in input pixels.
    public let positiveBoxes: Tensor?
    /// [P, 1]: the weights of `positiveBoxes`.
    public let positiveWeights: Tensor?
    public let positiveCount: Int
    /// Where the tensors are.
    let device: Device
    /// The sum of `positiveWeights`.
    public let positiveWeight: Double

    /// - Parameter examples: For each image its boxes in pixels of the network's input, with their class's column.
    ///   Boxes of which it is not known what they show are no positives, and leave their classes open.
    /// - Parameter isLabelled: [N * C], row-major: whether all boxes of the finding on the image are labelled. Where they are not, anchors
    ///   without a box are no negatives, and their scores of the finding are left out of the loss. `nil` where all boxes are labelled.
    public init(
        examples: [[TrainingBox]], isLabelled: [Bool]? = nil, classCount: Int, anchors: Anchors, assigner: any TargetAssigner,
        device: Device
    ) throws {
        let count = anchors.count
        self.device = device
        var scores = [Float](repeating: 0, count: examples.count * count * classCount)
        var mask = [Float](repeating: 1, count: examples.count * count)
        var positives: [Int] = []
        var positiveAnchors: [Float] = []
        var positiveBoxes: [Float] = []
        var positiveWeights: [Float] = []
        for (image, example) in examples.enumerated() {
            let example = example.filter(\.isPresent)
            guard !example.isEmpty else { continue }
            let assignments = assigner.assign(anchors: anchors, boxes: example.map(\.box))
            for (anchor, assignment) in assignments.enumerated() {
                let row = image * count + anchor
                switch assignment {
                case .background: break
                case .ignored: mask[row] = 0
                case .box(let index):
                    let target = example[index]
                    for column in target.classes { scores[row * classCount + column] = 1 }
                    mask[row] = Float(target.weight)
                    positives.append(row)
                    positiveWeights.append(Float(target.weight))
                    positiveAnchors += anchors.values[anchor * 4..<anchor * 4 + 4]
                    positiveBoxes += [target.box.x, target.box.y, target.box.maxX, target.box.maxY].map(Float.init)
                }
            }
        }
        known = try Self.known(examples, scores: scores, anchors: anchors, classCount: classCount, device: device)
        self.scores = try Tensor(scores, shape: [examples.count, count, classCount]).moved(to: device)
        self.mask = try Tensor(mask, shape: [examples.count, count, 1]).moved(to: device)
        labelled = try isLabelled.flatMap { flags in
            guard flags.contains(false) else { return nil }
            if let each = Self.labelled(examples, flags, anchors: anchors, assigner: assigner, classCount: classCount) {
                return try Tensor(each, shape: [examples.count, count, classCount]).moved(to: device)
            }
            return try Tensor(flags.map { $0 ? 1 : 0 }, shape: [examples.count, 1, classCount]).moved(to: device)
        }
        positiveCount = positives.count
        positiveWeight = positiveWeights.reduce(0) { $0 + Double($1) }
        self.positiveWeights = positives.isEmpty ? nil : try Tensor(positiveWeights, shape: [positives.count, 1]).moved(to: device)
        self.positives = positives.isEmpty ? nil : try Tensor(indices: positives, shape: [positives.count]).moved(to: device)
        self.positiveAnchors = positives.isEmpty ? nil : try Tensor(positiveAnchors, shape: [positives.count, 4]).moved(to: device)
        self.positiveBoxes = positives.isEmpty ? nil : try Tensor(positiveBoxes, shape: [positives.count, 4]).moved(to: device)
    }

    /// - Returns: [N * A * C], row-major; `nil` where no place is known to be without a finding.
    private static func labelled(
        _ examples: [[TrainingBox]], _ flags: [Bool], anchors: Anchors, assigner: any TargetAssigner, classCount: Int
    ) -> [Float]? {
        guard examples.contains(where: { $0.contains(where: \.isAbsent) }) else { return nil }
        var labelled = [Float](repeating: 0, count: examples.count * anchors.count * classCount)
        for (image, example) in examples.enumerated() {
            for column in 0..<classCount where flags[image * classCount + column] {
                for anchor in 0..<anchors.count { labelled[(image * anchors.count + anchor) * classCount + column] = 1 }
            }
            // One place after another: places that lie on each other must not share the anchors out.
            for place in example where place.isAbsent {
                for (anchor, assignment) in assigner.assign(anchors: anchors, boxes: [place.box]).enumerated() {
                    guard case .box = assignment else { continue }
                    for column in place.classes { labelled[(image * anchors.count + anchor) * classCount + column] = 1 }
                }
            }
        }
        return labelled
    }

    /// - Parameter scores: [N * A * C], row-major: 1 where the anchor is positive for the class.
    private static func known(
        _ examples: [[TrainingBox]], scores: [Float], anchors: Anchors, classCount: Int, device: Device
    ) throws -> Tensor? {
        guard examples.contains(where: { $0.contains(where: \.isUnknown) }) else { return nil }
        var known = [Float](repeating: 1, count: scores.count)
        for (image, example) in examples.enumerated() {
            for place in example where place.isUnknown {
                for anchor in 0..<anchors.count {
                    let (x, y) = (Double(anchors.values[anchor * 4]), Double(anchors.values[anchor * 4 + 1]))
                    guard x >= place.box.x, x < place.box.maxX, y >= place.box.y, y < place.box.maxY else { continue }
                    for column in place.classes {
                        let index = (image * anchors.count + anchor) * classCount + column
                        if scores[index] == 0 { known[index] = 0 }
                    }
                }
            }
        }
        return try Tensor(known, shape: [examples.count, anchors.count, classCount]).moved(to: device)
    }
}
