import Foundation
import HL7
import NIOCore

/// One connection to a peer that answers messages, one after another. Lives on its channel's loop.
final class MLLPClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A message and what has come for it.
    struct Exchange {
        /// The message in its frame.
        let frame: [UInt8]
        let decide: @Sendable (Data) -> MLLPClient.Decision
        let limit: Duration
        let answers: EventLoopPromise<[Data]>
    }

    private let limits: MLLPClient.Limits
    private let onUnsolicited: (@Sendable (Data) -> Void)?
    private var frames: MLLPDecoder
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var answers: [Data] = []
    private var timer: Scheduled<Void>?
    private var failure: (any Error)?

    init(_ limits: MLLPClient.Limits, onUnsolicited: (@Sendable (Data) -> Void)?) {
        (self.limits, self.onUnsolicited, frames) = (limits, onUnsolicited, MLLPDecoder(mostBytes: limits.messageBytes))
    }

    /// Sends the message and keeps the promise in the end.
    func begin(_ next: Exchange) {
        guard let context, context.channel.isActive, exchange == nil else {
            return next.answers.fail(notBegun)
        }
        (exchange, answers) = (next, [])
        schedule(next.limit) { $0.fail(PeerError(.timedOut, "no answer within \(next.limit.words)")) }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: next.frame)), promise: nil)
    }

    private var notBegun: PeerError {
        failure.flatMap(PeerError.untrusted) ?? PeerError(.notConnected, "the connection has ended")
    }

    /// Ends what is in flight, and the connection: a late answer must not be taken for that of the next message.
    func fail(_ error: any Error) {
        let ended = exchange
        exchange = nil
        timer?.cancel()
        ended?.answers.fail(error)
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        fail(PeerError.exchanging(error))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for event in frames.receive(unwrapInboundIn(data).readableBytesView) {
            switch event {
            case .message(let message): take(Data(message))
            // Release 2 of the protocol: the peer's computer has it, or has not. The answer is what counts.
            case .commit(isAccepted: true), .junk, .unfinished, .missingReturn: continue
            case .commit(isAccepted: false): fail(PeerError(.noAnswer, "it says that it could not take the message"))
            case .tooLarge: fail(PeerError(.tooLarge, "an answer of more than \(limits.messageBytes) bytes", wasPerhapsSent: true))
            }
        }
    }

    private func take(_ answer: Data) {
        guard let exchange else {
            onUnsolicited?(answer)
            return
        }
        switch exchange.decide(answer) {
        case .ignore: onUnsolicited?(answer)
        case .more: answers.append(answer)
        case .last:
            answers.append(answer)
            self.exchange = nil
            rest()
            exchange.answers.succeed(answers)
        }
    }

    private func end() {
        timer?.cancel()
        guard let ended = exchange else { return }
        exchange = nil
        ended.answers.fail(failure.map(PeerError.exchanging) ?? PeerError(.noAnswer, "it ended the connection without an answer"))
    }

    /// An unused connection is closed after a time.
    private func rest() { schedule(limits.keepOpen) { $0.context?.close(promise: nil) } }

    private func schedule(_ time: Duration, _ action: @escaping @Sendable (MLLPClientHandler) -> Void) {
        timer?.cancel()
        guard let loop = context?.eventLoop else { return }
        let handler = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: time.amount) { action(handler.value) }
    }
}
