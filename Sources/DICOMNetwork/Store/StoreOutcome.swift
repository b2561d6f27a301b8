/// What became of an object that was to be sent.
public struct StoreOutcome: Sendable, Hashable {
    public enum Result: Sendable, Hashable {
        case stored
        /// Stored, with something to note: B000, B006, B007 and others.
        case storedWithWarning(DIMSEStatus)
        /// The peer's answer: A7xx out of resources, A9xx, Cxxx.
        case refused(DIMSEStatus)
        /// Not sent, or not answered. Without an error the object itself is the reason: unreadable, or in no encoding that the peer takes.
        case notSent(DICOMNetworkError?)
    }

    /// In the list that was given.
    public var index: Int
    public var result: Result
    public var sopClassUID: String
    public var sopInstanceUID: String
    /// How the object is stored, and how it went out: another where the peer does not take the first. Empty where unknown or not sent.
    public var storedSyntax: String
    public var sentSyntax: String
    /// One line for a person; empty where it was stored.
    public var reason: String

    public var isStored: Bool {
        switch result {
        case .stored, .storedWithWarning: return true
        case .refused, .notSent: return false
        }
    }

    /// It went out in another transfer syntax than it is stored in.
    public var wasTranscoded: Bool { !sentSyntax.isEmpty && sentSyntax != storedSyntax }

    /// Whether the same object may be stored later without anyone changing a setting.
    public var mayPass: Bool {
        switch result {
        case .stored, .storedWithWarning: return false
        case .refused(let status): return status.isOutOfResources || status == .processingFailure
        case .notSent(let error): return error?.mayPass ?? false
        }
    }
}
