import Tensors

extension BatchNormalisation {
    /// Normalises by the statistics of all processes' batches together, as if they were one batch, and moves the running ones by them.
    ///
    /// Every process lays its count, means and variances into a row of its own; the sum of these tables over the processes has all rows,
    /// from which the whole's mean and variance follow without loss (Chan, Golub and LeVeque, 1983). One exchange forward, one back.
    /// - Parameters:
    ///   - x: [N, C, H, W]; N may differ between the processes.
    ///   - momentum: Share of the batch in the running statistics.
    func synchronised(_ x: Tensor, over group: any ProcessGroup, momentum: Double) throws -> Tensor {
        let shape = x.shape
        let channels = shape[1]
        let count = Float(shape[0] * shape[2] * shape[3])
        // Convolutions may have given 16 bits, the parameters never have fewer than 32.
        let wide = try x.converted(like: weight.tensor)
        let (variance, mean) = try wide.varianceAndMean(axes: [0, 2, 3])
        let counted = try Tensor([count], shape: [1]).moved(to: x.device)
        let own = try Tensor.concatenated([counted, mean, variance], axis: 0).reshaped([1, 1 + 2 * channels])
        let before = try Tensor.zeros([group.rank, 1 + 2 * channels]).moved(to: x.device)
        let after = try Tensor.zeros([group.count - group.rank - 1, 1 + 2 * channels]).moved(to: x.device)
        let table = try group.differentiableSum(Tensor.concatenated([before, own, after], axis: 0))

        let counts = try table.sliced(axis: 1, from: 0, to: 1)
        let total = try counts.detached().sum()
        let shares = try counts / total
        let means = try table.sliced(axis: 1, from: 1, to: 1 + channels)
        let variances = try table.sliced(axis: 1, from: 1 + channels, to: 1 + 2 * channels)
        let jointMean = try (means * shares).sum(axes: [0])
        let distance = try means - jointMean
        let jointVariance = try ((variances + distance * distance) * shares).sum(axes: [0])

        try Engine.withoutGradients {
            let size = try total.item()
            // The running variance is the unbiased estimate.
            let unbiased = try jointVariance * (size / max(1, size - 1))
            try TensorList.interpolate([runningMean.tensor, runningVariance.tensor], towards: [jointMean, unbiased], weight: momentum)
        }
        let scale = try weight.tensor / (jointVariance + epsilon).squareRoot()
        let shift = try bias.tensor - jointMean * scale
        let perChannel = [1, channels, 1, 1]
        return try shift.reshaped(perChannel).adding(product: wide, scale.reshaped(perChannel)).converted(like: x)
    }
}
