import Tensors

/// What a single-shot detector minimises: focal loss of the scores (Lin et al., ICCV 2017) and generalised IoU of the boxes
/// (Rezatofighi et al., CVPR 2019), and for a head that says how well its boxes fit, the cross-entropy of that. Each is a sum, normalised by the
/// positive anchors, which count by their boxes' weights.
public struct DetectionLoss: Sendable {
    /// Focal loss: weight of the positives.
    public var alpha: Double
    /// Focal loss: how fast easy anchors fade.
    public var gamma: Double
    /// Weight of the boxes' part.
    public var boxWeight: Double

    /// What the head that says how well a box fits is taught.
    public var quality: Quality
    /// The target of a positive anchor's score.
    public var target: Target

    /// The target of a positive anchor's score.
    public enum Target: String, Codable, CaseIterable, Hashable, Sendable {
        /// 1, however well its box fits (RetinaNet).
        case one
        /// How much the box that is found overlaps the true one, so that of two boxes the better one has the higher score (quality focal
        /// loss: Li et al., Generalized focal loss, NeurIPS 2020).
        case overlap
    }

    /// How well a box fits.
    public enum Quality: String, Codable, CaseIterable, Hashable, Sendable {
        /// How near the point is to the middle of the true box (Tian et al., ICCV 2019); points near the edge then count less for the box.
        case centreness
        /// How much the box that is found overlaps the true one (Wu et al., IoU-aware single-stage detector, 2020).
        case overlap
    }

    public init(alpha: Double = 0.25, gamma: Double = 2, boxWeight: Double = 1, quality: Quality = .overlap, target: Target = .one) {
        self.target = target
        self.alpha = alpha
        self.gamma = gamma
        self.boxWeight = boxWeight
        self.quality = quality
    }

    /// The parts of one batch's loss; single numbers.
    public struct Parts {
        public let total: Tensor
        public let score: Tensor
        public let box: Tensor
        /// `nil` where the head does not say how well its boxes fit.
        public let quality: Tensor?
    }

    /// - Parameters:
    ///   - positives: What the parts are normalised by: the weight of the positive anchors of all parts of the step; `nil` for that of
    ///     these targets.
    ///   - boxes: What the boxes' part is divided by where `quality` is centre-ness: `boxAmount` of all parts.
    public func callAsFunction(
        _ output: DetectionOutput<Tensor>, targets: DetectionTargets, coding: BoxCoding = .singleShot, positives: Double? = nil,
        boxes boxTotal: Double? = nil
    ) throws -> Parts {
        let normaliser = 1 / max(1, positives ?? targets.positiveWeight)
        guard let rows = targets.positives, let anchors = targets.positiveAnchors, let boxes = targets.positiveBoxes,
            let weights = targets.positiveWeights
        else {
            let score = try focal(output.logits.asFloat(), targets, targets.scores) * normaliser
            let none = try output.encodings.asFloat().sum() * 0
            let silent = try output.quality.map { try $0.asFloat().sum() * 0 }
            return Parts(total: try score + none + (silent ?? none), score: score, box: none, quality: silent)
        }
        let count = output.encodings.shape[0] * output.encodings.shape[1]
        let encodings = try output.encodings.asFloat().reshaped([count, 4]).selected(axis: 0, indices: rows)
        let found = try Self.decoded(encodings, anchors: anchors, coding: coding)
        var wanted = targets.scores
        if target == .overlap {
            let fit = try Self.intersectionOverUnion(found.detached(), boxes)
            let ones = try Tensor([Float](repeating: 1, count: count), shape: [count, 1]).moved(to: targets.device)
            wanted =
                try wanted
                * ones.replacing(axis: 0, indices: rows, with: fit).reshaped([output.logits.shape[0], output.logits.shape[1], 1])
        }
        let score = try focal(output.logits.asFloat(), targets, wanted) * normaliser
        guard let said = output.quality else {
            let box = try (Self.generalisedIoULoss(found, boxes) * weights).sum() * normaliser
            return Parts(total: try score + box * boxWeight, score: score, box: box, quality: nil)
        }
        let fit =
            switch quality {
            case .centreness: try Self.centreness(anchors: anchors, boxes)
            case .overlap: try Self.intersectionOverUnion(found.detached(), boxes)
            }
        let logits = try said.asFloat().reshaped([count, 1]).selected(axis: 0, indices: rows)
        let qualityLoss = try (logits.binaryCrossEntropy(targets: fit) * weights).sum() * normaliser
        // As in FCOS and ATSS, a box counts as much as its point is fit to say it.
        let boxWeights = quality == .centreness ? try weights * fit : weights
        let divisor = quality == .centreness ? 1 / max(1e-6, try boxTotal ?? boxAmount(targets)) : normaliser
        let box = try (Self.generalisedIoULoss(found, boxes) * boxWeights).sum() * divisor
        return Parts(total: try score + box * boxWeight + qualityLoss, score: score, box: box, quality: qualityLoss)
    }

    /// What the boxes' part of these targets is divided by: the sum of their weights, each times its centre-ness where `quality` is that.
    public func boxAmount(_ targets: DetectionTargets) throws -> Double {
        guard quality == .centreness, let anchors = targets.positiveAnchors, let boxes = targets.positiveBoxes,
            let weights = targets.positiveWeights
        else { return targets.positiveWeight }
        return try (Self.centreness(anchors: anchors, boxes) * weights).sum().item()
    }

    /// Sum over anchors and classes of α_t |t - σ|^γ times the cross-entropy of σ for t.
    /// - Parameter wanted: t, [N, A, C].
    func focal(_ logits: Tensor, _ targets: DetectionTargets, _ wanted: Tensor) throws -> Tensor {
        let entropy = try logits.binaryCrossEntropy(targets: wanted)
        let distance = try (wanted - logits.sigmoid()).absolute()
        // α for positive anchors, 1 - α for the others.
        var weight = try (targets.scores * (2 * alpha - 1) + (1 - alpha)) * targets.mask
        // A positive is a positive, whatever is known of the rest of the image.
        if let labelled = targets.labelled { weight = try weight * labelled.maximum(targets.scores) }
        if let known = targets.known { weight = try weight * known }
        return try (entropy * distance.power(gamma) * weight).sum()
    }

    /// `BoxCoding`'s decoding of chosen rows: [P, 4] encodings and anchors to [P, 4] corners.
    static func decoded(_ encodings: Tensor, anchors: Tensor, coding: BoxCoding = .singleShot) throws -> Tensor {
        let centres = try anchors.sliced(axis: 1, from: 0, to: 2)
        let sizes = try anchors.sliced(axis: 1, from: 2, to: 4)
        func exponentials(_ columns: Range<Int>, _ factor: Double) throws -> Tensor {
            try (encodings.sliced(axis: 1, from: columns.lowerBound, to: columns.upperBound) * factor)
                .clamped(-BoxCoding.sizeLimit, BoxCoding.sizeLimit).exponential() * sizes
        }
        switch coding {
        case .offsets(let centreFactor, let sizeFactor):
            let middles = try centres + encodings.sliced(axis: 1, from: 0, to: 2) * (1 / centreFactor) * sizes
            let halves = try exponentials(2..<4, 1 / sizeFactor) * 0.5
            return try Tensor.concatenated([middles - halves, middles + halves], axis: 1)
        case .distances:
            return try Tensor.concatenated([centres - exponentials(0..<2, 1), centres + exponentials(2..<4, 1)], axis: 1)
        }
    }

    /// FCOS's √(min(l, r) / max(l, r) · min(t, b) / max(t, b)) of anchors' centres in [P, 4] corners: [P, 1].
    static func centreness(anchors: Tensor, _ boxes: Tensor) throws -> Tensor {
        let centres = try anchors.sliced(axis: 1, from: 0, to: 2)
        let low = try (centres - boxes.sliced(axis: 1, from: 0, to: 2)).clamped(1e-3, 1e9)
        let high = try (boxes.sliced(axis: 1, from: 2, to: 4) - centres).clamped(1e-3, 1e9)
        let ratios = try low.minimum(high) / low.maximum(high)
        return try (ratios.sliced(axis: 1, from: 0, to: 1) * ratios.sliced(axis: 1, from: 1, to: 2)).squareRoot()
    }

    /// Of [P, 4] corners, a row each: [P, 1].
    static func intersectionOverUnion(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        func area(_ size: Tensor) throws -> Tensor { try size.sliced(axis: 1, from: 0, to: 1) * size.sliced(axis: 1, from: 1, to: 2) }
        func low(_ x: Tensor) throws -> Tensor { try x.sliced(axis: 1, from: 0, to: 2) }
        func high(_ x: Tensor) throws -> Tensor { try x.sliced(axis: 1, from: 2, to: 4) }
        let common = try area((high(a).minimum(high(b)) - low(a).maximum(low(b))).clamped(0, 1e9))
        let union = try area(high(a) - low(a)) + area(high(b) - low(b)) - common
        return try common / (union + 1e-6)
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
