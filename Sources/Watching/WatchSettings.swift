/// What is taken for usual, and when it is told that something is not.
public struct WatchSettings: Codable, Hashable, Sendable {
    /// The first so many images of a device are what is usual there.
    public var usualImages = 200
    /// A week with fewer images of a device is joined with the next.
    public var leastBatch = 20
    /// Chance of a false alarm in one figure and batch.
    public var level = 0.01
    /// So many batches in a row must alarm.
    public var inARow = 2
    /// How far acceptance must fall.
    public var acceptanceShift = 0.10
    public var draws = 1000
    public var seed: UInt64 = 1

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case level, draws, seed
        case usualImages = "usual_images"
        case leastBatch = "least_batch"
        case inARow = "in_a_row"
        case acceptanceShift = "acceptance_shift"
    }
}
