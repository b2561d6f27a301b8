/// How far a C-MOVE has come.
public struct MoveProgress: Sendable, Hashable {
    /// Instances.
    public var remaining: Int
    public var completed: Int
    public var failed: Int
    public var warning: Int
    public var status: DIMSEStatus
}
