import Foundation
import NIOConcurrencyHelpers
import Peers
import PeersTesting
import Testing

@Suite("MLLP client") struct MLLPClientTests {
    private static let quick = MLLPClient.Limits(connect: .seconds(5), answer: .seconds(8))

    private func client(_ server: ScriptedServer, _ limits: MLLPClient.Limits = quick, unsolicited: NIOLockedValueBox<[String]>? = nil)
        -> MLLPClient
    {
        MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: server.port), limits: limits) { message in
            unsolicited?.withLockedValue { $0.append(String(decoding: message, as: UTF8.self)) }
        }
    }

    private func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

    @Test func nobodyListens() async throws {
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let client = MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: port))
        let error = await failure { _ = try await client.send(Data("MSH".utf8)) }
        #expect(error?.code == .notConnected)
        #expect(error?.wasPerhapsSent == false)
        #expect(error?.reason == "it refuses connections")
    }

    @Test func nameIsUnknown() async throws {
        let client = MLLPClient(to: PeerEndpoint(host: "no-such-host.invalid", port: 2575))
        let error = await failure { _ = try await client.send(Data("MSH".utf8)) }
        #expect(error?.code == .notConnected)
    }

    @Test func answersOnOneConnection() async throws {
        let server = try await ScriptedServer.start { $0.send(framed("A\($0.received.count)")) }
        let client = client(server)
        #expect(text(try await client.send(Data("one".utf8))) == "A6")
        #expect(text(try await client.send(Data("two".utf8))) == "A12")
        #expect(server.connections == 1)
        await client.close()
        #expect(await failure { _ = try await client.send(Data("three".utf8)) }?.code == .stopped)
        await server.stop()
    }

    @Test func messageArrivesInItsFrame() async throws {
        let got = NIOLockedValueBox(Data())
        let server = try await ScriptedServer.start { connection in
            got.withLockedValue { $0 = connection.received }
            connection.send(framed("AA"))
        }
        _ = try await client(server).send(Data("MSH|^~\\&|é".utf8))
        #expect(got.withLockedValue { $0 } == framed("MSH|^~\\&|é"))
        await server.stop()
    }

    @Test func frameBytesAreRefused() async throws {
        let server = try await ScriptedServer.start { _ in }
        #expect(await failure { _ = try await client(server).send(Data([0x4D, 0x1C, 0x0D])) }?.code == .badMessage)
        #expect(server.connections == 0)
        await server.stop()
    }

    @Test func silentPeer() async throws {
        let server = try await ScriptedServer.start { _ in }
        let error = await failure { _ = try await client(server).send(Data("x".utf8), timeout: .milliseconds(300)) }
        #expect(error?.code == .timedOut)
        #expect(error?.wasPerhapsSent == true)
        await server.stop()
    }

    /// A late answer must not be taken for that of the next message.
    @Test func lateAnswerIsNotTheNextOnes() async throws {
        let server = try await ScriptedServer.start { connection in
            if connection.number == 0 {
                connection.after(.milliseconds(500)) { connection.send(framed("late")) }
            } else {
                connection.after(.milliseconds(400)) { connection.send(framed("right")) }
            }
        }
        let client = client(server)
        #expect(await failure { _ = try await client.send(Data("one".utf8), timeout: .milliseconds(300)) }?.code == .timedOut)
        #expect(text(try await client.send(Data("two".utf8), timeout: .seconds(8))) == "right")
        #expect(server.connections == 2)
        await server.stop()
    }

    @Test func secondAnswerIsUnsolicited() async throws {
        let server = try await ScriptedServer.start { connection in
            let count = connection.received.count { $0 == 0x0B }
            connection.send(framed("A\(count)") + framed("again \(count)"))
        }
        let extra = NIOLockedValueBox<[String]>([])
        let client = client(server, unsolicited: extra)
        #expect(text(try await client.send(Data("one".utf8))) == "A1")
        #expect(await eventually { extra.withLockedValue { $0 } == ["again 1"] })
        #expect(text(try await client.send(Data("two".utf8))) == "A2")
        await server.stop()
    }

    /// HL7's enhanced mode: receipt and application answer, and answers to others between them.
    @Test func severalAnswers() async throws {
        let server = try await ScriptedServer.start { connection in
            connection.send(framed("other"))
            connection.send(framed("CA"))
            connection.after(.milliseconds(100)) { connection.send(framed("AA")) }
        }
        let extra = NIOLockedValueBox<[String]>([])
        let answers = try await client(server, unsolicited: extra).send(Data("one".utf8)) { answer in
            switch String(decoding: answer, as: UTF8.self) {
            case "CA": .more
            case "AA": .last
            default: .ignore
            }
        }
        #expect(answers.map(text) == ["CA", "AA"])
        #expect(extra.withLockedValue { $0 } == ["other"])
        await server.stop()
    }

    @Test func garbageAroundTheAnswer() async throws {
        let server = try await ScriptedServer.start { connection in
            connection.send(Data("\r\nhello \u{1C}".utf8) + framed("AA"))
        }
        #expect(text(try await client(server).send(Data("one".utf8))) == "AA")
        await server.stop()
    }

    @Test func answerByteByByte() async throws {
        let server = try await ScriptedServer.start { connection in
            for (index, byte) in framed("MSA|AA|1").enumerated() {
                connection.after(.milliseconds(index * 4)) { connection.send(Data([byte])) }
            }
        }
        #expect(text(try await client(server, MLLPClient.Limits()).send(Data("one".utf8))) == "MSA|AA|1")
        await server.stop()
    }

    @Test func closesWithoutAnswer() async throws {
        let server = try await ScriptedServer.start { $0.close() }
        let error = await failure { _ = try await client(server).send(Data("one".utf8)) }
        #expect(error?.code == .noAnswer)
        #expect(error?.wasPerhapsSent == true)
        await server.stop()
    }

    @Test func resetWithoutAnswer() async throws {
        let server = try await ScriptedServer.start { $0.reset() }
        let error = await failure { _ = try await client(server).send(Data("one".utf8)) }
        #expect(error?.code == .noAnswer)
        #expect(error?.wasPerhapsSent == true)
        await server.stop()
    }

    @Test func halfAnAnswer() async throws {
        let server = try await ScriptedServer.start { connection in
            connection.send(Data([0x0B]) + Data("MSA|AA".utf8))
            connection.close()
        }
        #expect(await failure { _ = try await client(server).send(Data("one".utf8)) }?.code == .noAnswer)
        await server.stop()
    }

    @Test func reconnectsAfterAnIdleClose() async throws {
        let server = try await ScriptedServer.start { $0.send(framed("AA")) }
        let client = client(server)
        for _ in 0..<3 {
            _ = try await client.send(Data("one".utf8))
            await server.cutAll()
            #expect(await eventually { await !client.isConnected })
        }
        #expect(server.connections == 3)
        await server.stop()
    }

    @Test func unusedConnectionIsClosed() async throws {
        let server = try await ScriptedServer.start { $0.send(framed("AA")) }
        let client = client(server, MLLPClient.Limits(keepOpen: .milliseconds(50)))
        _ = try await client.send(Data("one".utf8))
        #expect(await eventually { await !client.isConnected })
        _ = try await client.send(Data("two".utf8))
        #expect(server.connections == 2)
        await server.stop()
    }

    @Test func answerTooLarge() async throws {
        let server = try await ScriptedServer.start { $0.send(Data([0x0B]) + Data(repeating: 0x41, count: 5_000)) }
        let error = await failure { _ = try await client(server, MLLPClient.Limits(messageBytes: 2_000)).send(Data("one".utf8)) }
        #expect(error?.code == .tooLarge)
        #expect(error?.wasPerhapsSent == true)
        await server.stop()
    }

    @Test func oneInFlightAndEachItsOwn() async throws {
        let server = try await ScriptedServer.start { connection in
            // The last message that came, echoed a little later.
            let start = connection.received.lastIndex(of: 0x0B) ?? 0
            let last = Data(connection.received[start...].filter { $0 >= 0x20 })
            connection.after(.milliseconds(2)) { connection.send(framed(String(decoding: last, as: UTF8.self))) }
        }
        let client = client(server, MLLPClient.Limits())
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask { String(decoding: try await client.send(Data("m\(number)".utf8)), as: UTF8.self) == "m\(number)" }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(server.connections == 1)
        await server.stop()
    }

    @Test func cancelled() async throws {
        let server = try await ScriptedServer.start { _ in }
        let client = client(server, MLLPClient.Limits())
        let task = Task { await failure { _ = try await client.send(Data("one".utf8)) } }
        #expect(await eventually { server.connections == 1 })
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(await task.value?.code == .stopped)
        await server.stop()
    }
}
