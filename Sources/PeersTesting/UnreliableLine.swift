import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A bad line to a peer, for tests: what connects to its port reaches the target, as slowly and as seldom as is set.
///
/// All connections share the line's rate, each direction for itself. Nothing is changed, doubled or reordered; a cut loses what was under way.
public final class UnreliableLine: Sendable {
    public enum State: Hashable, Sendable {
        case up
        /// Cuts every connection, and new ones at once.
        case down
        /// Takes connections and what comes, and passes nothing on: what a router does that has lost its way.
        case silent
    }

    public struct Counts: Hashable, Sendable {
        /// Connections that reached the target.
        public var connections = 0
        /// Cut by the line.
        public var cuts = 0
        public var bytesToTarget = 0
        public var bytesFromTarget = 0

        public init() {}
    }

    enum Direction { case toTarget, fromTarget }

    struct Settings {
        var state = State.up
        var bitsPerSecond: Int?
        var delay = TimeAmount.zero
        var cutAfterBytes: Int?
        var counts = Counts()
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// When the line is free again, each direction for itself.
        var freeToTarget = NIODeadline.now()
        var freeFromTarget = NIODeadline.now()
    }

    let settings = NIOLockedValueBox(Settings())
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)
    public let port: Int

    private init(port: Int) { self.port = port }

    /// Begins to listen on a free port of the loopback.
    public static func start(toHost host: String = "127.0.0.1", port target: Int) async throws -> UnreliableLine {
        let relays = NIOLockedValueBox<UnreliableLine?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let line = relays.withLockedValue({ $0 }) else { return channel.eventLoop.makeFailedFuture(ChannelError.eof) }
                return line.join(channel, host, target)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let line = UnreliableLine(port: listener.localAddress?.port ?? 0)
        relays.withLockedValue { $0 = line }
        line.listener.withLockedValue { $0 = listener }
        return line
    }

    public var counts: Counts { settings.withLockedValue { $0.counts } }

    public func set(_ state: State) {
        let channels = settings.withLockedValue { settings in
            settings.state = state
            if state == .down { settings.counts.cuts += settings.channels.count / 2 }
            return state == .down ? Array(settings.channels.values) : []
        }
        for channel in channels { channel.close(promise: nil) }
    }

    public func set(up: Bool) { set(up ? .up : .down) }

    /// `nil`: as fast as the machine.
    public func set(bitsPerSecond: Int?) { settings.withLockedValue { $0.bitsPerSecond = bitsPerSecond.map { max(1, $0) } } }

    /// How much longer everything takes, each way.
    public func set(delay: Duration) {
        let nanoseconds = delay.components.seconds * 1_000_000_000 + delay.components.attoseconds / 1_000_000_000
        settings.withLockedValue { $0.delay = .nanoseconds(nanoseconds) }
    }

    /// Cuts each connection after so many bytes, both directions together. `nil`: none.
    public func set(cutAfterBytes: Int?) { settings.withLockedValue { $0.cutAfterBytes = cutAfterBytes } }

    /// Ends the line and every connection.
    public func stop() async {
        set(.down)
        let channel = listener.withLockedValue { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close()
    }

    /// Connects a connection with the target.
    private func join(_ near: any Channel, _ host: String, _ port: Int) -> EventLoopFuture<Void> {
        guard settings.withLockedValue({ $0.state != .down }) else { return near.eventLoop.makeFailedFuture(ChannelError.eof) }
        return ClientBootstrap(group: near.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
            .flatMapThrowing { far in
                guard self.register(near), self.register(far) else {
                    far.close(promise: nil)
                    throw ChannelError.eof
                }
                let connection = LineConnection()
                try near.pipeline.syncOperations.addHandler(LineHandler(self, connection, .toTarget, far))
                try far.pipeline.syncOperations.addHandler(LineHandler(self, connection, .fromTarget, near))
                self.settings.withLockedValue { $0.counts.connections += 1 }
                far.read()
            }
    }

    private func register(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let isUp = settings.withLockedValue { settings in
            guard settings.state != .down else { return false }
            settings.channels[key] = channel
            return true
        }
        channel.closeFuture.whenComplete { _ in self.settings.withLockedValue { $0.channels[key] = nil } }
        return isUp
    }
}
