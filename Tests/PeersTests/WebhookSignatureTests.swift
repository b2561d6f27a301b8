import Foundation
import Peers
import Testing

@Suite("Webhook signature") struct WebhookSignatureTests {
    private let secret = Data("it is a secret".utf8)
    private let body = Data("{\"study\":\"1.2.3\"}".utf8)
    private let time = Date(timeIntervalSince1970: 1_772_348_889.7)

    /// By the `openssl` command.
    @Test func asOpenSSL() async throws {
        let input = Data("1772348889.".utf8) + body
        let output = try await run("openssl", ["dgst", "-sha256", "-hmac", "it is a secret", "-r"], input: input)
        let digest = try #require(String(decoding: output, as: UTF8.self).split(separator: " ").first)
        #expect(WebhookSignature.value(for: body, secret: secret, at: time) == "t=1772348889,v1=\(digest)")
    }

    @Test func whatIsValid() {
        let value = WebhookSignature.value(for: body, secret: secret, at: time)
        func isValid(_ value: String, _ body: Data? = nil, _ secret: Data? = nil, after seconds: Double = 0) -> Bool {
            WebhookSignature.isValid(value, for: body ?? self.body, secret: secret ?? self.secret, at: time + seconds)
        }
        #expect(isValid(value))
        #expect(isValid(value, after: 290))
        #expect(!isValid(value, after: 310))
        #expect(!isValid(value, after: -310))
        #expect(!isValid(value, Data("{}".utf8)))
        #expect(!isValid(value, Data()))
        #expect(!isValid(value, nil, Data("another".utf8)))
        #expect(!isValid(value.replacingOccurrences(of: "t=1772348889", with: "t=1772348890")))
        #expect(!isValid(String(value.dropLast())))
        #expect(isValid(value + ",v1=00"))
        for wrong in ["", "t=1772348889", "v1=", "t=x,v1=00", "t=1772348889,v1", ","] { #expect(!isValid(wrong)) }
        let empty = WebhookSignature.value(for: Data(), secret: Data(), at: time)
        #expect(isValid(empty, Data(), Data()))
    }
}
