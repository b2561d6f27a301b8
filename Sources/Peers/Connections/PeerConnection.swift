import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Opens connections to peers: TCP, then TLS where it is wanted.
enum PeerConnection {
    /// - Parameters:
    ///   - limit: For the connection and the handshake together, at most twice this.
    ///   - configure: Adds the handlers that come after TLS; runs on the channel's loop, perhaps for several addresses of one name.
    /// - Throws: `notConnected`, `certificate`, `badSettings`.
    static func open(
        _ endpoint: PeerEndpoint, within limit: Duration, _ configure: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(PeerError) -> any Channel {
        let context = try endpoint.security.clientContext()
        var name = endpoint.host
        if case .on(let keys) = endpoint.security, let serverName = keys.serverName { name = serverName }
        // TLS names no addresses; those are proved by the certificate's addresses.
        let serverName = name.isNumericAddress ? nil : name
        let handshakes = NIOLockedValueBox([ObjectIdentifier: EventLoopFuture<Void>]())
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(limit.amount)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let context {
                            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: serverName))
                            let handshake = channel.eventLoop.makePromise(of: Void.self)
                            handshakes.withLockedValue { $0[ObjectIdentifier(channel)] = handshake.futureResult }
                            try pipeline.addHandler(HandshakeGate(handshake, within: limit))
                        }
                        try configure(channel)
                    }
                }
                .connect(host: endpoint.host, port: endpoint.port).get()
            try await handshakes.withLockedValue { $0[ObjectIdentifier(channel)] }?.get()
            return channel
        } catch {
            throw PeerError.connecting(error, within: limit)
        }
    }
}

extension String {
    /// Whether it is an IP address, of version 4 or 6.
    var isNumericAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}

/// Tells when the handshake of TLS is done, or why it is not.
private final class HandshakeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<Void>
    private let limit: Duration
    private var timer: Scheduled<Void>?

    init(_ done: EventLoopPromise<Void>, within limit: Duration) { (self.done, self.limit) = (done, limit) }

    func handlerAdded(context: ChannelHandlerContext) {
        let (channel, done, limit) = (context.channel, done, limit)
        timer = context.eventLoop.scheduleTask(in: limit.amount) {
            done.fail(PeerError(.notConnected, "no TLS within \(limit.words)"))
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(PeerError(.notConnected, "it ended the connection during the handshake of TLS"))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(PeerError(.notConnected, "it ended the connection during the handshake of TLS"))
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            timer?.cancel()
            done.succeed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(error)
        context.fireErrorCaught(error)
    }

    /// The first word counts: a promise that is kept stays so.
    private func end(_ error: any Error) {
        timer?.cancel()
        done.fail(error)
    }
}
