/// Which images make a batch. (To be replaced on merging.)
public struct Sampling: Codable, Hashable, Sendable {
    /// Share of a batch without any box.
    public var normalShare = 0.1875
    public init() {}
}
