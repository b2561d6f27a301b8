import Foundation
import NIOConcurrencyHelpers
import Peers
import PeersTesting
import Testing

@Suite("Syslog client") struct SyslogClientTests {
    /// What a collector has got, by connection.
    private final class Collector: Sendable {
        let streams = NIOLockedValueBox<[Int: Data]>([:])

        func start(
            port: Int = 0, security: TransportSecurity = .off, _ script: @escaping @Sendable (ScriptedServer.Connection) -> Void = { _ in }
        )
            async throws -> ScriptedServer
        {
            try await ScriptedServer.start(port: port, security: security) { [streams] connection in
                streams.withLockedValue { $0[connection.number] = connection.received }
                script(connection)
            }
        }

        /// The messages, read by their counts (RFC 5425, 4.3).
        var messages: [String] {
            streams.withLockedValue { $0 }.sorted { $0.key < $1.key }.flatMap { _, stream in
                var (rest, messages) = (stream[...], [String]())
                while let blank = rest.firstIndex(of: 0x20), let count = Int(String(decoding: rest[..<blank], as: UTF8.self)) {
                    let begin = blank + 1
                    guard rest.endIndex - begin >= count else { break }
                    messages.append(String(decoding: rest[begin..<begin + count], as: UTF8.self))
                    rest = rest[(begin + count)...]
                }
                return messages
            }
        }
    }

    private func client(_ port: Int, _ security: TransportSecurity = .off, capacity: Int = 1_000) -> SyslogClient {
        SyslogClient(to: PeerEndpoint(host: "127.0.0.1", port: port, security: security), capacity: capacity, limit: .seconds(2))
    }

    @Test func counted() async throws {
        let collector = Collector()
        let server = try await collector.start()
        let client = client(server.port)
        let messages = ["<85>1 - - - - - - one", "<85>1 - - - - - - é 7 times", String(repeating: "x", count: 200_000), "10 20"]
        for message in messages { try await client.send(Data(message.utf8)) }
        #expect(await eventually { collector.messages == messages })
        #expect(await client.counts.sent == 4)
        #expect(server.connections == 1)
        await client.close()
        await server.stop()
    }

    @Test func overTLSWithCertificate() async throws {
        let certificates = try await TestCertificates.shared.value
        let collector = Collector()
        let server = try await collector.start(security: certificates.keys("server"))
        let client = client(server.port, certificates.keys("client"))
        try await client.send(Data("one".utf8))
        #expect(await eventually { collector.messages == ["one"] })
        await client.close()
        let stranger = self.client(server.port, certificates.keys("client", trusting: "stranger-authority"))
        #expect(await failure { try await stranger.send(Data("two".utf8), within: .seconds(4)) }?.code == .certificate)
        #expect(await stranger.counts.dropped == 1)
        await stranger.close(grace: .zero)
        await server.stop()
    }

    @Test func offeredInOrder() async throws {
        let collector = Collector()
        let server = try await collector.start()
        let client = client(server.port)
        for number in 0..<500 { #expect(await client.offer(Data("m\(number)".utf8))) }
        await client.close()
        #expect(await eventually { collector.messages == (0..<500).map { "m\($0)" } })
        #expect(await client.counts == SyslogClient.Counts(sent: 500, dropped: 0, connections: 1, waiting: 0))
        #expect(await client.offer(Data()) == false)
        await server.stop()
    }

    @Test func collectorComesLate() async throws {
        let collector = Collector()
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let client = client(port)
        await client.offer(Data("one".utf8))
        async let sent: Void = client.send(Data("two".utf8), within: .seconds(8))
        #expect(await eventually { await client.lastFailure?.code == .notConnected })
        #expect(await client.counts.waiting == 2)
        let server = try await collector.start(port: port)
        try await sent
        #expect(await eventually { collector.messages == ["one", "two"] })
        await client.close()
        await server.stop()
    }

    @Test func collectorGoesAndComesBack() async throws {
        let collector = Collector()
        let server = try await collector.start()
        let client = client(server.port)
        try await client.send(Data("one".utf8))
        #expect(await eventually { server.connections == 1 && collector.messages == ["one"] })
        await server.cutAll()
        #expect(await eventually { await !client.isConnected })
        try await client.send(Data("two".utf8))
        #expect(await eventually { collector.messages == ["one", "two"] })
        #expect(await client.counts.connections == 2)
        await client.close()
        await server.stop()
    }

    @Test func fullQueueAndLostPatience() async throws {
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let client = client(port, capacity: 3)
        for _ in 0..<3 { #expect(await client.offer(Data("x".utf8))) }
        #expect(await client.offer(Data("x".utf8)) == false)
        #expect(await failure { try await client.send(Data("x".utf8)) }?.code == .notConnected)
        #expect(await client.counts == SyslogClient.Counts(sent: 0, dropped: 2, connections: 0, waiting: 3))
        await client.close(grace: .milliseconds(200))
        #expect(await client.counts.dropped == 5)
        let impatient = self.client(port)
        #expect(await failure { try await impatient.send(Data("x".utf8), within: .milliseconds(100)) }?.code == .notConnected)
        #expect(await impatient.counts.waiting == 0)
        await impatient.close(grace: .zero)
    }

    @Test func cancelledWhileWaiting() async throws {
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let client = client(port)
        let task = Task { await failure { try await client.send(Data("x".utf8)) } }
        #expect(await eventually { await client.counts.waiting == 1 })
        task.cancel()
        #expect(await task.value?.code == .notConnected)
        await client.close(grace: .zero)
    }
}

extension SyslogClient.Counts {
    fileprivate init(sent: Int, dropped: Int, connections: Int, waiting: Int) {
        self.init()
        (self.sent, self.dropped, self.connections, self.waiting) = (sent, dropped, connections, waiting)
    }
}
