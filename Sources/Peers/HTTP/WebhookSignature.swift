import Basics
import CSodium
import Foundation

/// Proves that a message came from us and when: HMAC-SHA256 (RFC 2104) over the time, a full stop and the body.
///
/// `Pleura-Signature: t=1772348889,v1=5257a8…`: the time in seconds since 1970, the digest in lower-case hexadecimal.
public enum WebhookSignature {
    /// The field of the head.
    public static let header = "Pleura-Signature"

    /// The field's value.
    public static func value(for body: Data, secret: Data, at time: Date) -> String {
        let seconds = Int64(time.timeIntervalSince1970)
        return "t=\(seconds),v1=\(Digest.hexadecimal(code(for: body, secret, seconds)))"
    }

    /// Whether a value is of this body and secret, and its time not further from now than the tolerance. Takes equally long for every digest.
    public static func isValid(_ value: String, for body: Data, secret: Data, at now: Date, tolerance: Duration = .seconds(300)) -> Bool {
        var seconds: Int64?
        var digests: [[UInt8]] = []
        for part in value.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return false }
            if pair[0] == "t" { seconds = Int64(pair[1]) }
            // Several, where the secret is being changed.
            if pair[0] == "v1" { digests.append(Array(pair[1].utf8)) }
        }
        guard let seconds, abs(now.timeIntervalSince1970 - Double(seconds)) <= Double(tolerance.components.seconds) else { return false }
        let expected = Array(Digest.hexadecimal(code(for: body, secret, seconds)).utf8)
        return digests.contains { $0.count == expected.count && sodium_memcmp($0, expected, expected.count) == 0 }
    }

    private static func code(for body: Data, _ secret: Data, _ seconds: Int64) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        let key = Array(secret)
        crypto_auth_hmacsha256_init(&state, key, key.count)
        let time = Array("\(seconds).".utf8)
        crypto_auth_hmacsha256_update(&state, time, UInt64(time.count))
        body.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
            let bytes = raw.assumingMemoryBound(to: UInt8.self)
            if let start = bytes.baseAddress { crypto_auth_hmacsha256_update(&state, start, UInt64(bytes.count)) }
        }
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256_final(&state, &code)
        return code
    }
}
