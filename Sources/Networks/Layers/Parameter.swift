import Tensors

/// A named tensor of a network: learnt, or gathered while learning (running statistics).
public final class Parameter {
    public enum Role: Hashable, Sendable {
        /// Decays with the optimiser's weight decay.
        case weight
        /// Biases and the scale and shift of a normalisation: no weight decay.
        case bias
        /// Running mean and variance: not learnt by gradients.
        case statistic
    }

    /// Dotted path from the network's root, unique in it.
    public let name: String
    public let role: Role
    public package(set) var tensor: Tensor
    /// Stays as it is while the rest of the network learns: no gradient, and a normalisation that is frozen goes by its running
    /// statistics and leaves them alone. `Backbone.freeze(stages:)` sets it.
    public internal(set) var isFrozen = false

    /// Whether gradients move it.
    public var isLearnt: Bool { role != .statistic && !isFrozen }

    init(name: String, role: Role, tensor: Tensor) {
        self.name = name
        self.role = role
        self.tensor = tensor
    }
}
