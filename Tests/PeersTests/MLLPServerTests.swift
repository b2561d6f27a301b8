import Foundation
import Logging
import NIOConcurrencyHelpers
import Peers
import PeersTesting
import Testing

@Suite("MLLP server") struct MLLPServerTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func server(
        _ settings: MLLPServer.Settings = MLLPServer.Settings(), handle: (@Sendable (Data, PeerAddress) async -> Data?)? = nil
    ) async throws -> MLLPServer {
        try await MLLPServer.start(settings, logger: Self.logger) { message, address in
            guard let handle else { return [Data("A:".utf8) + message] }
            return await handle(message, address).map { [$0] } ?? []
        }
    }

    /// HL7's enhanced mode: what was received, then what came of it.
    @Test func twoAnswersInOrder() async throws {
        let server = try await MLLPServer.start(MLLPServer.Settings(), logger: Self.logger) { message, _ in
            [Data("CA:".utf8) + message, Data("AA:".utf8) + message]
        }
        let client = try await RawClient.connect(server.port)
        try await client.send(framed("one") + framed("two"))
        let expected = framed("CA:one") + framed("AA:one") + framed("CA:two") + framed("AA:two")
        #expect(await client.receives(expected.count))
        #expect(client.received == expected)
        await client.close()
        await server.stop()
    }

    @Test func splitAtEveryByte() async throws {
        let server = try await server()
        let stream = framed("MSH|one") + framed("MSH|two")
        let expected = framed("A:MSH|one") + framed("A:MSH|two")
        for place in 1..<stream.count {
            let client = try await RawClient.connect(server.port)
            try await client.send(stream.prefix(place))
            try await Task.sleep(for: .milliseconds(3))
            try await client.send(stream.dropFirst(place))
            #expect(await client.receives(expected.count))
            #expect(client.received == expected, "split at \(place)")
            await client.close()
        }
        #expect(server.counts.messages == 2 * (stream.count - 1))
        await server.stop()
    }

    @Test func orderIsKept() async throws {
        let server = try await server { message, _ in
            // The first takes longest.
            try? await Task.sleep(for: .milliseconds(60 - 6 * (Int(String(decoding: message, as: UTF8.self)) ?? 0)))
            return message
        }
        let client = try await RawClient.connect(server.port)
        try await client.send((0..<10).map { framed("\($0)") }.reduce(Data(), +))
        let expected = (0..<10).map { framed("\($0)") }.reduce(Data(), +)
        #expect(await client.receives(expected.count))
        #expect(client.received == expected)
        #expect(server.counts.answers == 10)
        await server.stop()
    }

    @Test func aSlowHandlerHoldsNobodyElse() async throws {
        let server = try await server { message, _ in
            if message == Data("slow".utf8) { try? await Task.sleep(for: .seconds(20)) }
            return message
        }
        let slow = try await RawClient.connect(server.port)
        try await slow.send(framed("slow"))
        let quick = MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: server.port), limits: MLLPClient.Limits(answer: .seconds(10)))
        #expect(try await quick.send(Data("quick".utf8)) == Data("quick".utf8))
        await server.stop(grace: .milliseconds(10))
    }

    @Test func garbageIsPassedOver() async throws {
        let server = try await server()
        let client = try await RawClient.connect(server.port)
        try await client.send(Data("GET / HTTP/1.1\r\n".utf8) + framed("one") + Data("xx".utf8) + framed("two"))
        #expect(await client.receives(framed("A:one").count * 2))
        #expect(client.received == framed("A:one") + framed("A:two"))
        // Line ends harm nobody and are not counted.
        #expect(server.counts.garbageBytes == 16)
        await server.stop()
    }

    @Test func unfinishedMessageIsCounted() async throws {
        let server = try await server()
        let client = try await RawClient.connect(server.port)
        try await client.send(Data([0x0B]) + Data("MSH|half".utf8))
        try await Task.sleep(for: .milliseconds(30))
        await client.close()
        #expect(await eventually { server.counts.cutMessages == 1 && server.counts.open == 0 })
        await server.stop()
    }

    /// Some senders close their half as soon as they have sent.
    @Test func halfClosedSenderGetsItsAnswers() async throws {
        let server = try await server { message, _ in
            try? await Task.sleep(for: .milliseconds(50))
            return Data(repeating: 0x41, count: 3_000_000) + message
        }
        let client = try await RawClient.connect(server.port)
        try await client.send(framed("one") + framed("two"))
        try await client.finishSending()
        #expect(await client.receives(2 * (3_000_003 + 3)))
        #expect(await eventually { client.hasEnded && server.counts.open == 0 })
        await server.stop()
    }

    @Test func noAnswerIsGivenWhereNoneIs() async throws {
        let server = try await server { _, _ in nil }
        let client = MLLPClient(
            to: PeerEndpoint(host: "127.0.0.1", port: server.port), limits: MLLPClient.Limits(answer: .milliseconds(100)))
        #expect(await failure { _ = try await client.send(Data("x".utf8)) }?.code == .timedOut)
        await server.stop()
    }

    @Test func tooLargeMessages() async throws {
        let server = try await MLLPServer.start(
            MLLPServer.Settings(messageBytes: 2_000), logger: Self.logger, handleTooLarge: { head, _ in [Data("AR \(head.count)".utf8)] }
        ) { message, _ in [message] }
        let client = try await RawClient.connect(server.port)
        try await client.send(framed(String(repeating: "x", count: 100_000)) + framed("next"))
        let expected = framed("AR 1024") + framed("next")
        #expect(await client.receives(expected.count))
        #expect(client.received == expected)
        #expect(server.counts.tooLarge == 1)
        await server.stop()
    }

    @Test func tooLargeEndsTheConnectionWhereNobodyAnswers() async throws {
        let server = try await server(MLLPServer.Settings(messageBytes: 2_000))
        let client = try await RawClient.connect(server.port)
        try await client.send(framed(String(repeating: "x", count: 5_000)))
        #expect(await eventually { client.hasEnded })
        #expect(client.received.isEmpty)
        await server.stop()
    }

    @Test func tooManyConnections() async throws {
        let server = try await server(MLLPServer.Settings(connections: 2))
        let clients = [try await RawClient.connect(server.port), try await RawClient.connect(server.port)]
        #expect(await eventually { server.counts.open == 2 })
        let third = try await RawClient.connect(server.port)
        #expect(await eventually { third.hasEnded })
        #expect(server.counts.refused == 1)
        await clients[0].close()
        #expect(await eventually { server.counts.open == 1 })
        let fourth = try await RawClient.connect(server.port)
        try await fourth.send(framed("x"))
        #expect(await fourth.receives(framed("A:x").count))
        await server.stop()
    }

    @Test func silentAndSlowConnectionsAreEnded() async throws {
        let server = try await server(MLLPServer.Settings(idle: .milliseconds(200), messageTime: .milliseconds(300)))
        let silent = try await RawClient.connect(server.port)
        let slow = try await RawClient.connect(server.port)
        let sender = Task {
            try await slow.send(Data([0x0B]))
            while true {
                try await slow.send(Data("x".utf8))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(await eventually { silent.hasEnded && slow.hasEnded })
        sender.cancel()
        #expect(server.counts.idle == 2)
        await server.stop()
    }

    @Test func aHandlerMayTakeLongerThanIdle() async throws {
        let server = try await server(MLLPServer.Settings(idle: .seconds(3))) { message, _ in
            try? await Task.sleep(for: .milliseconds(3_600))
            return message
        }
        let client = try await RawClient.connect(server.port)
        try await client.send(framed("x"))
        #expect(await client.receives(4))
        await server.stop()
    }

    @Test func addresses() async throws {
        let server = try await server(MLLPServer.Settings(allowedAddresses: ["10.1.0.0/16"]))
        let client = try await RawClient.connect(server.port)
        #expect(await eventually { client.hasEnded })
        #expect(server.counts.refused == 1)
        await server.stop()
        let open = try await self.server(MLLPServer.Settings(allowedAddresses: ["10.1.0.0/16", "127.0.0.0/8"])) { _, address in
            Data(address.host.utf8)
        }
        let answer = try await MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: open.port)).send(Data("x".utf8))
        #expect(answer == Data("127.0.0.1".utf8))
        await open.stop()
    }

    @Test func addressLists() throws {
        let list = try AddressList(["192.168.4.0/23", "10.0.0.7", "fd00::/8"])
        for (address, isAllowed) in [
            ("192.168.4.1", true), ("192.168.5.255", true), ("192.168.6.0", false), ("10.0.0.7", true), ("10.0.0.8", false),
            ("fdff::1", true), ("fe80::1", false), ("", false),
        ] {
            #expect(list.allows(PeerAddress(host: address, port: 1)) == isAllowed, "\(address)")
        }
        for wrong in ["10.0.0", "10.0.0.0/33", "10.0.0.0/x", "ris.example", ""] {
            #expect(throws: PeerError(.badSettings, "")) { try AddressList([wrong]) }
        }
    }

    @Test func stopsWithTheAnswerInHand() async throws {
        let server = try await server { message, _ in
            try? await Task.sleep(for: .milliseconds(200))
            return message
        }
        let busy = try await RawClient.connect(server.port)
        let idle = try await RawClient.connect(server.port)
        try await busy.send(framed("one"))
        #expect(await eventually { server.counts.messages == 1 })
        await server.stop()
        #expect(await eventually { busy.hasEnded && idle.hasEnded })
        #expect(busy.received == framed("one"))
        #expect(
            await failure { _ = try await MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: server.port)).send(Data("x".utf8)) }?.code
                == .notConnected)
    }

    @Test func stopsBesideAHandlerThatHangs() async throws {
        let server = try await server { _, _ in
            try? await Task.sleep(for: .seconds(20))
            return nil
        }
        let client = try await RawClient.connect(server.port)
        try await client.send(framed("one"))
        #expect(await eventually { server.counts.messages == 1 })
        let start = ContinuousClock.now
        await server.stop(grace: .milliseconds(200))
        // The handler takes twenty.
        #expect(ContinuousClock.now - start < .seconds(18))
    }

    @Test func portInUse() async throws {
        let server = try await server()
        let error = await failure { _ = try await self.server(MLLPServer.Settings(port: server.port)) }
        #expect(error?.code == .badSettings)
        #expect(error?.reason.contains("address already in use") == true)
        await server.stop()
    }

    /// Bytes of all kinds, seeded: the server answers the good message that follows on another connection. `PLEURA_FUZZ=N` for more.
    @Test func randomStreams() async throws {
        let rounds = ProcessInfo.processInfo.environment["PLEURA_FUZZ"].flatMap { Int($0) } ?? 200
        let server = try await server(MLLPServer.Settings(messageBytes: 4_096))
        var state: UInt64 = 0x5EED
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<rounds {
            let client = try await RawClient.connect(server.port)
            var stream = Data()
            for _ in 0..<random(40) {
                switch random(6) {
                case 0: stream.append(0x0B)
                case 1: stream.append(contentsOf: [0x1C, 0x0D])
                case 2: stream.append(0x1C)
                case 3: stream.append(framed("MSH|\(random(1_000))"))
                case 4: stream.append(Data(repeating: UInt8(random(256)), count: random(3_000)))
                default: stream.append(UInt8(random(256)))
                }
            }
            try? await client.send(stream)
            await client.close()
        }
        #expect(await eventually(within: .seconds(20)) { server.counts.open == 0 })
        let answer = try await MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: server.port)).send(Data("MSH".utf8))
        #expect(answer == Data("A:MSH".utf8))
        await server.stop()
    }
}
