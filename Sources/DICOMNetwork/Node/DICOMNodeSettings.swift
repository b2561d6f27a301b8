/// What a node is called, where it listens, whom it hears and what it takes.
public struct DICOMNodeSettings: Sendable, Hashable {
    /// A place to listen at.
    public struct Listener: Sendable, Hashable {
        /// A numeric address, IPv4 or IPv6: "127.0.0.1", "0.0.0.0", "::".
        public var address: String
        /// 0: a free one, which `DICOMNode.ports` tells.
        public var port: UInt16
        /// `nil`: plain.
        public var security: TransportSecurity?

        public init(address: String = "127.0.0.1", port: UInt16 = 11112, security: TransportSecurity? = nil) {
            (self.address, self.port, self.security) = (address, port, security)
        }
    }

    /// Who may call.
    public struct Peer: Sendable, Hashable {
        public var title: String
        /// Numeric addresses, or networks as "10.1.0.0/16". None: from anywhere.
        public var addresses: [String]
        /// Refused on a plain listener.
        public var requiresSecurity: Bool

        public init(title: String, addresses: [String] = [], requiresSecurity: Bool = false) {
            (self.title, self.addresses, self.requiresSecurity) = (title, addresses, requiresSecurity)
        }
    }

    public var title: String
    /// A caller has to name our title.
    public var checksCalledTitle = true
    public var listeners: [Listener]
    public var peers: [Peer]
    /// Titles that are not among the peers may call, too.
    public var acceptsAnyPeer = false
    /// Where objects are written before the handler is asked. It has to exist, best on the disk where they are to stay: the handler then only renames. What an
    /// earlier process left half received there ("incoming-….part") is removed at the start.
    public var folder: String
    /// File and folder are synced before the handler is asked. A handler that puts the file into another folder, and syncs both before it says success, can do
    /// without it: one wait for the disk less.
    public var syncs = true
    /// The SHA-256 of each object's file is computed while it comes.
    public var computesDigests = false
    /// Bytes that have to be left free; below, objects are refused with A700 before a byte is written.
    public var reservedBytes: UInt64 = 64 << 20
    /// Associations at a time; one more is rejected: transient, local limit exceeded.
    public var associationLimit = 16
    /// Connections that have not asked for an association yet. Where there are more, the oldest is ended: silent ones never keep a caller out.
    public var openingLimit = 64
    /// Bytes of a P-DATA-TF PDU that a peer may send, 4,096 to 131,072.
    public var maximumPDU = 131_072
    /// Seconds that a peer may be silent in an association.
    public var patience = 60
    /// Seconds until an association has to stand, TLS handshake included.
    public var openingPatience = 15
    public var storageClasses = StorageClasses.all
    /// The preferred first.
    public var transferSyntaxes = TransferSyntaxes.all

    public init(title: String, listeners: [Listener] = [Listener()], peers: [Peer] = [], folder: String) {
        (self.title, self.listeners, self.peers, self.folder) = (title, listeners, peers, folder)
    }
}
