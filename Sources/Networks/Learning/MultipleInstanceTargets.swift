import Tensors

/// Findings that an image is labelled with and that nobody boxed there, and what they teach: some anchor sees the finding, one knows not
/// which (multiple instances: Dietterich et al., Artificial Intelligence 1997; of detectors Bilen and Vedaldi, CVPR 2016).
///
/// The image is a bag of anchors. Its logit of a finding is the smooth maximum of theirs, and is taught to be 1 by binary cross-entropy.
/// The smooth maximum of Pinheiro and Collobert (CVPR 2015) is a mean inside: the plain log-sum-exp of 3,234 anchors that all start
/// at a score of 0.01 is 3.5, so the bag would be sure before anything was learnt. That a finding is absent is taught by the anchors
/// themselves, as ever.
public struct MultipleInstanceTargets {
    /// As that of attention by labels: one sure anchor among 3,234 is taken off by 1.6.
    public static let sharpness = LabelAttention.sharpness

    /// [N, C]: how much a bag counts; 0 where the finding is boxed, absent or not known, and where its labels are not learnt from.
    public let weights: Tensor
    /// The sum of `weights`.
    public let amount: Double

    /// - Parameters:
    ///   - labels: [N * C], row-major: 1 present, 0 absent, NaN not known; between where images are mixed, and the bag counts so much.
    ///   - examples: The boxes of each image.
    ///   - isLearnt: Which findings count, [C].
    public init(labels: [Float], examples: [[TrainingBox]], isLearnt: [Bool], device: Device) throws {
        let columns = isLearnt.count
        var weights = [Float](repeating: 0, count: examples.count * columns)
        for (image, boxes) in examples.enumerated() {
            let boxed = Set(boxes.filter(\.isPresent).flatMap(\.classes))
            for column in 0..<columns where isLearnt[column] && !boxed.contains(column) {
                let place = image * columns + column
                guard place < labels.count, labels[place] > 0 else { continue }
                weights[place] = labels[place]
            }
        }
        self.weights = try Tensor(weights, shape: [examples.count, columns]).moved(to: device)
        amount = weights.reduce(0) { $0 + Double($1) }
    }

    /// Sum of the bags' cross-entropies, each times its weight, over `amount`: a single number.
    /// - Parameters:
    ///   - logits: [N, A, C].
    ///   - amount: That of all parts of the step.
    public func loss(_ logits: Tensor, amount: Double) throws -> Tensor {
        let bags = try logits.asFloat().smoothMaximum(axis: 1, sharpness: Self.sharpness)
        let present = try bags.zerosLike() + 1
        return try (bags.binaryCrossEntropy(targets: present) * weights).sum() * (1 / max(1, amount))
    }
}
