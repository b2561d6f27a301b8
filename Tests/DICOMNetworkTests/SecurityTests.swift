import DICOMNetwork
import Foundation
import PleuraTesting
import Testing

extension DICOMNetworkTests {
    @Suite(.serialized, .enabled(if: Certificates.canBeMade)) struct Security {
        /// Made once.
        private static let made = Result { try Certificates() }
        private let certificates: Certificates
        init() throws { certificates = try Self.made.get() }

        private func security(
            _ name: String?, authorities: String = "ours", requiresCertificate: Bool = true, hostName: String? = nil
        ) -> TransportSecurity {
            certificates.security(name, authorities: authorities, requiresCertificate: requiresCertificate, hostName: hostName)
        }

        private func code(_ node: TestNode, _ security: TransportSecurity?, port: UInt16? = nil) -> DICOMNetworkError.Code? {
            var client = node.client
            client.security = security
            client.patience = 3
            if let port { client.port = port }
            do { try client.echo() } catch { return (error as? DICOMNetworkError)?.code }
            return nil
        }

        @Test func bothSidesShowCertificates() throws {
            let node = try TestNode {
                $0.listeners = [.init(port: 0, security: security("node"))]; $0.openingPatience = 2
            }
            #expect(code(node, security("client")) == nil)
            #expect(code(node, security("client", hostName: "127.0.0.1")) == nil)
            #expect(code(node, security("client", hostName: "localhost")) == nil)
            #expect(code(node, security("client", hostName: "other.example")) == .security)
            #expect(code(node, security("client", authorities: "strange")) == .security)
            #expect(code(node, security(nil)) == .security)
            #expect(code(node, security("stranger")) == .security)
            #expect(code(node, nil) == .lost)
            #expect(eventually { node.node.counts.openConnections == 0 })
            #expect(node.node.counts.accepted == 3 && node.node.counts.failedHandshakes >= 4)
            var client = node.client
            client.security = security("client")
            let file = SampleObject.file(instance: "1.2.3.4", size: 600)
            #expect(try client.store([.bytes(file)]).areAllStored)
            #expect(try node.inbox.dataset("1.2.3.4") == SampleObject.dataset(of: file))
            #expect(node.inbox.notes.received.first?.isSecured == true)
        }

        @Test func dcmtkAsPeerAndOldVersionsRefused() throws {
            let node = try TestNode {
                $0.listeners = [.init(port: 0, security: security("node"))]; $0.openingPatience = 2
            }
            let path = certificates.path
            func echo(_ arguments: [String]) throws -> Int32 {
                try PeerProgram.run("echoscu", arguments + ["+cf", path("ours.pem"), "-aec", "PLEURA", "127.0.0.1", "\(node.port)"]).status
            }
            #expect(try echo(["+tls", path("client.key"), path("client.pem")]) == 0)
            #expect(try echo(["+tla"]) != 0)
            #expect(try echo(["+tls", path("stranger.key"), path("stranger.pem")]) != 0)
            for (version, isTaken) in [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
                let line =
                    "echo | openssl s_client -connect 127.0.0.1:\(node.port) \(version) -cipher ALL:@SECLEVEL=0 -CAfile '\(path("ours.pem"))' -cert '\(path("client.pem"))' "
                    + "-key '\(path("client.key"))' 2>&1"
                #expect(try Shell.run(line).output.contains("Cipher is (NONE)") != isTaken, "\(version)")
            }
            // And the other way round.
            let folder = try TemporaryFolder(), port = PeerProgram.freePort()
            let store = try PeerProgram(
                "storescp", ["+tls", path("node.key"), path("node.pem"), "+cf", path("ours.pem"), "-od", folder.url.path, "\(port)"],
                port: port,
                directory: folder.url)
            var client = DICOMClient(
                callingTitle: "PLEURA", calledTitle: "ANY-SCP", host: "127.0.0.1", port: port, security: security("client"), patience: 5)
            #expect(try client.store([.bytes(SampleObject.file(instance: "1.2.3.4"))]).areAllStored)
            client.security = security("stranger")
            let error = #expect(throws: DICOMNetworkError.self) { try client.echo() }
            #expect(error?.code == .security)
            withExtendedLifetime(store) {}
        }

        @Test func plainAndSecuredListenersOfOneNode() throws {
            let node = try TestNode {
                $0.listeners = [.init(port: 0), .init(port: 0, security: security("node", requiresCertificate: false))]
                $0.acceptsAnyPeer = false
                $0.peers = [.init(title: "SENDER", requiresSecurity: true)]
            }
            #expect(code(node, nil, port: node.node.ports[0]) == .rejected)
            #expect(code(node, security("client"), port: node.node.ports[1]) == nil)
            #expect(code(node, security(nil), port: node.node.ports[1]) == nil)
            #expect(code(node, security("client"), port: node.node.ports[0]) != nil)
            #expect(node.node.counts.rejected[.unsecured] == 1)
        }

        @Test func silentPeersBeforeTheHandshakeKeepNobodyOut() throws {
            let node = try TestNode {
                $0.listeners = [.init(port: 0, security: security("node"))]; $0.openingLimit = 3; $0.openingPatience = 1
            }
            let silent = (0..<6).compactMap { _ in RawPeer(port: node.port) }
            #expect(code(node, security("client")) == nil)
            #expect(eventually { node.node.counts.openConnections == 0 })
            withExtendedLifetime(silent) {}
        }
    }
}
