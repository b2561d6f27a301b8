/// What a fetch would do about one file.
public struct FetchPlanItem: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case missing
        /// A download that was interrupted.
        case partial(byteCount: Int)
        /// There, and its sums are still to be computed.
        case unverified
        case verified
        /// An archive whose images are here, itself not being needed any more.
        case extracted(images: Int)
    }

    public var file: RemoteFile
    public var state: State
    /// Whether the folder that it would come from has it; nil where that is a server.
    public var isInFolder: Bool?

    /// Bytes that are still to come, where the file's length is published.
    public var remaining: Int? {
        switch state {
        case .missing: file.byteCount
        case .partial(let here): file.byteCount.map { max(0, $0 - here) }
        case .unverified, .verified, .extracted: 0
        }
    }
}
