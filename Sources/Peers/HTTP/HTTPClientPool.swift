import AsyncHTTPClient
import NIOConcurrencyHelpers

/// The clients of AsyncHTTPClient, made when they are needed: where the certificate has another name than the address, one for each host,
/// for the other name leads to it.
final class HTTPClientPool: Sendable {
    private struct State {
        var clients: [String: HTTPClient] = [:]
        var isClosed = false
    }

    private let configuration: HTTPClient.Configuration
    private let state = NIOLockedValueBox(State())

    init(_ configuration: HTTPClient.Configuration) { self.configuration = configuration }

    deinit {
        // A client must be shut down. Whoever forgot it is not punished.
        for client in state.withLockedValue({ $0.clients.values }) { client.shutdown { _ in } }
    }

    func client(for host: String, named name: String?) throws(PeerError) -> HTTPClient {
        let key = name == nil ? "" : host
        let client = state.withLockedValue { state -> HTTPClient? in
            guard !state.isClosed else { return nil }
            if let client = state.clients[key] { return client }
            var configuration = configuration
            if let name { configuration.dnsOverride = [name: host] }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            state.clients[key] = client
            return client
        }
        guard let client else { throw PeerError(.stopped, "the client was stopped", wasPerhapsSent: false) }
        return client
    }

    func shutdown() async {
        let clients = state.withLockedValue { state in
            state.isClosed = true
            defer { state.clients = [:] }
            return Array(state.clients.values)
        }
        for client in clients { try? await client.shutdown() }
    }
}
