import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension HTTPPeerClient {
    /// - Parameter status: The answer's, if its head had come.
    static func reason(_ error: any Error, _ status: Int?, _ limits: Limits, _ total: Duration, _ answerBytes: Int) -> PeerError {
        let answered = status.map { "status \($0), then " } ?? ""
        switch error {
        case is NIOTooManyBytesError:
            return PeerError(.tooLarge, "\(answered)an answer of more than \(answerBytes) bytes", wasPerhapsSent: true)
        case let error as PeerError: return error
        case let error as HTTPParserError where error == .invalidEOFState: return PeerError(.noAnswer, "\(answered)it ended the connection")
        case is HTTPParserError: return PeerError(.noAnswer, "\(answered)something that is not HTTP")
        case is CancellationError: return PeerError(.stopped, "it was cancelled", wasPerhapsSent: true)
        case let error as HTTPClientError: return reason(error, answered, limits, total)
        default:
            if let trust = PeerError.untrusted(error) { return trust }
            return isOfConnecting(error) ? PeerError.connecting(error, within: limits.connect) : PeerError.exchanging(error)
        }
    }

    /// A server that refuses a body may close before it has read it all. Then sending fails, which takes nothing from its answer.
    static func isOfSending(_ error: any Error) -> Bool { error is ChannelError || error is IOError }

    /// What of NIO's errors can only come before a request was sent.
    private static func isOfConnecting(_ error: any Error) -> Bool {
        switch error {
        case is NIOConnectionError: true
        case let error as ChannelError: if case .connectTimeout = error { true } else { false }
        case let error as NIOSSLError: if case .handshakeFailed = error { true } else { false }
        case let error as IOError: [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
        default: false
        }
    }

    private static func reason(_ error: HTTPClientError, _ answered: String, _ limits: Limits, _ total: Duration) -> PeerError {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: PeerError(.notConnected, "no connection within \(limits.connect.words)")
        case .tlsHandshakeTimeout: PeerError(.notConnected, "no TLS within \(limits.connect.words)")
        case .readTimeout: PeerError(.timedOut, "\(answered)nothing for \(limits.idle.words)")
        case .writeTimeout: PeerError(.timedOut, "it took nothing for \(limits.idle.words)")
        case .deadlineExceeded: PeerError(.timedOut, "\(answered)no whole answer within \(total.words)")
        case .remoteConnectionClosed: PeerError(.noAnswer, "\(answered)it ended the connection")
        case .cancelled: PeerError(.stopped, "it was cancelled", wasPerhapsSent: true)
        case .alreadyShutdown: PeerError(.stopped, "the client was stopped", wasPerhapsSent: false)
        case .bodyLengthMismatch: PeerError(.noAnswer, "\(answered)the file to be sent changed, or the answer was cut")
        case .invalidURL, .emptyHost, .emptyScheme, .invalidDNSOverridesConfiguration:
            PeerError(.badSettings, "its address is no address of HTTP")
        default: PeerError(.noAnswer, "\(answered)\(error.shortDescription)")
        }
    }
}
