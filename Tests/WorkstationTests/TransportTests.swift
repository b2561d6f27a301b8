import Foundation
import PleuraTesting
import Testing

/// Which TLS the server speaks, as OpenSSL's client finds it.
@Suite(.timeLimit(.minutes(5))) struct TransportTests {
    @Test func oldVersionsAndWeakCiphersAreRefused() throws {
        let room = try Room(["--tls-self-signed"], logsIn: false)
        func shake(_ options: String) throws -> Shell.Result {
            try Shell.run("echo | timeout 20 openssl s_client -connect 127.0.0.1:\(room.server.port) \(options) 2>&1")
        }
        for version in ["1.2", "1.3"] {
            let result = try shake("-tls\(version.replacingOccurrences(of: ".", with: "_"))")
            #expect(result.status == 0 && result.output.contains("TLSv\(version)"), "\(version): \(result.output.suffix(400))")
            #expect(result.output.contains("Compression: NONE"))
        }
        // Level 0 lets the client offer what the server has to refuse.
        for version in ["-tls1", "-tls1_1"] {
            let result = try shake("\(version) -cipher ALL:@SECLEVEL=0")
            #expect(result.output.contains("alert protocol version"), "\(version): \(result.output.suffix(400))")
        }
        for ciphers in ["aNULL", "eNULL", "3DES", "RC4", "MD5", "kRSA+AES128", "PSK"] {
            let result = try shake("-tls1_2 -cipher '\(ciphers):@SECLEVEL=0'")
            // What this OpenSSL does not have itself it cannot offer.
            let isUnknown = result.output.contains("no cipher match") || result.output.contains("no ciphers available")
            #expect(
                isUnknown || result.output.contains("alert handshake failure") || result.output.contains("Cipher is (NONE)"),
                "\(ciphers): \(result.output.suffix(300))")
        }
    }
}
