import Foundation
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// Listens for messages by HL7's minimal lower layer protocol and answers them. What they say is the handler's affair.
///
/// The messages of a connection are answered one after another, in the order in which they came; connections do not wait for each other.
/// Bytes outside of frames are passed over and counted. Neither messages nor what is in them are logged.
public final class MLLPServer: Sendable {
    /// Takes a message and returns the answers, one after another: in HL7's enhanced mode that of receipt, then that of the application. None: the peer
    /// waits for its time-out.
    public typealias Handler = @Sendable (Data, PeerAddress) async -> [Data]

    public struct Settings: Hashable, Sendable {
        /// The address to listen on.
        public var host: String
        /// 0: a free one.
        public var port: Int
        public var security: TransportSecurity
        /// Who may connect: addresses and networks (`10.1.0.0/16`). Empty: everybody.
        public var allowedAddresses: [String]
        /// At once. More are turned away.
        public var connections: Int
        /// The longest message; at least 1,024.
        public var messageBytes: Int
        /// How long a connection may be without a message.
        public var idle: Duration
        /// How long a message may take to come.
        public var messageTime: Duration

        public init(
            host: String = "127.0.0.1", port: Int = 0, security: TransportSecurity = .off, allowedAddresses: [String] = [],
            connections: Int = 64, messageBytes: Int = 16 << 20, idle: Duration = .seconds(300), messageTime: Duration = .seconds(60)
        ) {
            (self.host, self.port, self.security, self.allowedAddresses) = (host, port, security, allowedAddresses)
            (self.connections, self.messageBytes, self.idle, self.messageTime) = (connections, messageBytes, idle, messageTime)
        }
    }

    public struct Counts: Hashable, Sendable {
        /// Connections that are open now.
        public var open = 0
        /// Taken so far.
        public var connections = 0
        /// Turned away: too many, or of an address that may not.
        public var refused = 0
        /// Ended by TLS: a certificate that is absent or not trusted, or no TLS at all.
        public var untrusted = 0
        public var messages = 0
        public var answers = 0
        /// Bytes outside of messages.
        public var garbageBytes = 0
        /// Messages that were not ended.
        public var cutMessages = 0
        public var tooLarge = 0
        /// Connections that were ended since nothing, or too little, came.
        public var idle = 0

        public init() {}
    }

    private struct State {
        var counts = Counts()
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
    }

    private let state: NIOLockedValueBox<State>
    private let listener: any Channel
    public let port: Int

    private init(_ listener: any Channel, _ state: NIOLockedValueBox<State>) {
        (self.listener, self.state, port) = (listener, state, listener.localAddress?.port ?? 0)
    }

    public var counts: Counts { state.withLockedValue { $0.counts } }

    /// Begins to listen.
    /// - Parameters:
    ///   - handleTooLarge: Answers a message that is too large, by its first 1,024 bytes; otherwise its connection is ended.
    ///   - handle: Answers a message.
    /// - Throws: `badSettings` where the address, a file or the list cannot be used.
    public static func start(
        _ settings: Settings, logger: Logger, handleTooLarge: Handler? = nil, handle: @escaping Handler
    ) async throws(PeerError) -> MLLPServer {
        let allowed = try AddressList(settings.allowedAddresses)
        let tls = try settings.security.serverContext()
        let state = NIOLockedValueBox(State())
        do {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.backlog, value: 128)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.socketOption(.so_keepalive), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let address = PeerAddress(channel.remoteAddress)
                        guard allowed.allows(address), admit(channel, state, most: settings.connections) else {
                            state.withLockedValue { $0.counts.refused += 1 }
                            logger.warning("HL7: a connection was turned away", metadata: ["address": "\(address.host)"])
                            throw PeerError(.stopped, "turned away")
                        }
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                        try pipeline.addHandler(
                            MLLPServerHandler(
                                settings, address, logger: logger, handle: handle, handleTooLarge: handleTooLarge,
                                count: { change in state.withLockedValue { change(&$0.counts) } }))
                    }
                }
                .bind(host: settings.host, port: settings.port).get()
            return MLLPServer(listener, state)
        } catch {
            throw PeerError(.badSettings, "it cannot listen on \(settings.host):\(settings.port): \(PeerError.listening(error))")
        }
    }

    /// Stops listening. Messages that are being handled get their answers within the grace; then every connection is ended.
    public func stop(grace: Duration = .seconds(5)) async {
        let channels = state.withLockedValue { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
        try? await listener.close()
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(MLLPServerHandler.StopWhenAnswered()) }
        let patience = Task {
            try await Task.sleep(for: grace)
            for channel in channels { channel.close(promise: nil) }
        }
        for channel in channels { try? await channel.closeFuture.get() }
        patience.cancel()
    }

    /// Whether there is room for one more connection, which is then counted until it ends.
    private static func admit(_ channel: any Channel, _ state: NIOLockedValueBox<State>, most: Int) -> Bool {
        let key = ObjectIdentifier(channel)
        let isAdmitted = state.withLockedValue { state in
            guard !state.isStopping, state.channels.count < most else { return false }
            state.channels[key] = channel
            state.counts.connections += 1
            state.counts.open += 1
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { _ in
            state.withLockedValue { state in
                state.channels[key] = nil
                state.counts.open -= 1
            }
        }
        return true
    }
}

extension PeerError {
    /// Why an address cannot be listened on.
    static func listening(_ error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)).lowercased() } ?? "\(type(of: error))"
    }
}
