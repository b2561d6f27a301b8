import Foundation
import NIOConcurrencyHelpers
import Peers
import PeersTesting
import Testing

@Suite("HTTP client") struct HTTPPeerClientTests {
    /// A request as it came, once its body is whole.
    private struct Got: Sendable {
        var line: String
        var headers: [String: String]
        var body: Data

        init?(_ received: Data) {
            guard let end = received.firstRange(of: Data("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) } }
            line = lines[0]
            headers = Dictionary(fields.filter { $0.count == 2 }.map { ($0[0].lowercased(), $0[1]) }) { "\($0), \($1)" }
            body = received[end.upperBound...]
            if let length = headers["content-length"].flatMap({ Int($0) }), body.count < length { return nil }
        }
    }

    private final class Box: Sendable { let got = NIOLockedValueBox<Got?>(nil) }

    private func server(_ box: Box = Box(), security: TransportSecurity = .off, answer: String) async throws -> ScriptedServer {
        try await ScriptedServer.start(security: security) { connection in
            guard let got = Got(connection.received) else { return }
            box.got.withLockedValue { $0 = got }
            connection.send(answer)
        }
    }

    private static let quick = HTTPPeerClient.Limits(
        connect: .seconds(5), idle: .seconds(10), total: .seconds(20), answerBytes: 10_000)
    private static let created = "HTTP/1.1 201 Created\r\nLocation: /x/1\r\nContent-Length: 4\r\n\r\ndone"

    private func client(_ security: TransportSecurity = .off, _ authorization: HTTPPeerClient.Authorization = .none) throws
        -> HTTPPeerClient
    {
        try HTTPPeerClient(security: security, authorization: authorization, limits: Self.quick)
    }

    private func error(_ server: ScriptedServer, _ request: HTTPPeerRequest? = nil, _ client: HTTPPeerClient? = nil) async throws
        -> PeerError?
    {
        let client = try client ?? self.client()
        let url = "http://127.0.0.1:\(server.port)/"
        let error = await failure { _ = try await client.send(request ?? HTTPPeerRequest(.get, url)) }
        await client.close()
        await server.stop()
        return error
    }

    @Test func postsData() async throws {
        let box = Box()
        let server = try await server(box, answer: Self.created)
        let client = try client(.off, .bearer("abc"))
        let answer = try await client.send(
            HTTPPeerRequest(
                .post, "http://127.0.0.1:\(server.port)/fhir?x=1", headers: [HTTPPeerHeader("Content-Type", "application/fhir+json")],
                body: .data(Data("{}".utf8))))
        #expect(answer.status == 201)
        #expect(answer.body == Data("done".utf8))
        #expect(answer.header("LOCATION") == "/x/1")
        let got = try #require(box.got.withLockedValue { $0 })
        #expect(got.line == "POST /fhir?x=1 HTTP/1.1")
        #expect(got.headers["content-type"] == "application/fhir+json")
        #expect(got.headers["authorization"] == "Bearer abc")
        #expect(got.headers["content-length"] == "2")
        #expect(got.body == Data("{}".utf8))
        await client.close()
        await server.stop()
    }

    @Test func putsPiecesAndFiles() async throws {
        let box = Box()
        let server = try await server(box, answer: Self.created)
        let file = FileManager.default.temporaryDirectory.appending(path: "pleura-peers-\(UUID()).bin")
        let content = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) })
        try content.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let client = try client(.off, .basic(user: "ä", password: "b:c"))
        let url = "http://127.0.0.1:\(server.port)/studies"
        _ = try await client.send(
            HTTPPeerRequest(
                .put, url, body: .pieces([.data(Data("--a\r\n".utf8)), .file(file), .data(Data()), .data(Data("\r\n--a--".utf8))])))
        let got = try #require(box.got.withLockedValue { $0 })
        #expect(got.line == "PUT /studies HTTP/1.1")
        #expect(got.headers["authorization"] == "Basic " + Data("ä:b:c".utf8).base64EncodedString())
        #expect(got.body == Data("--a\r\n".utf8) + content + Data("\r\n--a--".utf8))
        let other = try await ScriptedServer.start { connection in
            guard let got = Got(connection.received) else { return }
            box.got.withLockedValue { $0 = got }
            connection.send(Self.created)
        }
        _ = try await client.send(HTTPPeerRequest(.post, "http://127.0.0.1:\(other.port)/", body: .file(file)))
        #expect(box.got.withLockedValue { $0 }?.body == content)
        await client.close()
        await server.stop()
        await other.stop()
    }

    @Test func absentFile() async throws {
        let server = try await server(answer: Self.created)
        let request = HTTPPeerRequest(.post, "http://127.0.0.1:\(server.port)/", body: .file(URL(filePath: "/nowhere/at/all")))
        #expect(try await error(server, request)?.code == .badSettings)
        #expect(server.connections == 0)
    }

    @Test func everyStatusIsAnAnswer() async throws {
        for status in [200, 204, 301, 307, 400, 401, 404, 409, 500, 503] {
            let server = try await server(answer: "HTTP/1.1 \(status) X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
            let client = try client()
            let answer = try await client.send(HTTPPeerRequest(.get, "http://127.0.0.1:\(server.port)/"))
            #expect(answer.status == status)
            #expect(server.connections == 1)
            await client.close()
            await server.stop()
        }
    }

    @Test func nobodyListens() async throws {
        let unused = try UnusedPort()
        defer { withExtendedLifetime(unused) {} }
        let port = unused.number
        let client = try client()
        let error = await failure { _ = try await client.send(HTTPPeerRequest(.get, "http://127.0.0.1:\(port)/")) }
        #expect(error?.code == .notConnected)
        #expect(error?.wasPerhapsSent == false)
        let post = HTTPPeerRequest(.post, "http://localhost:\(port)/", body: .data(Data("x".utf8)))
        #expect(await failure { _ = try await client.send(post) }?.code == .notConnected)
        await client.close()
        #expect(await failure { _ = try await client.send(HTTPPeerRequest(.get, "http://127.0.0.1:\(port)/")) }?.code == .stopped)
    }

    @Test func silentServer() async throws {
        let hasty = try HTTPPeerClient(security: .off, limits: HTTPPeerClient.Limits(idle: .milliseconds(400)))
        let error = try await error(ScriptedServer.start { _ in }, nil, hasty)
        #expect(error?.code == .timedOut)
        #expect(error?.reason == "nothing for 0.4 s")
        #expect(error?.wasPerhapsSent == true)
    }

    @Test func drippingAnswer() async throws {
        let server = try await ScriptedServer.start { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for number in 1..<100 { connection.after(.milliseconds(number * 200)) { connection.send("x") } }
        }
        let patient = try HTTPPeerClient(security: .off, limits: HTTPPeerClient.Limits(idle: .seconds(10), total: .seconds(2)))
        let error = try await error(server, nil, patient)
        #expect(error?.code == .timedOut)
        #expect(error?.reason == "status 200, then no whole answer within 2 s")
    }

    @Test func closedWithoutAnswer() async throws {
        let error = try await error(ScriptedServer.start { $0.close() })
        #expect(error?.code == .noAnswer)
        #expect(error?.wasPerhapsSent == true)
    }

    /// The request was there: it must not be told as unsent.
    @Test func resetWithoutAnswer() async throws {
        for body in [HTTPPeerBody.none, .data(Data("x".utf8))] {
            let server = try await ScriptedServer.start { if Got($0.received) != nil { $0.reset() } }
            let request = HTTPPeerRequest(.post, "http://localhost:\(server.port)/", body: body)
            let error = try await error(server, request)
            #expect(error?.code == .noAnswer)
            #expect(error?.wasPerhapsSent == true)
        }
    }

    @Test func endsDuringTheHandshake() async throws {
        let certificates = try await TestCertificates.shared.value
        for ending in [ScriptedServer.Connection.close, ScriptedServer.Connection.reset] {
            let server = try await ScriptedServer.start { ending($0)() }
            let request = HTTPPeerRequest(.post, "https://localhost:\(server.port)/", body: .data(Data("x".utf8)))
            let error = try await error(server, request, client(certificates.keys("client")))
            #expect(error?.code == .notConnected)
            #expect(error?.wasPerhapsSent == false)
        }
    }

    @Test func halfAnAnswer() async throws {
        let server = try await ScriptedServer.start { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.after(.milliseconds(50)) { connection.close() }
        }
        let error = try await error(server)
        #expect(error?.code == .noAnswer)
        #expect(error?.reason == "status 200, then it ended the connection")
    }

    @Test func notHTTP() async throws {
        let error = try await error(server(answer: "220 smtp.example ESMTP\r\n"))
        #expect(error?.code == .noAnswer)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + String(repeating: "x", count: 100_000),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "3e8\r\n" + String(repeating: "x", count: 1_000) + "\r\n", count: 50),
    ]) func hugeAnswer(answer: String) async throws {
        let error = try await error(server(answer: answer))
        #expect(error?.code == .tooLarge)
        #expect(error?.reason == "status 200, then an answer of more than 10000 bytes")
        #expect(error?.wasPerhapsSent == true)
    }

    /// A server that refuses before all was sent: its answer counts.
    @Test func earlyAnswer() async throws {
        let hasAnswered = NIOLockedValueBox(false)
        let server = try await ScriptedServer.start { connection in
            let isFirst = hasAnswered.withLockedValue { answered in
                defer { answered = true }
                return !answered
            }
            guard isFirst else { return }
            connection.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        }
        let client = try client()
        let answer = try await client.send(
            HTTPPeerRequest(.post, "http://127.0.0.1:\(server.port)/", body: .data(Data(count: 30_000_000))))
        #expect(answer.status == 401)
        await client.close()
        await server.stop()
    }

    @Test func twoAnswersToOneRequest() async throws {
        let server = try await server(answer: Self.created + Self.created)
        let client = try client()
        for _ in 0..<3 {
            let answer = try await client.send(HTTPPeerRequest(.post, "http://127.0.0.1:\(server.port)/", body: .data(Data("x".utf8))))
            #expect(answer.status == 201)
            try await Task.sleep(for: .milliseconds(20))
        }
        await client.close()
        await server.stop()
    }

    @Test func badAddresses() async throws {
        let client = try client()
        for url in ["", "no address", "ftp://x/", "http:///x", "/path"] {
            #expect(await failure { _ = try await client.send(HTTPPeerRequest(.get, url)) }?.code == .badSettings, "\(url)")
        }
        await client.close()
    }

    @Test func certificates() async throws {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(security: certificates.keys("server"), answer: Self.created)
        let request = HTTPPeerRequest(.post, "https://localhost:\(server.port)/", body: .data(Data("x".utf8)))
        for (security, code) in [
            (certificates.keys("client"), nil), (certificates.keys(nil), PeerError.Code.certificate),
            (certificates.keys("stranger"), .certificate), (certificates.keys("client", trusting: "stranger-authority"), .certificate),
        ] {
            let client = try client(security)
            let error = await failure {
                let answer = try await client.send(request)
                #expect(answer.status == 201)
            }
            #expect(error?.code == code)
            await client.close()
        }
        await server.stop()
    }

    @Test func serverName() async throws {
        let certificates = try await TestCertificates.shared.value
        let box = Box()
        let server = try await server(box, security: certificates.keys("named", trusting: nil), answer: Self.created)
        let request = HTTPPeerRequest(.get, "https://localhost:\(server.port)/a")
        let plain = try client(certificates.keys(nil))
        #expect(await failure { _ = try await plain.send(request) }?.code == .certificate)
        await plain.close()
        let named = try client(certificates.keys(nil, serverName: "pacs.example"))
        let answer = try await named.send(request)
        #expect(answer.status == 201)
        #expect(box.got.withLockedValue { $0 }?.headers["host"] == "localhost:\(server.port)")
        await named.close()
        await server.stop()
    }

    @Test func cancelled() async throws {
        let server = try await ScriptedServer.start { _ in }
        let client = try HTTPPeerClient(security: .off)
        let url = "http://127.0.0.1:\(server.port)/"
        let task = Task { await failure { _ = try await client.send(HTTPPeerRequest(.get, url)) } }
        #expect(await eventually { server.connections == 1 })
        task.cancel()
        #expect(await task.value?.code == .stopped)
        await client.close()
        await server.stop()
    }
}
