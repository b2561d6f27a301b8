/// Says which findings a whole image has: the mean over the backbone's last map, then one logit a finding.
public struct ImageHead {
    let classify: Convolution
    let classCount: Int

    init(_ name: String, channels: Int, classCount: Int, prior: Double = 0.1, initialiser: inout Initialiser) throws {
        self.classCount = classCount
        classify = try Convolution(
            "\(name).classify", inputs: channels, outputs: classCount, kernel: 1, bias: Float(BoxCoding.logit(prior)), deviation: 0.01,
            initialiser: &initialiser)
    }

    var parameters: [Parameter] { classify.parameters }

    /// [N, channels, H, W] to logits [N, C].
    func callAsFunction<E: Executor>(_ map: E.Value, _ executor: E) throws -> E.Value {
        try executor.flattened(classify(executor.globalAverage(map), executor), columns: classCount)
    }
}
