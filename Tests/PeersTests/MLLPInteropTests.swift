import Foundation
import Logging
import Peers
import PeersTesting
import Testing

/// The other end is python-hl7's (`Tests/Interop/clinic_mllp.py` starts it).
@Suite("MLLP with python-hl7", .enabled(if: ProcessInfo.processInfo.environment["PLEURA_MLLP_PORT"] != nil)) struct MLLPInteropTests {
    private let folder = URL(filePath: ProcessInfo.processInfo.environment["PLEURA_MLLP_FOLDER"] ?? "/nowhere")
    private let port = ProcessInfo.processInfo.environment["PLEURA_MLLP_PORT"].flatMap { Int($0) } ?? 0
    private let count = 200

    @Test func client() async throws {
        let client = MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: port))
        for number in 0..<count {
            let text =
                "MSH|^~\\&|PLEURA|RAD|RIS|H|20260301070809||ORU^R01|ID\(number)|P|2.5.1\rOBX|1|TX|A||\(String(repeating: "ä", count: number))\r"
            let answer = try await client.send(Data(text.utf8)) { answer in
                String(decoding: answer, as: UTF8.self).contains("MSA|AA|ID\(number)\r") ? .last : .ignore
            }
            #expect(answer.count == 1)
        }
        #expect(await client.connections == 1)
        await client.close()
    }

    @Test func server() async throws {
        let server = try await MLLPServer.start(MLLPServer.Settings(), logger: Logger(label: "test")) { message, _ in
            let fields = String(decoding: message, as: UTF8.self).prefix { $0 != "\r" }.split(
                separator: "|", omittingEmptySubsequences: false)
            return [Data("MSH|^~\\&|PLEURA||||20260301070809||ACK|A\(fields[9])|P|2.5.1\rMSA|AA|\(fields[9])\r".utf8)]
        }
        try Data("\(server.port)".utf8).write(to: folder.appending(path: "port.txt"), options: .atomic)
        #expect(await eventually(within: .seconds(60)) { server.counts.answers == count && server.counts.open == 0 })
        #expect(server.counts.garbageBytes == 0)
        await server.stop()
    }
}
