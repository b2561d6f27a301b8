import NIOConcurrencyHelpers
import NIOCore

/// Both directions of one connection. Lives on the loop that they share.
final class LineConnection {
    var bytes = 0
}

/// One direction of a connection: passes on what comes, in slices, each when the line is free.
final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let line: UnreliableLine
    private let connection: LineConnection
    private let direction: UnreliableLine.Direction
    private let partner: any Channel
    private var pending = ByteBuffer()
    private var isMoving = false
    private var hasEnded = false

    init(_ line: UnreliableLine, _ connection: LineConnection, _ direction: UnreliableLine.Direction, _ partner: any Channel) {
        (self.line, self.connection, self.direction, self.partner) = (line, connection, direction, partner)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        pending.writeBuffer(&bytes)
        if !isMoving { move(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasEnded = true
        if !isMoving { partner.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Sends the next slice as soon as the line is free; when nothing is left, reads on.
    private func move(_ context: ChannelHandlerContext) {
        guard pending.readableBytes > 0 else {
            isMoving = false
            if hasEnded { partner.close(promise: nil) } else { context.read() }
            return
        }
        let isContinuing = isMoving
        isMoving = true
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        guard let (count, time) = reserve(isContinuing) else {
            _ = context.eventLoop.scheduleTask(in: .milliseconds(20)) { handler.value.0.move(handler.value.1) }
            return
        }
        _ = context.eventLoop.scheduleTask(deadline: time) { handler.value.0.pass(count, handler.value.1) }
    }

    private func pass(_ count: Int, _ context: ChannelHandlerContext) {
        var count = count
        let cut = line.settings.withLockedValue { $0.cutAfterBytes }
        if let cut { count = min(count, max(0, cut - connection.bytes)) }
        connection.bytes += count
        guard let slice = pending.readSlice(length: count), partner.isActive else { return }
        line.settings.withLockedValue { settings in
            switch direction {
            case .toTarget: settings.counts.bytesToTarget += count
            case .fromTarget: settings.counts.bytesFromTarget += count
            }
        }
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let written = partner.writeAndFlush(slice)
        if let cut, connection.bytes >= cut {
            line.settings.withLockedValue { $0.counts.cuts += 1 }
            written.assumeIsolated().whenComplete { _ in
                handler.value.1.close(promise: nil)
                handler.value.0.partner.close(promise: nil)
            }
            return
        }
        written.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in handler.value.0.move(handler.value.1) }
    }

    /// How many bytes go next, and when they are over; `nil`: the line is silent.
    /// - Parameter isContinuing: Whether more was waiting all the time: then a late timer does not slow the line down.
    private func reserve(_ isContinuing: Bool) -> (Int, NIODeadline)? {
        line.settings.withLockedValue { settings in
            guard settings.state != .silent else { return nil }
            let now = NIODeadline.now()
            guard let rate = settings.bitsPerSecond else { return (pending.readableBytes, now + settings.delay) }
            // A twentieth of a second's worth.
            let count = min(pending.readableBytes, max(64, rate / 160))
            let free = direction == .toTarget ? settings.freeToTarget : settings.freeFromTarget
            let begin = isContinuing && now - free < .milliseconds(500) ? free : max(now, free)
            let end = begin + .nanoseconds(Int64(count) * 8 * 1_000_000_000 / Int64(rate))
            if direction == .toTarget { settings.freeToTarget = end } else { settings.freeFromTarget = end }
            return (count, end + settings.delay)
        }
    }
}
