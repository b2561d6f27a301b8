/// TLS 1.2 and 1.3 with the ciphers of BCP 195 (PS3.15 B.9, B.10); older versions are refused. Files are PEM.
public struct TransportSecurity: Sendable, Hashable {
    /// Our certificate, with its chain, and its key. A node needs them; a client without them is one without a certificate.
    public var certificate: String?
    public var key: String?
    /// The authorities that vouch for peers. Without: a client trusts the system's, and a node asks for no certificate.
    public var authorities: String?
    /// Of a node: a peer has to show a certificate.
    public var requiresCertificate: Bool
    /// Of a client: the host's name or address that the peer's certificate has to bear. `nil`: any certificate that the authorities vouch for.
    public var hostName: String?

    public init(
        certificate: String? = nil, key: String? = nil, authorities: String? = nil, requiresCertificate: Bool = true,
        hostName: String? = nil
    ) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
        self.requiresCertificate = requiresCertificate
        self.hostName = hostName
    }
}
