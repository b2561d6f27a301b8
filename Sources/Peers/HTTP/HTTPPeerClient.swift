import AsyncHTTPClient
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL

/// Sends requests to one HTTP server: DICOMweb, FHIR, webhooks. Connections are kept for later requests.
///
/// Redirects are answers like others: a result must not go where nobody told it to. Cookies are not kept, bodies not decompressed.
public final class HTTPPeerClient: Sendable {
    /// How we prove who we are, beside a certificate.
    public enum Authorization: Hashable, Sendable {
        case none
        /// RFC 6750.
        case bearer(String)
        /// RFC 7617, in UTF-8.
        case basic(user: String, password: String)
    }

    public struct Limits: Hashable, Sendable {
        /// For a connection.
        public var connect: Duration
        /// Without a byte going over, in either direction.
        public var idle: Duration
        /// From the beginning to the answer's last byte.
        public var total: Duration
        /// The longest body of an answer.
        public var answerBytes: Int

        public init(
            connect: Duration = .seconds(10), idle: Duration = .seconds(60), total: Duration = .seconds(600), answerBytes: Int = 16 << 20
        ) {
            (self.connect, self.idle, self.total, self.answerBytes) = (connect, idle, total, answerBytes)
        }
    }

    public let limits: Limits
    private let authorization: String?
    /// The name in the server's certificate, where it is not that of the addresses.
    private let serverName: String?
    private let client: HTTPClientPool

    /// - Throws: `badSettings` with the file that is at fault.
    public init(
        security: TransportSecurity = .on(TransportKeys()), authorization: Authorization = .none, limits: Limits = Limits()
    ) throws(PeerError) {
        self.limits = limits
        switch authorization {
        case .none: self.authorization = nil
        case .bearer(let token): self.authorization = "Bearer \(token)"
        case .basic(let user, let password): self.authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        }
        if case .on(let keys) = security { serverName = keys.serverName } else { serverName = nil }
        try security.check()
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try security.clientConfiguration(), redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: limits.connect.amount, read: limits.idle.amount, write: limits.idle.amount))
        configuration.httpVersion = .http1Only
        // Who delivers has a schedule of its own for trying again.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClientPool(configuration)
    }

    /// Sends a request and awaits the whole answer, whatever its status. Where a server refuses a body before it has read it, the answer's
    /// body may be missing.
    /// - Throws: `notConnected` or `certificate` where nothing was taken; `noAnswer` and `timedOut` where the server may have done it;
    ///   `tooLarge` where it has answered, with its status in the reason.
    public func send(_ request: HTTPPeerRequest) async throws(PeerError) -> HTTPPeerAnswer {
        switch try await attempt(request) {
        case .answer(let answer): return answer
        case .unsent:
            // A kept connection had ended unnoticed. The next is a new one.
            switch try await attempt(request) {
            case .answer(let answer): return answer
            case .unsent(let reason): throw PeerError(.notConnected, reason)
            }
        }
    }

    private enum Attempt {
        case answer(HTTPPeerAnswer)
        /// The connection ended before the body's first bytes were taken: the server has nothing to do.
        case unsent(String)
    }

    private func attempt(_ request: HTTPPeerRequest) async throws(PeerError) -> Attempt {
        let hasBegun = NIOLockedValueBox(request.body == .none)
        let (plain, host) = try prepared(request) { hasBegun.withLockedValue { $0 = true } }
        let client = try client.client(for: host, named: serverName)
        let (answerBytes, total) = (request.answerBytes ?? limits.answerBytes, request.total ?? limits.total)
        let begun = NIOLockedValueBox<HTTPPeerAnswer?>(nil)
        do {
            return .answer(
                try await withThrowingTaskGroup(of: HTTPPeerAnswer.self) { group in
                    group.addTask {
                        let response = try await client.execute(plain, deadline: .now() + total.amount)
                        var answer = HTTPPeerAnswer(
                            status: Int(response.status.code), headers: response.headers.map { HTTPPeerHeader($0.name, $0.value) })
                        begun.withLockedValue { [answer] in $0 = answer }
                        answer.body = Data(buffer: try await response.body.collect(upTo: answerBytes))
                        return answer
                    }
                    // AsyncHTTPClient's own deadline does not hold for the body of an answer.
                    group.addTask {
                        try await Task.sleep(for: total + .milliseconds(1))
                        throw HTTPClientError.deadlineExceeded
                    }
                    defer { group.cancelAll() }
                    guard let answer = try await group.next() else { throw CancellationError() }
                    return answer
                })
        } catch {
            let answer = begun.withLockedValue { $0 }
            if let answer, answer.status >= 400, Self.isOfSending(error) { return .answer(answer) }
            let reason = Self.reason(error, answer?.status, limits, total, answerBytes)
            guard answer == nil, !hasBegun.withLockedValue({ $0 }) else { throw reason }
            switch reason.code {
            case .noAnswer: return .unsent(reason.reason)
            case .timedOut: throw PeerError(.notConnected, reason.reason)
            default: throw reason
            }
        }
    }

    /// Ends the connections. Requests that are under way fail.
    public func close() async { await client.shutdown() }

    private func prepared(
        _ request: HTTPPeerRequest, onBegin: @escaping @Sendable () -> Void
    ) throws(PeerError) -> (HTTPClientRequest, host: String) {
        guard var address = URLComponents(string: request.url), let host = address.host, !host.isEmpty,
            let scheme = address.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { throw PeerError(.badSettings, "its address is no address of HTTP") }
        let port = address.port
        if scheme == "https", let serverName { address.host = serverName }
        guard let text = address.string else { throw PeerError(.badSettings, "its address is no address of HTTP") }
        var plain = HTTPClientRequest(url: text)
        plain.method = HTTPMethod(rawValue: request.method.rawValue)
        if scheme == "https", serverName != nil {
            plain.headers.add(name: "Host", value: port.map { "\(host):\($0)" } ?? host)
        }
        if let authorization { plain.headers.add(name: "Authorization", value: authorization) }
        for header in request.headers { plain.headers.replaceOrAdd(name: header.name, value: header.value) }
        plain.body = try request.body.plain(onBegin: onBegin)
        return (plain, host)
    }
}
