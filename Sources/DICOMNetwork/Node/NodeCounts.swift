/// What a node has done since it started.
public struct NodeCounts: Sendable, Hashable {
    public var connections: UInt64 = 0
    public var openConnections: UInt64 = 0
    public var openAssociations: UInt64 = 0
    public var accepted: UInt64 = 0
    public var released: UInt64 = 0
    public var aborted: UInt64 = 0
    /// Rejected associations, by reason.
    public var rejected: [Rejection: UInt64] = [:]
    /// Connections that ended before an association, without any of the next two.
    public var failedOpening: UInt64 = 0
    public var failedHandshakes: UInt64 = 0
    /// PDUs and messages that break the standard, each the end of its association.
    public var malformed: UInt64 = 0
    public var echoes: UInt64 = 0
    /// Objects answered with success or a warning, and their datasets' bytes.
    public var stored: UInt64 = 0
    public var storedBytes: UInt64 = 0
    /// Objects answered with A700, without the handler being asked.
    public var refusedFull: UInt64 = 0
    public var refusedByHandler: UInt64 = 0
    /// Objects whose UIDs or class were not right.
    public var refusedInvalid: UInt64 = 0
    /// Objects that broke off.
    public var incomplete: UInt64 = 0
    public var commitmentRequests: UInt64 = 0
    public var commitmentResults: UInt64 = 0

    public enum Rejection: String, Sendable, Hashable, CaseIterable {
        case calledTitle = "called title"
        case callingTitle = "calling title"
        case address = "address"
        /// A peer that has to use TLS, on a plain listener.
        case unsecured = "unsecured"
        case limit = "limit"
        /// Another application context or version of the protocol.
        case protocolVersion = "protocol"
    }
}
