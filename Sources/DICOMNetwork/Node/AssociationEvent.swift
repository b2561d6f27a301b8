/// What became of a connection or an association.
public struct AssociationEvent: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case accepted, rejected, released, aborted
        /// It ended before an association stood: silence, no DICOM, a failed handshake.
        case failed
    }
    public var kind: Kind
    /// Empty where none was heard.
    public var callingTitle: String
    public var calledTitle: String
    /// Numeric.
    public var address: String
    public var isSecured: Bool
    /// Why it was rejected or ended; empty where there is nothing to say.
    public var reason: String
}
