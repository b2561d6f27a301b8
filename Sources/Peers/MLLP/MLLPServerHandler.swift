import Foundation
import HL7
import Logging
import NIOCore
import NIOSSL

/// One connection of a server: a message at a time. Lives on its channel's loop.
final class MLLPServerHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Ends the connection as soon as the message in hand is answered.
    struct StopWhenAnswered: Sendable {}

    typealias Count = @Sendable ((inout MLLPServer.Counts) -> Void) -> Void

    private enum Item {
        case message(Data)
        case tooLarge(Data)
    }

    /// A peer that sends no messages at all, perhaps TLS to a port without it, is not listened to for ever.
    private static let mostGarbage = 1 << 20

    private let settings: MLLPServer.Settings
    private let address: PeerAddress
    private let logger: Logger
    private let handle: MLLPServer.Handler
    private let handleTooLarge: MLLPServer.Handler?
    private let count: Count
    private var frames: MLLPDecoder
    private var items: [Item] = []
    private var work: Task<Void, Never>?
    private var isReadWanted = false
    private var isEnding = false
    private var garbage = 0
    private var timer: Scheduled<Void>?
    private var isMessageTimed = false
    private var lastWrite: EventLoopFuture<Void>?

    init(
        _ settings: MLLPServer.Settings, _ address: PeerAddress, logger: Logger, handle: @escaping MLLPServer.Handler,
        handleTooLarge: MLLPServer.Handler?, count: @escaping Count
    ) {
        (self.settings, self.address, self.logger) = (settings, address, logger)
        (self.handle, self.handleTooLarge, self.count) = (handle, handleTooLarge, count)
        frames = MLLPDecoder(mostBytes: settings.messageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) { time(settings.idle, context) }

    /// A handler at work goes on: what it has begun to keep is not cut short by a peer that leaves.
    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        for event in frames.receive(unwrapInboundIn(data).readableBytesView) { take(event, context) }
        if frames.isWithinMessage, !isMessageTimed, work == nil, items.isEmpty {
            isMessageTimed = true
            time(settings.messageTime, context)
        }
        if garbage + frames.junkBytes > Self.mostGarbage {
            tell("more than \(Self.mostGarbage) bytes came outside of messages")
            isEnding = true
        }
        next(context)
    }

    /// While a message is in hand nothing more is read: a fast sender waits in its own socket.
    func read(context: ChannelHandlerContext) {
        if work == nil { context.read() } else { isReadWanted = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is StopWhenAnswered {
            isEnding = true
            items = []
            next(context)
        }
        // The peer has sent its last and may still read its answers.
        if case .inputClosed? = event as? ChannelEvent {
            isEnding = true
            next(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        for event in frames.finish() { take(event, context) }
        items = []
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
            if case .uncleanShutdown? = error as? NIOSSLError {
            } else {
                count { $0.untrusted += 1 }
                tell(PeerError.untrusted(error)?.reason ?? "TLS failed")
            }
        }
        context.close(promise: nil)
    }

    private func take(_ event: MLLPEvent, _ context: ChannelHandlerContext) {
        switch event {
        case .message(let bytes):
            count { $0.messages += 1 }
            items.append(.message(Data(bytes)))
        case .tooLarge(let head):
            count { $0.tooLarge += 1 }
            tell("a message of more than \(settings.messageBytes) bytes")
            items.append(.tooLarge(Data(head)))
        case .junk(let bytes):
            garbage += bytes
            count { $0.garbageBytes += bytes }
            tell("\(bytes) bytes stood outside of messages")
        case .unfinished(let bytes):
            count { $0.cutMessages += 1 }
            tell("a message was not ended after \(bytes) bytes")
        case .commit, .missingReturn: return
        }
    }

    /// Begins with the next message, if none is in hand.
    private func next(_ context: ChannelHandlerContext) {
        guard work == nil else { return }
        guard !items.isEmpty else {
            if isEnding { close(context) }
            return
        }
        var handler = handle
        let message: Data
        switch items.removeFirst() {
        case .message(let bytes): message = bytes
        case .tooLarge(let head):
            guard let handleTooLarge else { return context.close(promise: nil) }
            (message, handler) = (head, handleTooLarge)
        }
        timer?.cancel()
        isMessageTimed = false
        let (address, loop) = (address, context.eventLoop)
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        work = Task { [handler] in
            let answers = await handler(message, address)
            loop.execute { bound.value.0.finish(answers, bound.value.1) }
        }
    }

    private func finish(_ answers: [Data], _ context: ChannelHandlerContext) {
        work = nil
        guard context.channel.isActive else { return }
        for answer in answers {
            if let frame = try? MLLP.frame(Array(answer)) {
                count { $0.answers += 1 }
                lastWrite = context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: frame)))
            } else {
                tell("an answer holds a byte that would end its frame")
            }
        }
        time(settings.idle, context)
        next(context)
        if work == nil, isReadWanted {
            isReadWanted = false
            context.read()
        }
    }

    /// Closes the connection when the last answer has gone out.
    private func close(_ context: ChannelHandlerContext) {
        guard let lastWrite else { return context.close(promise: nil) }
        lastWrite.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    private func time(_ limit: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: limit.amount) {
            let (handler, context) = bound.value
            handler.count { $0.idle += 1 }
            context.close(promise: nil)
        }
    }

    private func tell(_ what: String) { logger.notice("HL7: \(what)", metadata: ["address": "\(address.host)"]) }
}
