import NIOCore

/// Where a peer listens.
public struct PeerEndpoint: Hashable, Sendable {
    /// A name or an address.
    public var host: String
    public var port: Int
    public var security: TransportSecurity

    public init(host: String, port: Int, security: TransportSecurity = .off) {
        (self.host, self.port, self.security) = (host, port, security)
    }
}

/// Who has connected, in numbers.
public struct PeerAddress: Hashable, Sendable {
    /// An IP address. One of version 4 is written as such, however the socket tells it.
    public var host: String
    public var port: Int

    public init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    init(_ address: SocketAddress?) {
        let host = address?.ipAddress ?? ""
        let isMapped = host.lowercased().hasPrefix("::ffff:") && host.contains(".")
        self.init(host: isMapped ? String(host.dropFirst(7)) : host, port: address?.port ?? 0)
    }
}

extension Duration {
    package var amount: TimeAmount {
        .nanoseconds(components.seconds.multipliedReportingOverflow(by: 1_000_000_000).overflow ? .max : nanoseconds)
    }

    private var nanoseconds: Int64 {
        let sum = (components.seconds * 1_000_000_000).addingReportingOverflow(components.attoseconds / 1_000_000_000)
        return sum.overflow ? .max : sum.partialValue
    }

    /// For people: `1.5 s`.
    var words: String {
        let seconds = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return seconds == seconds.rounded() ? "\(Int64(seconds)) s" : "\((seconds * 1000).rounded() / 1000) s"
    }
}
