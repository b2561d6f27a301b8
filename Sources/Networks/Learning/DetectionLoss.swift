import Tensors

/// What a single-shot detector minimises: focal loss of the scores (Lin et al., ICCV 2017) and generalised IoU of the boxes
/// (Rezatofighi et al., CVPR 2019), each summed and divided by the anchors that answer for a box; all of them by the boxes' weights.
public struct DetectionLoss: Sendable {
    /// Focal loss: weight of the positives.
    public var alpha: Double
    /// Focal loss: how fast easy anchors fade.
    public var gamma: Double
    /// Weight of the boxes' part.
    public var boxWeight: Double

    public init(alpha: Double = 0.25, gamma: Double = 2, boxWeight: Double = 1) {
        self.alpha = alpha
        self.gamma = gamma
        self.boxWeight = boxWeight
    }

    /// The parts of one batch's loss; single numbers.
    public struct Parts {
        public let total: Tensor
        public let score: Tensor
        public let box: Tensor
    }

    public func callAsFunction(_ output: SSDLite.Output<Tensor>, targets: DetectionTargets) throws -> Parts {
        let normaliser = 1 / max(1, targets.positiveWeight)
        let score = try focal(output.logits.asFloat(), targets.scores, targets.mask) * normaliser
        guard let rows = targets.positives, let anchors = targets.positiveAnchors, let boxes = targets.positiveBoxes,
            let weights = targets.positiveWeights
        else {
            let none = try output.encodings.asFloat().sum() * 0
            return Parts(total: try score + none, score: score, box: none)
        }
        let count = output.encodings.shape[0] * output.encodings.shape[1]
        let encodings = try output.encodings.asFloat().reshaped([count, 4]).selected(axis: 0, indices: rows)
        let box = try (Self.generalisedIoULoss(Self.decoded(encodings, anchors: anchors), boxes) * weights).sum() * normaliser
        return Parts(total: try score + box * boxWeight, score: score, box: box)
    }

    /// Sum over anchors and classes of -α_t |t - σ|^γ log p_t.
    func focal(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
        let entropy = try logits.binaryCrossEntropy(targets: targets)
        let distance = try (targets - logits.sigmoid()).absolute()
        // α where the target is 1, 1 - α where it is 0.
        let weight = try targets * (2 * alpha - 1) + (1 - alpha)
        return try (entropy * distance.power(gamma) * weight * mask).sum()
    }

    /// `BoxCoder`'s decoding of chosen rows: [P, 4] encodings and anchors to [P, 4] corners.
    static func decoded(_ encodings: Tensor, anchors: Tensor) throws -> Tensor {
        let sizes = try anchors.sliced(axis: 1, from: 2, to: 4)
        let shift = try encodings.sliced(axis: 1, from: 0, to: 2) * (1 / BoxCoder.centreFactor)
        let centres = try anchors.sliced(axis: 1, from: 0, to: 2) + shift * sizes
        let logarithms = try (encodings.sliced(axis: 1, from: 2, to: 4) * (1 / BoxCoder.sizeFactor))
            .clamped(-BoxCoder.sizeLimit, BoxCoder.sizeLimit)
        let halves = try logarithms.exponential() * sizes * 0.5
        return try Tensor.concatenated([centres - halves, centres + halves], axis: 1)
    }

    /// 1 - GIoU of [P, 4] corners, a row each: [P, 1].
    static func generalisedIoULoss(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        func corners(_ x: Tensor) throws -> (low: Tensor, high: Tensor) {
            (try x.sliced(axis: 1, from: 0, to: 2), try x.sliced(axis: 1, from: 2, to: 4))
        }
        func area(_ size: Tensor) throws -> Tensor { try size.sliced(axis: 1, from: 0, to: 1) * size.sliced(axis: 1, from: 1, to: 2) }
        let (aLow, aHigh) = try corners(a)
        let (bLow, bHigh) = try corners(b)
        let common = try area((aHigh.minimum(bHigh) - aLow.maximum(bLow)).clamped(0, 1e9))
        let union = try area(aHigh - aLow) + area(bHigh - bLow) - common
        let hull = try area(aHigh.maximum(bHigh) - aLow.minimum(bLow))
        let iou = try common / (union + 1e-6)
        let giou = try iou - (hull - union) / (hull + 1e-6)
        return try giou * -1 + 1
    }
}
