import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOFoundationCompat
import NIOPosix
import Peers
import PeersTesting

/// A client that sends bytes as a test wants them.
final class RawClient: Sendable {
    private let channel: any Channel
    private let inbox: NIOLockedValueBox<Data>
    private let ended: NIOLockedValueBox<Bool>

    private init(_ channel: any Channel, _ inbox: NIOLockedValueBox<Data>, _ ended: NIOLockedValueBox<Bool>) {
        (self.channel, self.inbox, self.ended) = (channel, inbox, ended)
    }

    static func connect(_ port: Int) async throws -> RawClient {
        let (inbox, ended) = (NIOLockedValueBox(Data()), NIOLockedValueBox(false))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Keeper(inbox, ended)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, inbox, ended)
    }

    var received: Data { inbox.withLockedValue { $0 } }
    var hasEnded: Bool { ended.withLockedValue { $0 } }

    func send(_ bytes: Data) async throws { try await channel.writeAndFlush(ByteBuffer(data: bytes)) }
    func close() async { try? await channel.close() }
    /// Sends no more, and listens on.
    func finishSending() async throws { try await channel.close(mode: .output) }

    /// Whether that many bytes came in time.
    func receives(_ count: Int, within time: Duration = .seconds(5)) async -> Bool {
        await eventually(within: time) { self.received.count >= count }
    }

    private final class Keeper: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let inbox: NIOLockedValueBox<Data>
        private let ended: NIOLockedValueBox<Bool>
        init(_ inbox: NIOLockedValueBox<Data>, _ ended: NIOLockedValueBox<Bool>) { (self.inbox, self.ended) = (inbox, ended) }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Data(buffer: unwrapInboundIn(data))
            inbox.withLockedValue { $0.append(bytes) }
        }
        func channelInactive(context: ChannelHandlerContext) { ended.withLockedValue { $0 = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// A message in its frame, written here by hand.
func framed(_ text: String) -> Data { Data([0x0B]) + Data(text.utf8) + Data([0x1C, 0x0D]) }

/// The error that the work throws, if it is ours.
func failure(_ work: () async throws -> Void) async -> PeerError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? PeerError
    }
}
