/// Which attention a detector has between its backbone and its heads. Every kind starts as the same detector without it, to the bit: its
/// gates are shut, and its own starting values come from streams of the seed that nothing else draws from.
public enum NeckAttention: String, Codable, CaseIterable, Hashable, Sendable {
    case none
    /// Maps of findings that image-level labels teach (`LabelAttention`).
    case labels
    /// Coordinate attention (`CoordinateAttention`).
    case coordinate
    /// `labels` and `coordinate`.
    case both

    public var hasLabels: Bool { self == .labels || self == .both }
    public var hasCoordinates: Bool { self == .coordinate || self == .both }

    /// `labels`, where this has them, on maps of so many channels.
    func makeLabels(channels: [Int], classCount: Int, seed: UInt64) throws -> LabelAttention? {
        guard hasLabels else { return nil }
        var initialiser = Initialiser(seed: seed, stream: 1)
        return try LabelAttention("attention.labels", channels: channels, classCount: classCount, initialiser: &initialiser)
    }

    /// `coordinate`, where this has it, one on each map; else none.
    func makeCoordinates(channels: [Int], seed: UInt64) throws -> [CoordinateAttention] {
        guard hasCoordinates else { return [] }
        var initialiser = Initialiser(seed: seed, stream: 2)
        return try channels.enumerated().map {
            try CoordinateAttention("attention.coordinate_\($0)", channels: $1, initialiser: &initialiser)
        }
    }
}
