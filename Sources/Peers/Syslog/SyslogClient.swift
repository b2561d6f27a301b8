import Foundation
import NIOCore
import NIOFoundationCompat
import NIOPosix

/// Sends messages of syslog to one collector, over TLS (RFC 5425) or plain TCP (RFC 6587's octet counting): each with its length before it.
///
/// Syslog has no answers: what is told as sent was given to the connection. When a connection breaks, the message that was being given to
/// it is given again to the next one, so a collector may get it twice; those before it, which the machine had taken, may be lost.
public actor SyslogClient {
    public struct Counts: Hashable, Sendable {
        /// Given to a connection.
        public var sent = 0
        /// Refused for want of room, or given up when their time was over.
        public var dropped = 0
        /// Connections that came about.
        public var connections = 0
        /// In the queue now.
        public var waiting = 0

        public init() {}
    }

    private struct Entry {
        var number: Int
        var frame: Data
        var sender: CheckedContinuation<PeerError?, Never>?
    }

    public let endpoint: PeerEndpoint
    /// The longest queue, in messages.
    public let capacity: Int
    private let limit: Duration
    private var queue: [Entry] = []
    private var totals = Counts()
    private var nextNumber = 0
    private var channel: (any Channel)?
    private var pump: Task<Void, Never>?
    private var failure: PeerError?
    private var isClosed = false

    /// - Parameter limit: For a connection, for the handshake of TLS, and for a message to be taken by the connection.
    public init(to endpoint: PeerEndpoint, capacity: Int = 1_000, limit: Duration = .seconds(10)) {
        (self.endpoint, self.capacity, self.limit) = (endpoint, capacity, limit)
    }

    public var counts: Counts {
        var counts = totals
        counts.waiting = queue.count
        return counts
    }

    /// Whether a connection stands.
    public var isConnected: Bool { channel?.isActive ?? false }

    /// Why the last attempt to connect failed; `nil` while a connection stands.
    public var lastFailure: PeerError? { failure }

    /// Sends a message and returns when the connection has taken it. Waits while there is none.
    /// - Parameter patience: After it the message is given up.
    /// - Throws: Why the message was not sent.
    public func send(_ message: Data, within patience: Duration = .seconds(30)) async throws(PeerError) {
        guard !isClosed else { throw PeerError(.stopped, "the client was stopped", wasPerhapsSent: false) }
        guard queue.count < capacity else {
            totals.dropped += 1
            throw PeerError(.notConnected, "\(capacity) messages wait already")
        }
        let number = nextNumber
        let timer = Task {
            try await Task.sleep(for: patience)
            giveUp(number)
        }
        defer { timer.cancel() }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { append(message, $0) }
        } onCancel: {
            Task { await giveUp(number) }
        }
        if let failure { throw failure }
    }

    /// Takes a message into the queue without waiting.
    /// - Returns: Whether there was room. If not, the message is counted as dropped.
    @discardableResult
    public func offer(_ message: Data) -> Bool {
        guard !isClosed, queue.count < capacity else {
            totals.dropped += 1
            return false
        }
        append(message, nil)
        return true
    }

    /// Sends what waits within the grace, then ends the connection. What was not sent by then is dropped.
    public func close(grace: Duration = .seconds(5)) async {
        isClosed = true
        if let pump {
            let patience = Task {
                try await Task.sleep(for: grace)
                pump.cancel()
                channel?.close(promise: nil)
            }
            await pump.value
            patience.cancel()
        }
        for entry in queue { entry.sender?.resume(returning: PeerError(.stopped, "the client was stopped", wasPerhapsSent: false)) }
        totals.dropped += queue.count
        queue = []
        try? await channel?.close()
        channel = nil
    }

    private func append(_ message: Data, _ sender: CheckedContinuation<PeerError?, Never>?) {
        var frame = Data("\(message.count) ".utf8)
        frame.append(message)
        queue.append(Entry(number: nextNumber, frame: frame, sender: sender))
        nextNumber += 1
        if pump == nil { pump = Task { await run() } }
    }

    private func giveUp(_ number: Int) {
        guard let index = queue.firstIndex(where: { $0.number == number }) else { return }
        totals.dropped += 1
        let reason = failure.map { "not sent in time: \($0.reason)" } ?? "not sent in time"
        queue.remove(at: index).sender?.resume(returning: PeerError(failure?.code ?? .notConnected, reason))
    }

    /// Empties the queue. After a failure it waits, longer each time, up to half a minute.
    private func run() async {
        var pause = Duration.milliseconds(100)
        while let entry = queue.first, !Task.isCancelled {
            do {
                try await write(entry.frame)
                pause = .milliseconds(100)
                failure = nil
                totals.sent += 1
                // It may have been given up meanwhile.
                guard let index = queue.firstIndex(where: { $0.number == entry.number }) else { continue }
                queue.remove(at: index).sender?.resume(returning: nil)
            } catch {
                failure = error
                channel?.close(promise: nil)
                channel = nil
                try? await Task.sleep(for: pause * Double.random(in: 0.8...1.2))
                pause = min(pause * 2, .seconds(30))
            }
        }
        pump = nil
    }

    private func write(_ frame: Data) async throws(PeerError) {
        let channel = try await open()
        let timer = channel.eventLoop.scheduleTask(in: limit.amount) { channel.close(promise: nil) }
        defer { timer.cancel() }
        do {
            try await channel.writeAndFlush(ByteBuffer(data: frame))
        } catch {
            throw PeerError.exchanging(error)
        }
    }

    private func open() async throws(PeerError) -> any Channel {
        if let channel, channel.isActive { return channel }
        let opened = try await PeerConnection.open(endpoint, within: limit) { channel in
            try channel.pipeline.syncOperations.addHandler(SilentPeer())
        }
        channel = opened
        totals.connections += 1
        return opened
    }
}

/// A collector says nothing. Errors end the connection, so that the next message is given to another.
private final class SilentPeer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
