/// What a check of an archive found. Nothing in it tells of a patient.
public struct ArchiveCheckReport: Hashable, Sendable, Codable {
    /// One thing that is not as it has to be.
    public struct Fault: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// The bytes of an instance are others than were received.
            case changed
            /// The bytes of an instance are not there.
            case missing
            /// They are there, and cannot be read.
            case unreadable
            /// An instance names a study that is not there.
            case reference
            /// The store itself.
            case structure
            /// The audit trail.
            case audit
        }

        public var kind: Kind
        /// One sentence.
        public var text: String
    }

    /// That have an instance.
    public var studies = 0
    public var instances = 0
    /// Files that were made of readings.
    public var results = 0
    /// Of all instances and results that could be read.
    public var bytes = 0
    /// Files in `content/` that no instance has: what was kept and not registered, as when a program is cut off between the two. They do no harm.
    public var unusedFiles: [String] = []
    public var faults: [Fault] = []

    public var isWhole: Bool { faults.isEmpty }

    private enum CodingKeys: String, CodingKey {
        case studies, instances, results, bytes, faults
        case unusedFiles = "unused_files"
    }

    init() {}
}
