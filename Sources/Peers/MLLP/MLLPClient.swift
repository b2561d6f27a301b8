import Foundation
import HL7
import NIOConcurrencyHelpers
import NIOCore

/// Sends messages to one peer by HL7's minimal lower layer protocol and awaits its answers. What the messages say is not looked at.
///
/// The connection is opened when it is needed and kept for the next message. One message is in flight at a time: who sends meanwhile waits
/// their turn. After a time-out or a broken answer the connection is closed, so that no late answer is taken for that of the next message.
public actor MLLPClient {
    /// What a message that came in is to the one in flight.
    public enum Decision: Hashable, Sendable {
        /// Not an answer to it. It goes to those who take unsolicited messages.
        case ignore
        /// An answer; another is to come.
        case more
        /// The answer that ends it.
        case last
    }

    public struct Limits: Hashable, Sendable {
        /// For the connection, and as long again for the handshake of TLS.
        public var connect: Duration
        /// From the sending to the last answer.
        public var answer: Duration
        /// The longest message, either way.
        public var messageBytes: Int
        /// How long an unused connection is kept.
        public var keepOpen: Duration

        public init(
            connect: Duration = .seconds(10), answer: Duration = .seconds(30), messageBytes: Int = 16 << 20,
            keepOpen: Duration = .seconds(60)
        ) {
            (self.connect, self.answer, self.messageBytes, self.keepOpen) = (connect, answer, messageBytes, keepOpen)
        }
    }

    public let endpoint: PeerEndpoint
    public let limits: Limits
    /// How many connections were opened.
    public private(set) var connections = 0
    private let onUnsolicited: (@Sendable (Data) -> Void)?
    private var connection: (channel: any Channel, handler: NIOLoopBound<MLLPClientHandler>)?
    private var isBusy = false
    private var line: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    /// - Parameter onUnsolicited: Takes what comes while no message is in flight or answers another one: an application's acknowledgement
    ///   may come long after that of its receipt (HL7 2.5.1, 2.9.3). Runs on the connection's thread: it must not wait.
    public init(to endpoint: PeerEndpoint, limits: Limits = Limits(), onUnsolicited: (@Sendable (Data) -> Void)? = nil) {
        (self.endpoint, self.limits, self.onUnsolicited) = (endpoint, limits, onUnsolicited)
    }

    /// Whether a connection stands.
    public var isConnected: Bool { connection?.channel.isActive ?? false }

    /// Sends a message and returns its answers, up to the one that is the last.
    /// - Parameters:
    ///   - limit: For the answers, instead of the client's.
    ///   - decide: Says of each message that comes in what it is. Runs on the connection's thread: it must not wait.
    /// - Throws: `notConnected` or `certificate` where nothing was sent; `noAnswer`, `timedOut`, `tooLarge` where the peer may have it:
    ///   the same message, with the same control id, is to be sent again.
    public func send(
        _ message: Data, timeout limit: Duration? = nil, until decide: @escaping @Sendable (Data) -> Decision
    ) async throws(PeerError) -> [Data] {
        guard message.count <= limits.messageBytes else {
            throw PeerError(.tooLarge, "a message of \(message.count) bytes, more than \(limits.messageBytes)", wasPerhapsSent: false)
        }
        let frame: [UInt8]
        do {
            frame = try MLLP.frame(Array(message))
        } catch {
            throw PeerError(.badMessage, "it holds a byte that would end its frame")
        }
        await takeTurn()
        defer { passTurn() }
        do {
            return try await exchange(frame, limit ?? limits.answer, decide)
        } catch  where error.code == .notConnected && connection != nil {
            // The kept connection had ended unnoticed.
            connection = nil
            return try await exchange(frame, limit ?? limits.answer, decide)
        }
    }

    /// Sends a message and returns the first message that comes back.
    public func send(_ message: Data, timeout limit: Duration? = nil) async throws(PeerError) -> Data {
        let answers = try await send(message, timeout: limit) { _ in .last }
        guard let answer = answers.last else { throw PeerError(.noAnswer, "it sent no answer") }
        return answer
    }

    /// Closes the connection. What is in flight fails as `noAnswer`; later messages are refused.
    public func close() async {
        isClosed = true
        try? await connection?.channel.close()
        connection = nil
    }

    private func exchange(
        _ frame: [UInt8], _ limit: Duration, _ decide: @escaping @Sendable (Data) -> Decision
    ) async throws(PeerError) -> [Data] {
        let (channel, handler) = try await open()
        let answers = channel.eventLoop.makePromise(of: [Data].self)
        channel.eventLoop.execute {
            handler.value.begin(MLLPClientHandler.Exchange(frame: frame, decide: decide, limit: limit, answers: answers))
        }
        do {
            return try await withTaskCancellationHandler {
                try await answers.futureResult.get()
            } onCancel: {
                channel.eventLoop.execute {
                    handler.value.fail(PeerError(.stopped, "it was cancelled", wasPerhapsSent: true))
                }
            }
        } catch {
            throw PeerError.exchanging(error)
        }
    }

    private func open() async throws(PeerError) -> (any Channel, NIOLoopBound<MLLPClientHandler>) {
        guard !isClosed, !Task.isCancelled else { throw PeerError(.stopped, "the client was stopped", wasPerhapsSent: false) }
        if let connection, connection.channel.isActive { return connection }
        connection = nil
        let (limits, onUnsolicited) = (limits, onUnsolicited)
        // By channel, since the channel may have ended before it could be asked for its handler, and the handler knows why.
        let handlers = NIOLockedValueBox([ObjectIdentifier: NIOLoopBound<MLLPClientHandler>]())
        let channel = try await PeerConnection.open(endpoint, within: limits.connect) { channel in
            let handler = MLLPClientHandler(limits, onUnsolicited: onUnsolicited)
            handlers.withLockedValue { $0[ObjectIdentifier(channel)] = NIOLoopBound(handler, eventLoop: channel.eventLoop) }
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        guard let handler = handlers.withLockedValue({ $0[ObjectIdentifier(channel)] }), !isClosed else {
            channel.close(promise: nil)
            throw PeerError(.stopped, "the client was stopped", wasPerhapsSent: false)
        }
        connections += 1
        connection = (channel, handler)
        return (channel, handler)
    }

    private func takeTurn() async {
        guard isBusy else { return isBusy = true }
        await withCheckedContinuation { line.append($0) }
    }

    private func passTurn() {
        if line.isEmpty { isBusy = false } else { line.removeFirst().resume() }
    }
}
