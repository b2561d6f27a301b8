import Models

/// A network, or several that read together, that scores images: all that an explanation needs to know of it.
///
/// A detector is one (`DetectorNetwork`); so is a stub whose scores are known in closed form.
public protocol ExplainableNetwork: Sendable {
    /// The networks, in the order of their outputs.
    var members: [ExplainedMember] { get }
    /// How many runs are worth doing at once.
    var parallelRuns: Int { get }
    /// Runs all networks on one image.
    /// - Parameter inputs: One for each way of preprocessing, [C * H * W], row-major.
    /// - Returns: One output a member: boxes in pixels of its input, scores before any threshold or suppression.
    func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput]
}

/// One network among those that read together.
public struct ExplainedMember: Hashable, Sendable {
    /// What people call it.
    public var name: String
    /// Which of the image's inputs it takes.
    public var inputIndex: Int
    /// Findings that it scores.
    public var classCount: Int

    public init(name: String, inputIndex: Int, classCount: Int) {
        (self.name, self.inputIndex, self.classCount) = (name, inputIndex, classCount)
    }
}
