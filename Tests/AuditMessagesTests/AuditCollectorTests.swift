import AuditMessages
import Foundation
import Peers
import Testing

/// Every event to a collector of other people's (`Tests/Interop/clinic_audit.py` starts one and reads what it wrote).
@Suite("Audit collector", .enabled(if: ProcessInfo.processInfo.environment["PLEURA_AUDIT_PORT"] != nil)) struct AuditCollectorTests {
    private let folder = URL(filePath: ProcessInfo.processInfo.environment["PLEURA_AUDIT_FOLDER"] ?? "/nowhere")
    private let port = ProcessInfo.processInfo.environment["PLEURA_AUDIT_PORT"].flatMap { Int($0) } ?? 0

    private func client(_ name: String?) -> SyslogClient {
        let keys = TransportKeys(
            trustedAuthorities: folder.appending(path: "authority.pem"), certificate: name.map { folder.appending(path: "\($0).pem") },
            key: name.map { folder.appending(path: "\($0).key") })
        return SyslogClient(to: PeerEndpoint(host: "localhost", port: port, security: .on(keys)), limit: .seconds(5))
    }

    @Test func everyEvent() async throws {
        var messages = [false, true].flatMap { SampleEvents.all(namesPatients: $0).map(\.message) }
        // A study of many instances: a message of 60 kB.
        var large = SampleEvents.study
        large.instances = [
            AuditObjectDescription.Instances(
                classUID: "1.2", count: 1_000, uids: (0..<1_000).map { "1.2.826.0.1.3680043.8.498.\(1_000_000_000 + $0)" })
        ]
        messages.append(SampleEvents.context(namesPatients: false).studyDeleted([large], at: SampleEvents.time))
        let client = client("client")
        for message in messages {
            try await client.send(SyslogMessage(message, hostName: "ai.example", application: "pleura-serve", process: "4711").bytes)
        }
        #expect(await client.counts.connections == 1)
        await client.close()
        let lines = messages.map { String(decoding: $0.xml, as: UTF8.self) }.joined(separator: "\n")
        try Data(lines.utf8).write(to: folder.appending(path: "sent.txt"))
    }

    @Test func unknownSenders() async throws {
        for name in ["stranger", nil] {
            let client = client(name)
            // With TLS 1.3 the collector's refusal comes after the first message was given to the connection.
            try? await client.send(Data("<85>1 - refused - - - - one".utf8), within: .seconds(2))
            try await Task.sleep(for: .milliseconds(300))
            try? await client.send(Data("<85>1 - refused - - - - two".utf8), within: .seconds(2))
            await client.close(grace: .milliseconds(100))
        }
    }
}
