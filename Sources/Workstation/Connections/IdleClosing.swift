import HummingbirdCore
import Logging
import NIOCore

/// Closes a connection on which no byte has moved for a while, whatever protocol it speaks. Hummingbird's own limits begin behind the TLS handshake
/// and behind the first HTTP/2 stream: before them a silent client would keep its place for ever.
///
/// Events send a comment every 15 seconds, so their connections are not idle; work that takes longer is a job, not an answer that waits.
struct IdleClosing<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value
    let base: Base
    let after: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(IdleStateHandler(allTimeout: after), IdleCloser())
        }
        .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

private final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) } else { context.fireUserInboundEventTriggered(event) }
    }
}
