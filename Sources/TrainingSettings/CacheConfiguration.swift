import TrainingExamples

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
        try SettingRange.refuse(
            SettingRange.fault("cache.side", side, 16...16_384), SettingRange.fault("cache.memory", memory, 0...16_777_216),
            SettingRange.fault("cache.workers", workers, 1...64))
    }
}
