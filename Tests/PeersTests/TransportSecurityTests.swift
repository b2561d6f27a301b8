import Foundation
import Logging
import Peers
import PeersTesting
import Testing

@Suite("TLS") struct TransportSecurityTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func server(_ security: TransportSecurity) async throws -> MLLPServer {
        try await MLLPServer.start(MLLPServer.Settings(security: security), logger: Self.logger) { message, _ in [message] }
    }

    private func send(_ server: MLLPServer, _ security: TransportSecurity, host: String = "127.0.0.1") async -> PeerError? {
        let client = MLLPClient(
            to: PeerEndpoint(host: host, port: server.port, security: security),
            limits: MLLPClient.Limits(connect: .seconds(2), answer: .seconds(2)))
        let error = await failure {
            let answer = try await client.send(Data("x".utf8))
            #expect(answer == Data("x".utf8))
        }
        await client.close()
        return error
    }

    @Test func bothProved() async throws {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(certificates.keys("server"))
        for host in ["127.0.0.1", "localhost"] { #expect(await send(server, certificates.keys("client"), host: host) == nil) }
        await server.stop()
    }

    @Test func clientWithoutCertificateIsRefused() async throws {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(certificates.keys("server"))
        let error = await send(server, certificates.keys(nil))
        #expect(error?.code == .certificate)
        #expect(error?.reason == "it wants a certificate of ours")
        #expect(error?.wasPerhapsSent == false)
        #expect(server.counts.messages == 0)
        #expect(await eventually { server.counts.untrusted == 1 })
        await server.stop()
    }

    @Test func strangersAreRefused() async throws {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(certificates.keys("server"))
        // A client of another authority.
        let client = await send(server, certificates.keys("stranger"))
        #expect(client?.code == .certificate)
        #expect(client?.reason == "it does not trust our certificate")
        // A server of another authority.
        let other = await send(server, certificates.keys("client", trusting: "stranger-authority"))
        #expect(other?.code == .certificate)
        #expect(other?.reason == "its certificate is not of a trusted authority, or not valid now")
        #expect(server.counts.messages == 0)
        await server.stop()
    }

    @Test func names() async throws {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(certificates.keys("named", trusting: nil))
        let error = await send(server, certificates.keys(nil))
        #expect(error?.code == .certificate)
        #expect(await send(server, certificates.keys(nil), host: "localhost")?.reason == "its certificate is for another name")
        #expect(await send(server, certificates.keys(nil, serverName: "pacs.example")) == nil)
        #expect(await send(server, certificates.keys(nil, serverName: "ris.example"))?.code == .certificate)
        await server.stop()
    }

    @Test func plainAndTLSDoNotMix() async throws {
        let certificates = try await TestCertificates.shared.value
        let secured = try await server(certificates.keys("server"))
        let client = MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: secured.port))
        #expect(await failure { _ = try await client.send(Data("MSH|plain text".utf8)) }?.code == .noAnswer)
        #expect(secured.counts.messages == 0)
        #expect(await eventually { secured.counts.untrusted == 1 })
        await secured.stop()
        let open = try await ScriptedServer.start { $0.send("220 what is this?\r\n") }
        let talkative = MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: open.port, security: certificates.keys("client")))
        #expect(await failure { _ = try await talkative.send(Data("x".utf8)) } == PeerError(.notConnected, "it does not speak TLS"))
        await open.stop()
        let silent = try await ScriptedServer.start { _ in }
        let limits = MLLPClient.Limits(connect: .milliseconds(300))
        let patient = MLLPClient(
            to: PeerEndpoint(host: "127.0.0.1", port: silent.port, security: certificates.keys("client")), limits: limits)
        let error = await failure { _ = try await patient.send(Data("x".utf8)) }
        #expect(error?.code == .notConnected)
        #expect(error?.reason == "no TLS within 0.3 s")
        await silent.stop()
    }

    /// `openssl s_client` is the other end: a version below 1.2 is refused, 1.2 and 1.3 are taken.
    @Test(arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)]) func versions(version: String, isTaken: Bool) async throws
    {
        let certificates = try await TestCertificates.shared.value
        let server = try await server(certificates.keys("server", trusting: nil))
        let port = server.port
        let output = try? await run("openssl", ["s_client", version, "-cipher", "DEFAULT@SECLEVEL=0", "-connect", "127.0.0.1:\(port)"])
        #expect((output != nil) == isTaken)
        await server.stop()
    }

    @Test func expiredServer() async throws {
        let certificates = try await TestCertificates.shared.value
        let error = await failure { _ = try await server(certificates.keys("expired")) }
        #expect(error?.code == .badSettings)
        #expect(error?.reason.contains("expired.pem was valid until") == true)
    }

    @Test func filesAtFault() async throws {
        let certificates = try await TestCertificates.shared.value
        let text = certificates.file("text.pem")
        try Data("no certificate".utf8).write(to: text)
        let (pem, key) = (certificates.file("client.pem"), certificates.file("client.key"))
        let cases: [(TransportKeys, String)] = [
            (
                TransportKeys(trustedAuthorities: certificates.file("absent.pem")),
                "the trusted authorities file \(certificates.file("absent.pem").path) cannot be read"
            ),
            (TransportKeys(trustedAuthorities: text), "the trusted authorities file \(text.path) holds no certificate in PEM"),
            (TransportKeys(certificate: text, key: key), "the certificate file \(text.path) holds no certificate in PEM"),
            (TransportKeys(certificate: pem, key: text), "the key \(text.path) is no key in PEM without a password"),
            (TransportKeys(certificate: pem), "the key of the certificate \(pem.path) is not named"),
            (TransportKeys(key: key), "the certificate of the key \(key.path) is not named"),
            (
                TransportKeys(certificate: pem, key: certificates.file("server.key")),
                "the key \(certificates.file("server.key").path) does not belong to the certificate \(pem.path)"
            ),
        ]
        for (keys, reason) in cases {
            let error = #expect(throws: PeerError.self) { try TransportSecurity.on(keys).check() }
            #expect(error?.code == .badSettings)
            #expect(error?.reason == reason)
        }
        #expect(throws: PeerError(.badSettings, "")) { try TransportSecurity.on(TransportKeys()).check(asServer: true) }
        try TransportSecurity.on(TransportKeys()).check()
        try TransportSecurity.off.check(asServer: true)
    }
}
