import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOFoundationCompat
import NIOPosix
import NIOSSL
import Peers

/// A peer that does what a test says, be it wrong.
package final class ScriptedServer: Sendable {
    /// One connection, as the script sees it whenever bytes come.
    package struct Connection: Sendable {
        /// Counted from 0.
        package let number: Int
        /// All that has come on it so far.
        package let received: Data
        fileprivate let channel: any Channel

        package func send(_ bytes: Data) { channel.writeAndFlush(ByteBuffer(data: bytes), promise: nil) }
        package func send(_ text: String) { send(Data(text.utf8)) }
        package func close() { channel.flush(); channel.close(promise: nil) }
        /// Ends the connection so that the other end gets an error and not an end.
        package func reset() {
            guard let socket = channel as? any SocketOptionProvider else { return }
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
        package func after(_ time: Duration, _ work: @escaping @Sendable () -> Void) {
            _ = channel.eventLoop.scheduleTask(in: time.amount) { work() }
        }
    }

    private let listener: any Channel
    private let opened: NIOLockedValueBox<[any Channel]>
    package var port: Int { listener.localAddress?.port ?? 0 }
    package var connections: Int { opened.withLockedValue { $0.count } }

    private init(_ listener: any Channel, _ opened: NIOLockedValueBox<[any Channel]>) { (self.listener, self.opened) = (listener, opened) }

    package static func start(
        port: Int = 0, security: TransportSecurity = .off, _ script: @escaping @Sendable (Connection) -> Void
    ) async throws -> ScriptedServer {
        let tls = try security.serverContext()
        let opened = NIOLockedValueBox<[any Channel]>([])
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = opened.withLockedValue { channels in
                        channels.append(channel)
                        return channels.count - 1
                    }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Listener(number, script))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ScriptedServer(listener, opened)
    }

    /// Ends all connections, and listens on.
    package func cutAll() async { for channel in opened.withLockedValue({ $0 }) { try? await channel.close() } }

    package func stop() async {
        try? await listener.close()
        await cutAll()
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let number: Int
        private let script: @Sendable (Connection) -> Void
        private var received = Data()

        init(_ number: Int, _ script: @escaping @Sendable (Connection) -> Void) { (self.number, self.script) = (number, script) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(Data(buffer: unwrapInboundIn(data)))
            script(Connection(number: number, received: received, channel: context.channel))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
