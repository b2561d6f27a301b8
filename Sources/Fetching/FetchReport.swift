/// What came of a fetch.
public struct FetchReport: Hashable, Sendable {
    public struct Failure: Hashable, Sendable {
        public var file: String
        /// One line.
        public var reason: String
    }

    /// Files that were fetched and verified.
    public var fetched: [String] = []
    /// Files that were there already.
    public var alreadyThere: [String] = []
    /// Images taken out of archives.
    public var imageCount = 0
    public var failures: [Failure] = []
}
