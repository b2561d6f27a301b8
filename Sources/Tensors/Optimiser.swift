/// Changes parameters by their gradients, one update at a time.
public protocol Optimiser: AnyObject {
    /// What it changes. Parameters that are in no group stay.
    var groups: [ParameterGroup] { get }

    /// All that it remembers between updates, under names that stay the same from version to version: for each name, a tensor a parameter,
    /// in the order of the groups' parameters, or fewer where it remembers nothing. Written over in place by a reader of checkpoints.
    var state: [(name: String, tensors: [Tensor])] { get }

    /// Moves what it remembers to where the parameters are.
    func move(to device: Device) throws

    /// One update by the gathered gradients, which are cleared after. Parameters without a gradient stay.
    /// - Parameter learningRate: Of the schedule; a group multiplies it by its `rateFactor`.
    func update(learningRate: Double) throws
}

extension Optimiser {
    /// Every parameter of every group.
    public var parameters: [Tensor] { groups.flatMap(\.parameters) }

    /// Those with a gradient, by group, with their places among all parameters.
    func learning() -> [(group: ParameterGroup, chosen: [(parameter: Tensor, gradient: Tensor, index: Int)])] {
        var start = 0
        return groups.map { group in
            defer { start += group.parameters.count }
            return (
                group,
                group.parameters.enumerated().compactMap { offset, parameter in
                    parameter.gradient.map { (parameter, $0, start + offset) }
                }
            )
        }
    }
}
