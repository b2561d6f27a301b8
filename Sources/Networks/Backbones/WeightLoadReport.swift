/// What of a weight file a network took, and what it did not.
public struct WeightLoadReport: Hashable, Sendable {
    /// Parameters that were loaded.
    public var loaded: [String] = []
    /// Parameters whose shape differs, with both shapes; they keep their starting values.
    public var mismatched: [String] = []
    /// Parameters the file does not have.
    public var missing: [String] = []
    /// Tensors of the file that the network has no place for, such as a classifier.
    public var unused: [String] = []

    public init() {}
}
