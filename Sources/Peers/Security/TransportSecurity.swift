import Foundation

/// Whether a connection is kept secret and both ends are proved (TLS 1.2 or 1.3).
public enum TransportSecurity: Hashable, Sendable {
    /// Plain TCP: for one machine, or a line that is secret by itself.
    case off
    case on(TransportKeys)
}

/// Who is trusted, and what this side proves itself with. All files are PEM and are read anew for every connection or start.
public struct TransportKeys: Hashable, Sendable {
    /// Certificates of those who may vouch for the other end. `nil`: those that the system trusts; a server then asks for no certificate.
    public var trustedAuthorities: URL?
    /// This side's own certificate, followed by those between it and the authority. A server must have one.
    public var certificate: URL?
    /// The certificate's key, without a password.
    public var key: URL?
    /// The name in the other end's certificate, where it is not that by which it is called.
    public var serverName: String?

    public init(trustedAuthorities: URL? = nil, certificate: URL? = nil, key: URL? = nil, serverName: String? = nil) {
        (self.trustedAuthorities, self.certificate, self.key, self.serverName) = (trustedAuthorities, certificate, key, serverName)
    }
}
