/// Processes that train one network together, each on its own images: every one calls the same functions in the same order, and each call
/// waits for all. `SingleProcess` where there is one; `MPIProcessGroup` over Open MPI; NCCL would be a third.
public protocol ProcessGroup: AnyObject {
    /// This process's number, from 0.
    var rank: Int { get }
    var count: Int { get }

    /// Replaces every tensor, in place, by its sum over the processes: the same numbers on all of them, to the bit. The tensors' shapes
    /// must be the same everywhere. Added in 32 bits, or in 64 where one of the tensors has them.
    func sum(_ tensors: [Tensor]) throws

    /// Replaces every tensor, in place, by that of one process.
    func broadcast(_ tensors: [Tensor], from root: Int) throws

    /// Returns when all processes have come here.
    func barrier() throws

    /// Ends all processes at once, so that none waits for one that failed. Does not return where there are others.
    func abort()

    /// Says goodbye: the last call of a process that ends well.
    func finish()
}

extension ProcessGroup {
    /// Replaces every tensor, in place, by its mean over the processes.
    public func average(_ tensors: [Tensor]) throws {
        guard count > 1 else { return }
        try sum(tensors)
        try TensorList.scale(tensors, by: 1 / Double(count))
    }

    /// The sums of numbers over the processes.
    public func sum(_ numbers: [Double]) throws -> [Double] {
        guard count > 1 else { return numbers }
        let tensor = try Tensor(doubles: numbers, shape: [numbers.count])
        try sum([tensor])
        return try tensor.doubles()
    }

    /// Replaces the gradients of `parameters` by their sums over the processes. A process that has no gradient for a parameter adds nothing
    /// to it; where none has, there is none afterwards.
    ///
    /// With a loss that each process divides by the whole batch's normaliser, the sum is the gradient of one process with the whole
    /// batch; `factor` scales it (1 / count for a loss that each process divides by its own).
    public func sumGradients(of parameters: [Tensor], factor: Double = 1) throws {
        guard count > 1 else {
            if factor != 1 { try TensorList.scale(parameters.compactMap(\.gradient), by: factor) }
            return
        }
        try Engine.withoutGradients {
            let gradients = try parameters.map { try $0.gradient ?? $0.zerosLike() }
            let presence = try Tensor(parameters.map { $0.gradient == nil ? 0 : 1 }, shape: [parameters.count])
            try sum(gradients + [presence])
            if factor != 1 { try TensorList.scale(gradients, by: factor) }
            for ((parameter, gradient), number) in try zip(zip(parameters, gradients), presence.floats()) where number > 0 {
                if parameter.gradient == nil { try parameter.setGradient(gradient) }
            }
        }
    }

    /// The sum over the processes, with its derivative: what one process's result owes to another's `x` flows back to it.
    public func differentiableSum(_ x: Tensor) throws -> Tensor {
        guard count > 1 else { return x }
        let total = try x.detached().copied()
        try sum([total])
        guard x.requiresGradient else { return total }
        // Adding exactly 0 ties the sum to x, and leaves it the same on all processes.
        let result = try total + (x - x.detached())
        try result.onGradient { [self] gradient in
            let total = try gradient.copied()
            try sum([total])
            return total
        }
        return result
    }
}

/// One process by itself.
public final class SingleProcess: ProcessGroup {
    public var rank: Int { 0 }
    public var count: Int { 1 }

    public init() {}

    public func sum(_ tensors: [Tensor]) throws {}
    public func broadcast(_ tensors: [Tensor], from root: Int) throws {
        guard root == 0 else { throw TensorError(.processes, "there is no process \(root), only 1") }
    }
    public func barrier() throws {}
    public func abort() {}
    public func finish() {}
}
