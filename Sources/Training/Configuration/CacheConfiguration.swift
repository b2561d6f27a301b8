/// How decoded pictures are kept.
public struct CacheConfiguration: Codable, Hashable, Sendable {
    /// Longest side of the pictures kept, from which the augmented inputs are cut, in pixels.
    public var side = 512
    /// Megabytes of memory for them; the rest lies on disk.
    public var memory = 4096
    /// Threads that make batches.
    public var workers = 1

    public init() {}

    /// - Throws: `TrainingError`.
    func validated() throws {
        guard side > 0, memory >= 0, (1...64).contains(workers) else {
            throw TrainingError(.configuration, "cache: the side is positive, and there are 1 to 64 workers")
        }
    }
}
