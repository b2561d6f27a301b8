import RunRecords

/// What a watcher of a training is told.
public enum TrainingEvent: Sendable {
    /// One line for a person.
    case message(String)
    case reading(done: Int, total: Int)
    case step(Step)
    case validation(ValidationReport)

    /// One optimiser step, done.
    public struct Step: Sendable {
        /// Steps done.
        public var step: Int
        public var total: Int
        public var epoch: Double
        public var loss: Double
        /// The loss's parts that this training has, by name.
        public var parts: [(name: String, value: Double)]
        public var imagesPerSecond: Double
    }
}
