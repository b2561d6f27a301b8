/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup {
    public var parameters: [Tensor]
    /// Multiplies the learning rate of the schedule.
    public var rateFactor: Double
    public var weightDecay: Double

    public init(parameters: [Tensor], rateFactor: Double = 1, weightDecay: Double) {
        self.parameters = parameters
        self.rateFactor = rateFactor
        self.weightDecay = weightDecay
    }
}
