/// What a fetch tells while it runs.
public enum FetchEvent: Hashable, Sendable {
    /// A file's download or copy is `done` bytes along.
    case receiving(file: String, done: Int, total: Int?)
    /// A file's sums are being computed.
    case verifying(file: String, done: Int, total: Int)
    /// An archive's images are being taken out.
    case extracting(file: String)
    /// The connection is gone; the download goes on after so many seconds.
    case retrying(file: String, reason: String, seconds: Double)
    /// A file did not have the published sum and is fetched once again.
    case again(file: String, reason: String)
    /// A file is here and verified.
    case finished(file: String, byteCount: Int)
    case failed(file: String, reason: String)
}
