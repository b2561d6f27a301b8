/// Something that happened in a service, for logs, metrics and pages. It names requests by number, never by file or patient.
public struct DetectionEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case accepted
        /// Its image is being read.
        case begun
        /// There are findings, or it is known that there are none. The time is since it was accepted.
        case answered(after: Duration)
        /// The answer is a failure, by its code. The time is since it was accepted.
        case failed(code: String, after: Duration)
        /// Nobody wants the answer any more.
        case cancelled
        /// Reading took too long. So many threads are still busy with images that were given up.
        case givenUp(threadsLost: Int)
    }

    /// Counts up from 1 in the order in which a service accepted its requests.
    public let request: UInt64
    public let urgency: Urgency
    public let kind: Kind
}
