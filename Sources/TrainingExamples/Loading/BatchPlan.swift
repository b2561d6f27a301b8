import Findings

/// Which pictures are in the batch of any step.
///
/// All batches, one after another, are one sequence of places. Normal pictures, and pictures with labels of the whole image alone, are
/// spread evenly over it by their shares; all other places have pictures with boxes. So every batch, and every part of one, has nearly the
/// same mixture.
struct BatchPlan: Sendable {
    private let batchSize: Int
    private let normalShare: Double
    /// Of the places that are not normal.
    private let labelledShare: Double
    private let boxed: Pool
    private let normal: Pool
    private let labelled: Pool

    private struct Pool: Sendable {
        let pictures: [Int]
        let order: EpochOrder

        func picture(at place: Int) -> Int? { order.picture(at: place).map { pictures[$0] } }
    }

    init(store: ExampleStore, sampling: Sampling, batchSize: Int, streams: RandomStreams) {
        self.batchSize = batchSize
        func pool(_ pictures: [Int], _ number: UInt64, isBalanced: Bool) -> Pool {
            // Normal pictures have no findings to be evened out.
            let findings = pictures.map { isBalanced ? store.findings(of: $0) : [] }
            let weights =
                isBalanced || sampling.bySource ? sampling.weights(findings, sources: pictures.map { store.sources(of: $0) }) : nil
            return Pool(
                pictures: pictures, order: EpochOrder(count: pictures.count, weights: weights, streams: streams, pool: number))
        }
        boxed = pool(store.boxed, 0, isBalanced: true)
        normal = pool(store.normal, 1, isBalanced: false)
        labelled = pool(store.labelled, 2, isBalanced: true)
        let normalShare = store.normal.isEmpty ? 0 : store.boxed.isEmpty && store.labelled.isEmpty ? 1 : sampling.normalShare
        self.normalShare = normalShare
        let labelledShare = store.labelled.isEmpty ? 0 : store.boxed.isEmpty ? 1 : sampling.labelledShare / max(1e-9, 1 - normalShare)
        self.labelledShare = min(1, labelledShare)
    }

    /// Steps that show every picture of the pool that matters most about once: those with boxes, else the labelled ones, else the
    /// normal ones.
    var stepsPerEpoch: Int {
        let (pool, share) =
            boxed.order.count > 0
            ? (boxed, (1 - normalShare) * (1 - labelledShare))
            : labelled.order.count > 0 ? (labelled, 1 - normalShare) : (normal, normalShare)
        let perStep = Double(batchSize) * share
        return perStep > 0 ? max(1, Int((Double(pool.order.count) / perStep - 1e-9).rounded(.up))) : 1
    }

    /// The pictures of a step's batch, in their places.
    func pictures(step: Int) -> [Int] {
        let step = min(max(0, step), RandomStreams.lastStep)
        return (0..<batchSize).compactMap { picture(at: step * batchSize + $0) }
    }

    /// How many of the first `places` come to lie at a share.
    private func passed(_ places: Int, _ share: Double) -> Int { Int((Double(places) * share + 1e-6).rounded(.down)) }

    private func picture(at place: Int) -> Int? {
        let normals = passed(place, normalShare)
        if passed(place + 1, normalShare) > normals { return normal.picture(at: normals) }
        let others = place - normals
        let labels = passed(others, labelledShare)
        if passed(others + 1, labelledShare) > labels { return labelled.picture(at: labels) }
        return boxed.picture(at: others - labels)
    }
}
