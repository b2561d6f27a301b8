import Tensors

/// Which findings whole images have, where that is known, and the loss of a head that says so: binary cross-entropy of each finding,
/// independent of the others.
public struct ImageTargets {
    /// [N, C]: 1 present, 0 absent; 0 too where it is not known.
    public let labels: Tensor
    /// [N, C]: 1 where it is known and learnt from.
    public let mask: Tensor
    /// Ones of `mask`.
    public let knownCount: Int

    /// - Parameters:
    ///   - labels: [N, C], row-major: 1 present, 0 absent, NaN not known.
    ///   - isLearnt: Which findings count, [C].
    public init(labels: [Float], isLearnt: [Bool], device: Device) throws {
        let columns = max(1, isLearnt.count)
        let shape = [labels.count / columns, columns]
        var (targets, mask) = ([Float](), [Float]())
        for (index, label) in labels.prefix(shape[0] * columns).enumerated() {
            targets.append(label.isNaN ? 0 : label)
            mask.append(label.isNaN || !isLearnt[index % columns] ? 0 : 1)
        }
        self.labels = try Tensor(targets, shape: shape).moved(to: device)
        self.mask = try Tensor(mask, shape: shape).moved(to: device)
        knownCount = mask.count { $0 > 0 }
    }

    /// Sum of the cross-entropies of what is known, over `count`: a single number.
    /// - Parameter logits: [N, C].
    public func loss(_ logits: Tensor, count: Double) throws -> Tensor {
        try (logits.asFloat().binaryCrossEntropy(targets: labels) * mask).sum() * (1 / max(1, count))
    }
}
