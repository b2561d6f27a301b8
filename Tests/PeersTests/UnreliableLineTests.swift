import Foundation
import Logging
import Peers
import PeersTesting
import Testing

@Suite("Unreliable line") struct UnreliableLineTests {
    private func echo() async throws -> MLLPServer {
        try await MLLPServer.start(MLLPServer.Settings(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { message, _ in
            [message]
        }
    }

    private func client(_ line: UnreliableLine) -> MLLPClient {
        MLLPClient(
            to: PeerEndpoint(host: "127.0.0.1", port: line.port), limits: MLLPClient.Limits(connect: .seconds(5), answer: .seconds(10)))
    }

    @Test func passesOn() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        let client = client(line)
        for size in [1, 1_000, 3_000_000] {
            let message = Data((0..<size).map { UInt8(0x20 + $0 % 90) })
            #expect(try await client.send(message) == message)
        }
        #expect(line.counts.bytesToTarget == 3_001_001 + 9)
        #expect(line.counts.bytesFromTarget == 3_001_001 + 9)
        #expect(line.counts.connections == 1)
        await client.close()
        await line.stop()
        await server.stop()
    }

    /// 4,003 bytes each way at 64 kbit/s take 0.5 s each way.
    @Test func rate() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        line.set(bitsPerSecond: 64_000)
        let start = ContinuousClock.now
        _ = try await client(line).send(Data(repeating: 0x41, count: 4_000))
        let time = ContinuousClock.now - start
        #expect(time > .milliseconds(980), "\(time)")
        await line.stop()
        await server.stop()
    }

    @Test func delay() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        line.set(delay: .milliseconds(150))
        let start = ContinuousClock.now
        _ = try await client(line).send(Data("x".utf8))
        #expect(ContinuousClock.now - start > .milliseconds(299))
        await line.stop()
        await server.stop()
    }

    @Test func downAndUp() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        let client = client(line)
        _ = try await client.send(Data("x".utf8))
        line.set(up: false)
        let error = await failure { _ = try await client.send(Data("x".utf8)) }
        #expect(error?.code == .notConnected || error?.code == .noAnswer)
        line.set(up: true)
        #expect(try await client.send(Data("y".utf8)) == Data("y".utf8))
        await line.stop()
        await server.stop()
    }

    @Test func cutInTheMiddle() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        line.set(cutAfterBytes: 500)
        let client = client(line)
        #expect(await failure { _ = try await client.send(Data(repeating: 0x41, count: 1_000)) }?.code == .noAnswer)
        #expect(await eventually { server.counts.cutMessages == 1 })
        #expect(server.counts.messages == 0)
        #expect(line.counts.bytesToTarget == 500)
        // The message arrives, its answer does not.
        line.set(cutAfterBytes: 1_010)
        #expect(await failure { _ = try await client.send(Data(repeating: 0x41, count: 1_000)) }?.code == .noAnswer)
        #expect(await eventually { server.counts.messages == 1 })
        line.set(cutAfterBytes: nil)
        _ = try await client.send(Data(repeating: 0x41, count: 1_000))
        #expect(line.counts.cuts == 2)
        await line.stop()
        await server.stop()
    }

    @Test func silent() async throws {
        let server = try await echo()
        let line = try await UnreliableLine.start(port: server.port)
        line.set(.silent)
        let client = client(line)
        #expect(await failure { _ = try await client.send(Data("x".utf8), timeout: .milliseconds(300)) }?.code == .timedOut)
        line.set(.up)
        _ = try await client.send(Data("x".utf8))
        await line.stop()
        await server.stop()
    }

    @Test func targetIsAway() async throws {
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let line = try await UnreliableLine.start(port: port)
        let error = await failure { _ = try await client(line).send(Data("x".utf8)) }
        #expect(error?.code == .noAnswer || error?.code == .notConnected)
        await line.stop()
    }
}
