import Tensors

extension Backbone {
    /// Keeps the first `count` stages as they are and lets the others learn, from the next `prepareForTraining` on.
    ///
    /// The frozen stages' forward is then not recorded, for neither their input nor their parameters want a gradient: they take no memory
    /// for the backward, and no time in it. Their batch normalisation goes by its running statistics.
    /// - Throws: `NetworkError` where the backbone has not so many stages.
    public func freeze(stages count: Int) throws {
        let stages = stages
        guard (0...stages.count).contains(count) else {
            throw NetworkError(.shape, "\(count) stages cannot be frozen; this backbone has \(stages.count)")
        }
        for (index, stage) in stages.enumerated() {
            for parameter in stage {
                parameter.isFrozen = index < count
                if parameter.isFrozen { try parameter.tensor.setRequiresGradient(false) }
            }
        }
    }
}
