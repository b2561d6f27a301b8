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
    public internal(set) var tensor: Tensor

    init(name: String, role: Role, tensor: Tensor) {
        self.name = name
        self.role = role
        self.tensor = tensor
    }
}
