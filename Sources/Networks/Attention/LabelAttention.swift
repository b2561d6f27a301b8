import Tensors

/// Spatial attention that image-level labels teach (the idea of DualAttNet, Xu and Duan, arXiv 2306.13813). On each of some maps a 1x1
/// convolution gives a map a finding: how much that place looks like it. Pooled over all places of all maps they are logits of the whole
/// image, which the labels teach; multiplied back into the features they say to the heads where to look. So labels without boxes teach
/// places.
///
/// Pooled by the smooth maximum of Pinheiro and Collobert (CVPR 2015), as Wang et al. (ChestX-ray8, CVPR 2017) pool: a log-sum-exp that is
/// divided by the count of places inside, so that an image's logit is not larger for a larger input.
public struct LabelAttention {
    /// Of the pooling: one place in 500 that is sure is taken off by log 500 / 5 = 1.2.
    public static let sharpness = 5.0

    let maps: [Convolution]
    let gates: [ResidualGate]

    /// - Parameters:
    ///   - channels: Of each map.
    ///   - prior: The probability that every place, and so the image, starts with.
    init(_ name: String, channels: [Int], classCount: Int, prior: Double = 0.1, initialiser: inout Initialiser) throws {
        maps = try channels.enumerated().map { index, channels in
            try Convolution(
                "\(name).map_\(index)", inputs: channels, outputs: classCount, kernel: 1, bias: Float(BoxCoding.logit(prior)),
                deviation: 0.01, initialiser: &initialiser)
        }
        gates = try channels.enumerated().map { try ResidualGate("\(name).gate_\($0)", channels: $1, initialiser: initialiser) }
    }

    var parameters: [Parameter] { maps.flatMap(\.parameters) + gates.map(\.amount) }

    /// Maps [N, channels[i], Hi, Wi] to the same, each multiplied by 1 + a · σ(the largest of the findings' maps), and logits [N, C] of
    /// the image.
    ///
    /// The largest, not the mean: a place with one finding is as much worth a look as one with all, and most places have at most one.
    func callAsFunction<E: Executor>(_ features: [E.Value], _ executor: E) throws -> (features: [E.Value], imageLogits: E.Value) {
        let findings = try zip(maps, features).map { try $0($1, executor) }
        let places = try executor.concatenate(findings.map { try executor.places($0) }, axis: 2)
        let gated = try features.indices.map { index in
            try gates[index](features[index], executor.sigmoid(executor.channelMaximum(findings[index])), executor)
        }
        return (gated, try executor.smoothMaximum(places, sharpness: Self.sharpness))
    }
}
