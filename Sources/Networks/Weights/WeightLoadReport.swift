/// What of a weight file a network took, and what it did not. Every tensor of the network is in one of `loaded`, `mismatched` and `missing`, and
/// every tensor of the file was loaded or mismatched or is in one of `unused`, `counters` and `unreadable`.
public struct WeightLoadReport: Hashable, Sendable {
    /// A parameter that the file has in another shape; it keeps its starting value.
    public struct Mismatch: Hashable, Sendable, CustomStringConvertible {
        /// The parameter.
        public var name: String
        /// The file's tensor.
        public var fileName: String
        public var file: [Int]
        public var network: [Int]

        public var description: String { "\(name): the file has \(file), the network \(network)" }
    }

    /// What the file is, for people.
    public var source = ""
    /// Parameters that were loaded.
    public var loaded: [String] = []
    public var mismatched: [Mismatch] = []
    /// Parameters that the file does not have; they keep their starting values.
    public var missing: [String] = []
    /// Tensors of the file that the network has no place for, such as a classifier.
    public var unused: [String] = []
    /// How many tensors of the file count batches (`num_batches_tracked`), which nothing here needs.
    public var counters = 0
    /// Tensors of the file that hold no plain numbers.
    public var unreadable: [String] = []
    /// What else a person should know, a line each.
    public var notes: [String] = []

    public init() {}

    /// Tensors of the network.
    public var total: Int { loaded.count + mismatched.count + missing.count }
}
