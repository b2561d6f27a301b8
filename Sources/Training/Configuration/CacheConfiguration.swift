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
        guard (1...16_384).contains(side), (0...16_777_216).contains(memory), (1...64).contains(workers) else {
            throw TrainingError(
                .configuration, "cache: the side is 1 to 16384 pixels, the memory 0 to 16777216 MB, and there are 1 to 64 workers")
        }
    }
}
